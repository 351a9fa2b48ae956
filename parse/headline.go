package parse

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// headline is the title of a page nobody wrote rules for. What stands in an h1
// is what readers see, so it is preferred, if something the page tells machines
// bears it out, or if it is the only one; without a kicker before it that
// machines are not told. Two things speak against it: signs that it is worded for
// search engines, and a wording that machines are told much more often.
func (r *reader) headline() string {
	told, machines := r.told()
	shown := r.banners()
	if title := r.reworded(shown, told); title != "" {
		r.answered("title", "structured data")
		return title
	}
	most, times := commonest(told)
	for _, h := range shown {
		if !slices.ContainsFunc(told, func(t string) bool { return agree(h.whole, t) }) {
			continue
		}
		r.shown = h.whole
		title := withoutKicker(h.whole, h.last, told)
		if title == h.whole && times >= h.borneOut(told[:machines])+outvoted || title != h.whole && times >= outvoted && same(h.whole, most) {
			r.answered("title", "structured data")
			return most
		}
		r.answered("title", "h1")
		return title
	}
	switch {
	case len(shown) == 1 && slices.ContainsFunc(told, func(t string) bool { return kindred(shown[0].whole, t) }), len(shown) > 0 && len(told) == 0:
		r.answered("title", "h1")
		return shown[0].whole
	case len(told) > 0:
		r.answered("title", "structured data")
		return untailed(told[0])
	}
	return ""
}

// outvoted is how much more often another wording is told than the h1's to be
// believed: with 2, fourteen labelled pages were lost for three won.
const outvoted = 3

// told are the wordings of the headline that the page gives machines, without
// the names it gives itself. All but the last, its title element, are for
// machines alone.
func (r *reader) told() (list []string, machines int) {
	given := []string{
		r.foremost("headline"), r.meta("headline"), r.meta("og:title"), r.meta("twitter:title"), r.meta("sailthru.title"),
		r.foremost("name"), r.surveyed().title,
	}
	for i, t := range given {
		if i == len(given)-1 {
			machines = len(list)
		}
		if t = r.wording(t); t != "" {
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

// wording is a title without the names the page gives itself; "" if it is too long for one.
func (r *reader) wording(title string) string {
	if len(title) > maxTitle {
		return ""
	}
	return withoutSite(clean(unescape(title)), append(r.ownNames(), r.meta("article:section")))
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

// commonest is what is told most often, and how often.
func commonest(told []string) (most string, times int) {
	for i, t := range told {
		n := 0
		for _, other := range told[i:] {
			if same(t, other) {
				n++
			}
		}
		if n > times {
			most, times = t, n
		}
	}
	return most, times
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
