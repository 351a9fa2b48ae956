package parse

import (
	"slices"
	"strings"

	"golang.org/x/net/html/atom"
)

// standfirst finds the lines that introduce the article, between the headline
// and the text or first in it: named so, or what the page tells machines it is
// about, or a sentence right below the headline. They become the lede, and no
// paragraph.
func (r *reader) standfirst(f found) []block {
	o, first, kept := f.outline, f.title, f.kept
	text := 0
	for text < len(kept) && (kept[text].image || kept[text].figure) {
		text++
	}
	if text == len(kept) {
		return kept
	}
	about := r.abstract()
	start := kept[text].order
	if first == 0 || first > start { // no headline was found: look a little above
		first = max(0, start-12)
	}
	lone := f.title > 0 && start < f.title+4 && kept[text].prose && setApart(kept[text:])
	for i := first; i < start; i++ {
		b := &o.blocks[i]
		h := o.elements[b.within].hint
		if h == apart && o.elements[b.within].own == standfirst && o.elements[b.within].node.DataAtom == atom.P {
			h = standfirst // what stands around it is of the headline's tools
		}
		switch {
		case b.image, h == byline, b.caption, b.words < 3, b.links*2 > b.runes, same(b.text, r.content.Title), lone && heading(b.node.DataAtom):
		case b.words >= 5 && (abstracts(about, b.text) || h == standfirst || h == plain && b.prose && sentence(b.text) && !labelled(b.text)),
			f.title > 0 && h == plain && (i < f.title+4 || i == f.from) && heading(b.node.DataAtom) && b.links == 0 && !labelled(b.text) && !r.headlines(b.text):
			lead := o.run(i, start)
			r.lede(lead)
			return slices.Concat(o.opening(i+len(lead), start), kept)
		}
	}
	b := &kept[text]
	if o.elements[b.within].hint == standfirst && b.words >= 5 {
		lead := o.run(b.order, b.order+8)
		rest := text
		for rest < len(kept) && kept[rest].order < b.order+len(lead) && !kept[rest].image {
			rest++
		}
		r.lede(lead)
		return slices.Concat(kept[:text], kept[rest:])
	}
	if lone {
		r.lede([]string{b.text})
		return slices.Delete(slices.Clone(kept), text, text+1)
	}
	return kept
}

// setApart holds for a first paragraph that is set as the second is not, and has
// a picture or a byline between them.
func setApart(kept []block) bool {
	for _, b := range kept[1:] {
		if !b.image && !b.figure {
			return b.order > kept[0].order+1 && kindOf(b.node) != kindOf(kept[0].node)
		}
	}
	return false
}

// headlines holds for a line that is the headline in other words, or with its kicker.
func (r *reader) headlines(text string) bool {
	told := append(r.jsonld("headline"), r.content.Title, r.meta("og:title"), r.meta("twitter:title"), clean(r.doc.Find("title").First().Text()))
	return slices.ContainsFunc(told, func(t string) bool { return t != "" && agree(text, t) })
}

// opening is prose between the standfirst and the element chosen for the text.
func (o *outline) opening(from, to int) (list []block) {
	told := o.captions()
	for i := from; i < to; i++ {
		b := &o.blocks[i]
		if h := o.elements[b.within].hint; (h == plain || h == standfirst) && b.prose && sentence(b.text) && !foreign(b, h) && !b.caption && !told.again(b) {
			list = append(list, *b)
		}
	}
	return list
}

func (r *reader) lede(lines []string) {
	r.content.Lede = optional(clean(strings.Join(lines, " ")))
	r.answered("lede", "fallback")
}

// run is the text of a block and, if it is a list of points, of its like after it.
func (o *outline) run(i, end int) (lines []string) {
	within := o.blocks[i].node
	for _, b := range o.blocks[i:min(end, len(o.blocks))] {
		if b.node != within && (b.node.Data != "li" || b.node.Parent != within.Parent) {
			break
		}
		lines = append(lines, b.text)
	}
	return lines
}

// abstract is what the page tells machines it is about, by its letters.
func (r *reader) abstract() string {
	return bare(r.meta("og:description", "description", "twitter:description"))
}

// abstracts holds if a page's description of itself is text, or the beginning of it.
func abstracts(about, text string) bool {
	text = bare(text)
	short := min(len(about), len(text))
	return short >= 40 && strings.HasPrefix(text, about[:short*9/10]) && len(text) < 3*len(about)
}
