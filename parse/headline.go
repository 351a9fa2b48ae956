package parse

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// headline is the title of a page nobody wrote rules for. What stands in an h1
// is what readers see, so it is preferred, if something the page tells machines
// bears it out, or if it is the only one; without a kicker before it that
// machines are not told. Where machines are told one thing three times and the
// h1 says another, they are believed.
func (r *reader) headline() string {
	told, machines := r.told()
	var shown, parts []string
	for _, n := range r.surveyed().h1 {
		if whole, last := heads(n); whole != "" {
			shown, parts = append(shown, whole), append(parts, last)
		}
	}
	for i, h := range shown {
		if !slices.ContainsFunc(told, func(t string) bool { return agree(h, t) }) {
			continue
		}
		r.shown = h
		title, most := withoutKicker(h, parts[i], told), unanimous(told)
		if most != "" && (title == h && !borneOut(h, told[:machines]) || same(h, most) && title != h) {
			r.answered("title", "structured data")
			return most
		}
		r.answered("title", "h1")
		return title
	}
	switch {
	case len(shown) == 1 && slices.ContainsFunc(told, func(t string) bool { return kindred(shown[0], t) }), len(shown) > 0 && len(told) == 0:
		r.answered("title", "h1")
		return shown[0]
	case len(told) > 0:
		r.answered("title", "structured data")
		return untailed(told[0])
	}
	return ""
}

// told are the wordings of the headline that the page gives machines, without
// the names it gives itself. All but the last, its title element, are for
// machines alone.
func (r *reader) told() (list []string, machines int) {
	names := append(r.ownNames(), r.meta("article:section"))
	given := r.jsonld("headline")
	given = append(given[:min(len(given), 8):min(len(given), 8)], r.meta("og:title"), r.meta("twitter:title"), r.surveyed().title)
	for i, t := range given {
		if i == len(given)-1 {
			machines = len(list)
		}
		if len(t) > maxTitle {
			continue
		}
		if t = withoutSite(clean(unescape(t)), names); t != "" {
			list = append(list, t)
		}
	}
	for i, t := range list {
		for _, bar := range bars {
			if head, _, ok := lastCut(t, bar); ok && slices.Contains(list, head) {
				list[i] = head
			}
		}
	}
	return list, machines
}

// withoutKicker is the last part of a headline, if machines are told no more.
func withoutKicker(whole, last string, told []string) string {
	if last == whole || len(last)*2 < len(whole) {
		return whole
	}
	for _, t := range told {
		if strings.HasSuffix(bare(t), bare(last)) && !same(t, whole) {
			return last
		}
	}
	return whole
}

// borneOut holds if machines are told the headline, or the beginning of it.
func borneOut(h string, told []string) bool {
	return slices.ContainsFunc(told, func(t string) bool { return strings.HasPrefix(bare(h), bare(t)) })
}

// unanimous is the wording that three of the told have in common; "" without one.
func unanimous(told []string) string {
	for i, t := range told {
		n := 0
		for _, other := range told[i:] {
			if same(t, other) {
				n++
			}
		}
		if n >= 3 {
			return t
		}
	}
	return ""
}

// heads is a heading's text and the last part of it that is set apart: what
// stands before that may be a kicker.
func heads(n *html.Node) (whole, last string) {
	whole = lineOf(n)
	for range 8 { // nobody wraps a headline more often
		n = n.LastChild
		for n != nil && lineOf(n) == "" {
			n = n.PrevSibling
		}
		if n == nil || n.Type == html.TextNode && n.PrevSibling == nil {
			break
		}
		if last = lineOf(n); last != whole {
			return whole, last
		}
	}
	return whole, whole
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

// kindred holds for texts that have a word of some length in common, but do not begin alike.
func kindred(a, b string) bool {
	if x, y := []rune(bare(a)), []rune(bare(b)); len(x) >= 10 && len(y) >= 10 && slices.Equal(x[:10], y[:10]) {
		return false // one has something at its end that the other has not
	}
	b = strings.ToLower(b)
	for word := range strings.FieldsSeq(strings.ToLower(a)) {
		if utf8.RuneCountInString(word) >= 5 && strings.Contains(b, word) {
			return true
		}
	}
	return false
}
