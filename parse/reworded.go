package parse

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// firstHeadings are the h2 that can be the headline: a menu may have one or two
// before it; those further down are of the text, or of related stories.
const firstHeadings = 4

// reworded is the headline of a page whose h1 is worded for search engines; ""
// if there is no sign of that. The signs: readers see an h2 that says what machines
// are told, no h1 does, and the h1 is often in the breadcrumb; or an h1 repeats the
// title element, where og:title says something else and is not just the wording for
// social networks beside the one for all other machines.
func (r *reader) reworded(shown []banner, told []string) string {
	if len(shown) == 0 || len(told) == 0 {
		return ""
	}
	headline, og := r.wording(r.foremost("headline")), r.wording(r.meta("og:title"))
	h2 := r.surveyed().h2
	for _, t := range []string{headline, og} {
		if t == "" || slices.ContainsFunc(shown, func(h banner) bool { return same(h.whole, t) }) {
			continue
		}
		for _, n := range h2[:min(len(h2), firstHeadings)] {
			// a kicker that machines are not told may stand before it
			if h := lineOf(n); !leads(n) && len(t)*3 >= len(h) && strings.HasSuffix(bare(h), bare(t)) {
				r.shown = h
				return t
			}
		}
	}
	if og == "" || headline != "" && r.meta("twitter:title") != "" {
		return ""
	}
	for _, h := range shown {
		if same(h.whole, told[len(told)-1]) && !cutShort(h.whole, og) && !cutShort(og, h.whole) {
			r.shown = h.whole
			return og
		}
	}
	return ""
}

// leads holds for a heading that is a link or stands in one: it is of a list of stories.
func leads(n *html.Node) bool {
	return n.Parent.DataAtom == atom.A || slices.ContainsFunc(blocks(n), func(b block) bool { return b.links > 0 })
}

// cutShort holds if a text begins with another, which may end in dots.
func cutShort(text, other string) bool {
	return strings.HasPrefix(bare(text), bare(strings.TrimRight(other, ".… ")))
}
