package parse

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// clean is text as records hold it: NFC, one space where the page has any run
// of white space, no control characters, zero-width or soft-hyphen noise.
// Joiners and direction marks inside Arabic words are letters' business and
// stay; where there is nothing else, there is no text.
func clean(text string) string {
	if text = strings.TrimSpace(text); tidy(text) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	space, visible, stable := false, false, true
	for _, c := range text {
		switch {
		case unicode.IsSpace(c):
			space = b.Len() > 0
		case noise(c):
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(c)
			visible = visible || !unicode.Is(unicode.Cf, c)
			stable = stable && composed(c)
		}
	}
	if !visible {
		return ""
	}
	if stable {
		return b.String()
	}
	return norm.NFC.String(b.String())
}

// composed holds for characters that are NFC beside any other such: Latin letters,
// Chinese ones, and the punctuation of both. Looking them up one by one is dear.
func composed(c rune) bool {
	return c < '\u0300' || c >= '\u2010' && c <= '\u2027' || c >= '\u3001' && c <= '\u3029' || c >= '\u4e00' && c <= '\u9fff' || c >= '\uff01' && c <= '\uff5e'
}

// tidy holds for plain ASCII that is clean as it is, as most text is.
func tidy(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == ' ' && text[i-1] == ' ' {
			return false
		}
	}
	return true
}

func noise(c rune) bool {
	switch c {
	case '\u00ad', '\u200b', '\u2060', '\ufeff', '\ufffc':
		return true
	}
	return unicode.IsControl(c)
}

// unbracket takes one pair of brackets off: "(TTXVN)" is the agency TTXVN.
func unbracket(text string) string {
	for _, pair := range []string{"()", "[]", "（）"} {
		open, end := []rune(pair)[0], []rune(pair)[1]
		if inner, ok := strings.CutPrefix(text, string(open)); ok {
			if inner, ok = strings.CutSuffix(inner, string(end)); ok && !strings.ContainsRune(inner, open) {
				return strings.TrimSpace(inner)
			}
		}
	}
	return text
}

// words counts words for limits on length; three Chinese characters count as two.
func words(text string) int {
	han, fields, space := 0, 0, true
	for _, c := range text {
		if unicode.IsSpace(c) {
			space = true
			continue
		}
		if space {
			fields++
			space = false
		}
		if c >= '\u2e80' && unicode.Is(unicode.Han, c) { // no letter before it is
			han++
		}
	}
	return fields + han*2/3
}
