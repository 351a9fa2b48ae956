package topic

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is one token: a run of letters and digits, or a single Han character.
type word struct {
	start, end int  // bytes of page.text
	from, to   int  // in page.runes; at to stands the space that ends it
	upper      bool // begins with a capital
	joined     bool // nothing but a space, or nothing, between it and the word before
	sentence   bool // the first of a sentence
}

// page is a text made ready for comparing: its words, folded, each with a space after it.
type page struct {
	text  string // NFC
	runes []rune
	words []word
}

// key is the word as it is compared.
func (p *page) key(i int) string { return string(p.runes[p.words[i].from:p.words[i].to]) }

// capitals reports whether most words have one, as in many an English title.
func (p *page) capitals() bool {
	n := 0
	for _, w := range p.words {
		if w.upper {
			n++
		}
	}
	return 5*n > 3*len(p.words)
}

// quote is what the text says from one word to before another.
func (p *page) quote(first, last int) string { return p.text[p.words[first].start:p.words[last-1].end] }

// split cuts text into words. A sentence ends at a line break, at a CJK or Arabic
// full stop, and at .!? before a space or a capital glued to it, unless an initial
// ("U.S. Navy") stands before the dot. Words glued together by an old import
// ("ofDefence") come apart where a capital follows a small letter or a digit.
func split(text string) *page {
	text = norm.NFC.String(strings.ToValidUTF8(text, " "))
	p := &page{text: text, runes: make([]rune, 0, len(text)), words: make([]word, 0, len(text)/5+1)}
	sentence, gap, last := true, 0, rune(0)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !inWord(r) {
			next, _ := utf8.DecodeRuneInString(text[i+size:])
			sentence = sentence || p.endsSentence(r, next, i)
			gap, last, i = gap+1, r, i+size
			continue
		}
		end := i + size
		for before := r; end < len(text) && !unicode.Is(unicode.Han, r); {
			next, n := utf8.DecodeRuneInString(text[end:])
			if !inWord(next) || unicode.Is(unicode.Han, next) || unicode.IsUpper(next) && (unicode.IsLower(before) || unicode.IsDigit(before)) {
				break
			}
			before, end = next, end+n
		}
		w := word{
			start: i, end: end, sentence: sentence, upper: unicode.IsUpper(r) || unicode.IsTitle(r),
			joined: !sentence && (gap == 0 || gap == 1 && last == ' '),
		}
		if p.add(w) {
			sentence, gap = false, 0
		}
		i = end
	}
	return p
}

// add folds the word in and takes it in, unless nothing is left of it.
func (p *page) add(w word) bool {
	w.from = len(p.runes)
	for _, r := range p.text[w.start:w.end] {
		p.fold(r, w.from)
	}
	if len(p.runes) == w.from {
		return false
	}
	if particle, article := arabicArticle(p.runes[w.from:]); article > 0 {
		rest := p.runes[w.from+article:]
		if particle == 0 {
			p.runes = append(p.runes[:w.from], rest...)
		} else { // a word of its own: "and" the, "by" the, …
			before := w
			before.end, before.to = w.start+utf8.RuneLen(particle), w.from+1
			w.start, w.upper, w.joined, w.sentence = before.end, false, true, false
			p.runes = append(p.runes[:w.from], append([]rune{particle, ' '}, rest...)...)
			w.from += 2
			p.words = append(p.words, before)
		}
	}
	w.to = len(p.runes)
	p.runes = append(p.runes, ' ')
	p.words = append(p.words, w)
	return true
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '+' || r == 'ـ' || hidden(r)
}

// hidden are the characters that show nothing and part no words: soft hyphen,
// zero-width joiners, marks of direction, byte order mark.
func hidden(r rune) bool {
	return r == 0xAD || r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E || r == 0x2060 || r == 0xFEFF
}

func (p *page) endsSentence(r, next rune, at int) bool {
	switch r {
	case '\n', '。', '！', '？', '；', '؟', '؛':
		return true
	case '.', '!', '?', '…':
		if len(p.words) == 0 {
			return false
		}
		before := p.words[len(p.words)-1]
		if before.end == at && before.to-before.from == 1 { // an initial
			return false
		}
		last, _ := utf8.DecodeLastRuneInString(p.text[:at])
		return unicode.IsSpace(next) || unicode.IsUpper(next) && unicode.IsLower(last)
	}
	return false
}

