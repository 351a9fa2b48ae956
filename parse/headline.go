package parse

import (
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
)

// headline is the title of a page nobody wrote rules for. What stands in an h1
// is what readers see, so it is preferred, if something the page tells machines
// bears it out; without a kicker before it that machines are not told.
func (r *reader) headline() string {
	var told []string
	for _, t := range append(r.jsonld("headline"), r.meta("og:title"), r.meta("twitter:title"), r.doc.Find("title").First().Text()) {
		if t = clean(unescape(t)); t != "" {
			told = append(told, t)
		}
	}
	var shown []string
	r.doc.Find("h1").Each(func(_ int, s *goquery.Selection) {
		if t := clean(textOf(s)); t != "" {
			shown = append(shown, t)
		}
	})
	for _, h := range shown {
		for _, t := range told {
			if !agree(h, t) {
				continue
			}
			for _, t := range told {
				if rest, ok := strings.CutSuffix(h, t); ok && rest != "" && len(t) > len(rest) {
					r.answered("title", "h1")
					return t
				}
			}
			r.answered("title", "h1")
			return h
		}
	}
	site := r.meta("og:site_name")
	switch {
	case len(told) > 0:
		r.answered("title", "structured data")
		return withoutSite(told[0], site)
	case len(shown) > 0:
		r.answered("title", "h1")
		return shown[0]
	}
	return ""
}

// agree holds for two wordings of one headline: one within the other, and no
// mere name of a section in it, or half of the words of the shorter in the longer.
func agree(a, b string) bool {
	x, y := bare(a), bare(b)
	if len(x) > len(y) {
		a, b, x, y = b, a, y, x
	}
	if len(x)*3 >= len(y) && strings.Contains(y, x) {
		return true
	}
	common, all := 0, 0
	words := " " + strings.ToLower(b) + " "
	for word := range strings.FieldsSeq(strings.ToLower(a)) {
		all++
		if strings.Contains(words, word) {
			common++
		}
	}
	return common >= 3 && common*2 >= all
}

// withoutSite cuts the site's name off a title: what follows the last bar or
// dash, if it is the name the site gives itself or is short against the rest.
func withoutSite(title, site string) string {
	for _, bar := range []string{" | ", " - ", " – ", " — ", " · ", "_", "-", "ㅣ", "|"} {
		i := strings.LastIndex(title, bar)
		if i <= 0 {
			continue
		}
		head, tail := strings.TrimSpace(title[:i]), strings.TrimSpace(title[i+len(bar):])
		if site != "" && same(tail, site) || len(bar) > 1 && utf8.RuneCountInString(tail)*2 < utf8.RuneCountInString(head) && words(tail) <= 4 {
			return withoutSite(head, site)
		}
	}
	return title
}
