package parse

import (
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// outline is a whole page, walked once: its blocks in page order and the
// elements they stand in, parents before children. An element's blocks are a
// run, so to choose an element is to choose a slice.
type outline struct {
	blocks   []block
	headline int // the block after the headline; 0 if it is not on the page
	elements []element
}

type element struct {
	node     *html.Node
	parent   int  // the root's is -1
	from, to int  // its blocks
	own      hint // what its name says
	hint     hint // what it is taken for
	worth    int  // of its blocks, see worth
	prose    int  // runes of good paragraphs in it
	lines    bool // some of them stand right in it
}

// many is the elements and the blocks most pages have no more of.
const many = 1 << 10

func outlined(root *html.Node, title string) *outline {
	o := &outline{elements: make([]element, 0, many)}
	w := walker{at: root, plan: o, out: make([]block, 0, many)}
	leave := w.enter(root)
	w.walk(root)
	w.flush()
	leave()
	o.blocks = w.out
	for i := range o.blocks {
		b := &o.blocks[i]
		b.order, b.runes, b.words = i, utf8.RuneCountInString(b.text), words(b.text)
		b.prose = !b.image && !b.figure && b.words >= 8 && (b.links*3 <= b.runes || b.rounded())
	}
	o.headline = o.below(title)
	o.weigh()
	return o
}

// enter opens an element of the outline; the function it gives closes it.
func (w *walker) enter(n *html.Node) func() {
	outer := w.within
	i := len(w.plan.elements)
	if i == 0 {
		outer = -1
	}
	w.within = i
	h := hintOf(n)
	w.plan.elements = append(w.plan.elements, element{node: n, parent: outer, from: len(w.out), own: h, hint: h})
	return func() {
		w.plan.elements[i].to = len(w.out)
		w.within = outer
	}
}

// cuts holds for inline elements that are a block of their own all the same: a
// caption, its credit or an advert set in a span, and any span in a caption.
func (w *walker) cuts(n *html.Node) bool {
	if w.plan == nil {
		return false
	}
	switch n.DataAtom {
	case atom.Span, atom.Small, atom.Em, atom.I, atom.Cite, atom.B, atom.Label:
		h := hintOf(n)
		return h == picture || h == taken || h.away() || w.figure > 0 && (h == byline || n.DataAtom == atom.Span || n.DataAtom == atom.Small || n.DataAtom == atom.Cite)
	}
	return false
}

// weigh sums each element's blocks up. What is set apart by its name counts for
// nothing, unless it holds the headline or much of the page's prose: then the
// name speaks of something else.
func (o *outline) weigh() {
	for i := range o.blocks {
		if b := &o.blocks[i]; b.prose {
			o.elements[b.within].prose += b.runes
		}
	}
	for i := len(o.elements) - 1; i > 0; i-- {
		e, outer := &o.elements[i], &o.elements[o.elements[i].parent]
		outer.prose += e.prose
		outer.lines = outer.lines || e.node.DataAtom == atom.P && e.prose > 0
	}
	all := o.elements[0].prose
	for i := range o.elements {
		e := &o.elements[i]
		switch {
		case e.hint != plain && e.from < o.headline && o.headline < e.to && e.prose*3 > all, e.hint != plain && e.hint != outside && e.prose*2 > all:
			e.hint = plain
		case e.hint == covered && e.parent >= 0 && o.elements[e.parent].lines:
			e.hint = plain
		case e.hint == covered, e.hint == plain && o.card(e):
			e.hint = apart
		}
		if e.parent >= 0 { // what stands in a box is of its kind
			if outer := o.elements[e.parent].hint; outer.away() || e.hint == plain {
				e.hint = outer
			}
		}
	}
	for i := range o.blocks {
		b := &o.blocks[i]
		if i >= o.headline {
			o.elements[b.within].worth += worth(b, o.elements[b.within].hint)
		}
	}
	for i := len(o.elements) - 1; i > 0; i-- {
		o.elements[o.elements[i].parent].worth += max(-mostTaken, o.elements[i].worth)
	}
}

// rounded holds for a sentence with many links that has some eight words besides:
// a point of a round-up, where a related headline is a link and hardly more.
func (b *block) rounded() bool {
	return b.links*10 <= b.runes*7 && b.runes-b.links >= 50 && sentence(b.text)
}

// mostTaken is what one box takes from the worth of those around it at most, that
// of ten entries of a menu: however long its lists of links, a box at the foot of an
// article does not make the article worth less than a box of it.
const mostTaken = 200

// card holds for a box that shows another story: a heading that is a link, and
// a few lines below it.
func (o *outline) card(e *element) bool {
	if e.to-e.from > 8 || e.prose > 400 {
		return false
	}
	for i := e.from; i < e.to; i++ {
		b := &o.blocks[i]
		if heading(b.node.DataAtom) && b.words >= 3 && b.links*10 > b.runes*8 {
			return true
		}
	}
	return false
}

// below is the block after the headline: the first h1 that repeats the title,
// else the last line that does before the text begins. Breadcrumb, date and
// counters stand above. It is 0 without one, and when little prose is below.
func (o *outline) below(title string) int {
	if title == "" {
		return 0
	}
	found, top := 0, false // top: it is an h1
	before, all := 0, 0    // runes of prose
	for i := range o.blocks {
		b := &o.blocks[i]
		if !b.image && same(b.text, title) && (found == 0 || all-before < 200 || b.node.DataAtom == atom.H1 && !top) {
			found, before, top = i+1, all, top || b.node.DataAtom == atom.H1
		}
		if b.prose && !same(b.text, title) {
			all += b.runes
		}
	}
	if (all-before)*3 < all {
		return 0
	}
	return found
}

// worth is what a block adds to the elements around it: prose its length; what
// stands beside articles takes away. A related headline or a menu entry is short,
// so each takes a little more than its length.
func worth(b *block, h hint) int {
	switch {
	case b.image:
		return 0
	case h.away():
		return -20
	case h == picture || h == taken || h == byline || b.figure:
		return 0
	case b.prose:
		return b.runes
	case b.links*2 > b.runes:
		return -20 - b.runes
	}
	return 0
}

// main is the element the article stands in: the one worth most and, of a chain
// of those worth the same, the innermost. If that holds several articles, it is
// the one below the headline. 0 is the whole page.
func (o *outline) main() int {
	best := 0
	for i := range o.elements {
		if o.elements[i].worth >= o.elements[best].worth {
			best = i
		}
	}
	for i := best + 1; i < len(o.elements) && o.elements[i].from < o.elements[best].to; i++ {
		e := &o.elements[i]
		if e.node.DataAtom == atom.Article && e.from < o.headline && o.headline < e.to && e.prose > 300 {
			return i
		}
	}
	return best
}