// fold adds r to the word that began at from, without the differences of spelling
// that carry no meaning here: case, the place of the Vietnamese tone mark in oa,
// oe, uy and its y for i, Arabic vowel signs and stretching, the forms of alef, ya
// and ta marbuta, ё, traditional Chinese characters.
func (p *page) fold(r rune, from int) {
	if r < 0x80 {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		p.runes = append(p.runes, r)
		return
	}
	if hidden(r) || r >= 0x064B && r <= 0x065F || r == 0x0670 || r == 'ـ' {
		return
	}
	r = unicode.ToLower(r)
	switch {
	case r >= 0x0600 && r < 0x0700, r == 'ё', r == '’':
		if to, ok := plain[r]; ok {
			r = to
		}
	case r >= 0x4E00 && r < 0xA000:
		if to, ok := simplified[r]; ok {
			r = to
		}
		p.runes = append(p.runes, r)
		return
	}
	if n := len(p.runes); n > from && (p.runes[n-1] == 'o' || p.runes[n-1] == 'u') {
		if to, ok := toneMoves[[2]rune{p.runes[n-1], r}]; ok {
			p.runes[n-1], r = to[0], to[1]
		}
	}
	if r == 'ý' || r >= 'ỳ' && r <= 'ỹ' {
		if to, ok := shortI[r]; ok {
			r = to
		}
	}
	p.runes = append(p.runes, r)
}

var plain = map[rune]rune{
	'أ': 'ا', 'إ': 'ا', 'آ': 'ا', 'ٱ': 'ا', 'ى': 'ي', 'ی': 'ي', 'ئ': 'ي', 'ؤ': 'و', 'ة': 'ه', 'ہ': 'ه', 'ک': 'ك', 'گ': 'ك', 'ڤ': 'ف', 'پ': 'ب', 'چ': 'ج',
	'ё': 'е', '’': '\'',
}

// toneMoves puts the tone mark on the first vowel wherever two places are in use,
// in texts and terms alike; "hoàn", which has one spelling, changes consistently.
var toneMoves = func() map[[2]rune][2]rune {
	moves := map[[2]rune][2]rune{}
	for _, m := range []struct{ first, second, marked string }{
		{"o", "àáảãạ", "òóỏõọ"}, {"o", "èéẻẽẹ", "òóỏõọ"}, {"u", "ỳýỷỹỵ", "ùúủũụ"},
	} {
		plain := map[string]rune{"à": 'a', "è": 'e', "ỳ": 'y'}[string([]rune(m.second)[0])]
		for i, r := range []rune(m.second) {
			moves[[2]rune{[]rune(m.first)[0], r}] = [2]rune{[]rune(m.marked)[i], plain}
		}
	}
	return moves
}()

// shortI writes kỹ, lý, mỹ, … with i, as many do.
var shortI = map[rune]rune{'ỳ': 'ì', 'ý': 'í', 'ỷ': 'ỉ', 'ỹ': 'ĩ', 'ỵ': 'ị'}

// arabicArticle says how many runes of the word are its article with the particle
// written onto it, and which particle that is, if any; 0 when there is no article.
func arabicArticle(w []rune) (particle rune, n int) {
	if len(w) < 5 || w[0] < 0x0600 || w[0] > 0x06FF {
		return 0, 0
	}
	switch {
	case w[0] == 'ا' && w[1] == 'ل':
		return 0, 2
	case w[0] == 'ل' && w[1] == 'ل':
		return 'ل', 2
	case len(w) >= 6 && isParticle(w[0]) && w[1] == 'ا' && w[2] == 'ل':
		return w[0], 3
	}
	return 0, 0
}

// isParticle reports whether r is an Arabic particle that is written onto the next word.
func isParticle(r rune) bool { return r == 'و' || r == 'ب' || r == 'ل' || r == 'ف' || r == 'ك' }
