package topic

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is one token: a run of letters and digits, or a single Han character.
type word struct {
	start, end int    // bytes in the NFC text
	key        string // folded; what terms are compared with
	upper      bool   // begins with a capital
	joined     bool   // nothing but a space between it and the word before
	sentence   bool   // the first of a sentence
}

// split returns the NFC form of text and its words. A sentence ends at a line
// break, at a CJK or Arabic full stop, and at .!? before a space, unless an
// initial ("U.S. Navy") stands before the dot.
func split(text string) (string, []word) {
	text = norm.NFC.String(strings.ToValidUTF8(text, " "))
	words := make([]word, 0, len(text)/5)
	sentence, gap, last := true, 0, rune(0)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !inWord(r) {
			next, _ := utf8.DecodeRuneInString(text[i+size:])
			sentence = sentence || endsSentence(r, next, words, i)
			gap, last, i = gap+1, r, i+size
			continue
		}
		end := i + size
		for end < len(text) && !unicode.Is(unicode.Han, r) {
			next, n := utf8.DecodeRuneInString(text[end:])
			if !inWord(next) || unicode.Is(unicode.Han, next) {
				break
			}
			end += n
		}
		words = append(words, word{
			start: i, end: end, key: fold(text[i:end]), sentence: sentence,
			upper:  unicode.IsUpper(r) || unicode.IsTitle(r),
			joined: !sentence && (gap == 0 || gap == 1 && last == ' '),
		})
		sentence, gap, i = false, 0, end
	}
	return text, words
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '+' || r == 'ـ'
}

func endsSentence(r, next rune, before []word, at int) bool {
	switch r {
	case '\n', '。', '！', '？', '；', '؟', '؛':
		return true
	case '.', '!', '?', '…':
		initial := len(before) > 0 && before[len(before)-1].end == at && at-before[len(before)-1].start == 1
		return unicode.IsSpace(next) && !initial
	}
	return false
}

// fold removes the differences of spelling that carry no meaning here: case,
// the place of the Vietnamese tone mark in oa, oe, uy, Arabic vowel signs and
// stretching, and the forms of alef, ya and ta marbuta.
func fold(s string) string {
	s = strings.ToLower(s)
	if strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0 {
		return s
	}
	return spellings.Replace(strings.Map(arabic, s))
}

func arabic(r rune) rune {
	switch {
	case r >= 0x064B && r <= 0x065F, r == 0x0670, r == 'ـ':
		return -1
	}
	switch r {
	case 'أ', 'إ', 'آ', 'ٱ':
		return 'ا'
	case 'ى', 'ی':
		return 'ي'
	case 'ة':
		return 'ه'
	case 'ک':
		return 'ك'
	case 'ё':
		return 'е'
	}
	return r
}

// spellings moves the tone mark to the first vowel wherever two are in use, in
// texts and terms alike; "hoàn", which has one spelling, changes consistently.
var spellings = strings.NewReplacer(
	"oà", "òa", "oá", "óa", "oả", "ỏa", "oã", "õa", "oạ", "ọa",
	"oè", "òe", "oé", "óe", "oẻ", "ỏe", "oẽ", "õe", "oẹ", "ọe",
	"uỳ", "ùy", "uý", "úy", "uỷ", "ủy", "uỹ", "ũy", "uỵ", "ụy",
)

// clitics are the Arabic particles written onto the next word, longest first.
var clitics = []string{"وبال", "ولل", "وال", "فال", "بال", "كال", "لل", "ال", "و", "ب", "ل", "ف"}

// bare calls f with key and, in Arabic, with what is left when a particle that
// may be there is taken off.
func bare(key string, f func(string)) {
	f(key)
	if r, _ := utf8.DecodeRuneInString(key); !unicode.Is(unicode.Arabic, r) {
		return
	}
	for _, c := range clitics {
		if rest, ok := strings.CutPrefix(key, c); ok && utf8.RuneCountInString(rest) >= 3 {
			f(rest)
		}
	}
}
