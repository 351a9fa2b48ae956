package story

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is a run of letters and digits, or one character of a script that
// writes no spaces.
type word struct {
	hash   uint64
	alone  bool // one such character
	number bool // holds a digit, or is a Chinese numeral of an ordinal
	name   bool // begins with a capital that no sentence gave it
	aside  bool // in a short line: a heading, a signature, a time, a credit
}

// shortLine is in bytes: some sixty Latin letters, thirty Arabic ones, twenty
// Chinese characters.
const shortLine = 60

// read calls each for the words of text in order. What printings of one text
// differ in does not count: case, accents and Vietnamese tone marks (hoà, hòa),
// Arabic vowel signs and forms of alef, the script of digits, characters that
// cannot be seen, entities left over. Punctuation and line breaks only part words.
func read(text string, each func(word)) {
	text = html.UnescapeString(text)
	for line := range strings.Lines(text[dateline(text):]) {
		(&reader{each: each, start: true, aside: len(line) < shortLine}).line(norm.NFKD.String(line))
	}
}

// reader is at work on one line.
type reader struct {
	each  func(word)
	aside bool
	start bool // nothing of the sentence was read yet
	count int  // letters and digits of the word so far
	word  word
	// ordinal: the last character was 第, or a numeral after it.
	ordinal bool
}

func (r *reader) line(text string) {
	for i, c := range text {
		switch {
		case unicode.IsLetter(c):
			if c == 'ـ' { // stretches Arabic words
				continue
			}
			r.letter(c)
		case unicode.IsDigit(c):
			r.add(digit(c))
			r.word.number = true
		case c >= 0x80 && unicode.In(c, unicode.Mn, unicode.Cf):
		case (c == '.' || c == ',') && r.word.number && digitFollows(text[i+1:]): // 5.200 is 5,200
		default:
			r.end()
			r.ordinal = false
			r.start = r.start || strings.ContainsRune(`.!?…:"“«`, c)
		}
	}
	r.end()
}

func (r *reader) letter(c rune) {
	if c < 0x2E80 || !unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana) {
		if r.count == 0 && unicode.IsUpper(c) {
			r.word.name = !r.start
		}
		r.add(fold(c))
		return
	}
	r.end()
	r.add(c)
	r.word.alone = true
	r.word.number = r.ordinal && strings.ContainsRune("〇零一二三四五六七八九十百千", c)
	r.ordinal = c == '第' || r.word.number
	r.end()
}

func (r *reader) add(c rune) {
	if r.count == 0 {
		r.word.hash = offset64
	}
	r.count++
	r.word.hash = (r.word.hash ^ uint64(uint32(c))) * prime64
}

func (r *reader) end() {
	if r.count == 0 {
		return
	}
	r.word.aside = r.aside
	r.each(r.word)
	r.word, r.count, r.start = word{}, 0, false
}

// FNV-1a; see RFC 9923.
const (
	offset64 = 14695981039346656037
	prime64  = 1099511628211
)

func fold(c rune) rune {
	switch c = unicode.ToLower(c); c {
	case 'đ':
		return 'd'
	case 'ى', 'ی':
		return 'ي'
	case 'ة':
		return 'ه'
	case 'ک':
		return 'ك'
	}
	return c
}

// digit is the ASCII digit c stands for: each script has its ten in a row.
func digit(c rune) rune {
	zero := c
	for n := 0; n < 9 && unicode.IsDigit(zero-1); n++ {
		zero--
	}
	return '0' + c - zero
}

func digitFollows(text string) bool {
	c, _ := utf8.DecodeRuneInString(text)
	return unicode.IsDigit(c)
}
