package parse

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// declared is the language the page declares: that of its root element, else
// that of its Open Graph locale. A root may also have it as a class of the template.
func (r *reader) declared() string {
	for _, said := range []string{r.surveyed().lang, r.meta("og:locale", "content-language", "language")} {
		lang, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(said), "_", "-"), "-")
		if languageCode.MatchString(lang) {
			return lang
		}
	}
	return "und"
}

var languageCode = regexp.MustCompile(`^[a-z]{2,3}$`)

// language is the language of a page nobody declared: what it says itself, unless
// its text is plainly in another. Templates are copied with their language.
func (r *reader) language() string {
	said := r.declared()
	text := r.content.Title + " " + r.content.BodyText
	if seen := tongue(text[:min(len(text), 4000)], said); seen != "" {
		return seen
	}
	if said == "nb" || said == "nn" {
		return "no" // as most pages in either have it
	}
	return said
}

// tongue is the language a text is plainly written in, by its script or by its
// function words; "" when that is not plain, or may be the language said.
func tongue(text, said string) string {
	scripts := map[string]int{}
	letters := 0
	for _, c := range text {
		if !unicode.IsLetter(c) {
			continue
		}
		letters++
		if c < unicode.MaxLatin1 {
			continue // Latin
		}
		for _, s := range writing {
			if unicode.Is(s.table, c) {
				scripts[s.lang]++
				break
			}
		}
	}
	switch {
	case letters < 20:
		return ""
	case scripts["ja"]*10 > letters: // kana among Chinese characters
		return "ja"
	case (scripts["zh"]+scripts["ko"])*2 > letters && scripts["ko"] > scripts["zh"]/2:
		return "ko"
	case scripts["zh"]*2 > letters:
		return "zh"
	}
	for _, s := range writing {
		if s.lang != "en" && scripts[s.lang]*2 > letters {
			if slices.Contains(s.others, said) {
				return said
			}
			return s.lang
		}
	}
	return spoken(text, said)
}

// writing are the scripts we know, the language each is taken for, and others
// written in it, which a page may say it is in.
var writing = []struct {
	lang   string
	table  *unicode.RangeTable
	others []string
}{
	{"en", unicode.Latin, nil},
	{"zh", unicode.Han, nil},
	{"ja", unicode.Hiragana, nil},
	{"ja", unicode.Katakana, nil},
	{"ko", unicode.Hangul, nil},
	{"ru", unicode.Cyrillic, strings.Fields("uk be bg sr mk kk ky tg mn tt uz bs")},
	{"ar", unicode.Arabic, strings.Fields("fa ur ps ckb ug sd ku")},
	{"he", unicode.Hebrew, []string{"yi"}},
	{"el", unicode.Greek, nil},
	{"th", unicode.Thai, nil},
	{"hi", unicode.Devanagari, strings.Fields("mr ne sa mai")},
	{"bn", unicode.Bengali, []string{"as"}},
	{"ta", unicode.Tamil, nil},
	{"te", unicode.Telugu, nil},
	{"my", unicode.Myanmar, nil},
	{"km", unicode.Khmer, nil},
	{"lo", unicode.Lao, nil},
	{"ka", unicode.Georgian, nil},
	{"hy", unicode.Armenian, nil},
	{"am", unicode.Ethiopic, []string{"ti"}},
}

// spoken is the language whose function words a text in Latin letters is full
// of: half as many again as of any other; one word in ten, and four times as
// many as of the language it is said to be in, if one is said; else one in twenty.
func spoken(text, said string) string {
	counts := map[string]int{}
	all := 0
	for word := range strings.FieldsFuncSeq(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsMark(c) }) {
		all++
		for _, lang := range functionWords[word] {
			counts[lang]++
		}
	}
	best, next := "", 0
	for lang, n := range counts {
		if n > counts[best] || n == counts[best] && lang < best {
			best = lang
		}
	}
	for lang, n := range counts {
		if lang != best {
			next = max(next, n)
		}
	}
	share := 10
	if said == "und" {
		share = 20
	}
	switch {
	case counts[best]*share < all, counts[best]*2 < next*3:
		return ""
	case said != "und" && (said == best || counts[said]*4 > counts[best] || all < 50):
		return ""
	}
	return best
}
