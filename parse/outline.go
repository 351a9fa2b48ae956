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

// rounded holds for a sentence with many links that has some eight words besides:
// a point of a round-up, where a related headline is a link and hardly more.
func (b *block) rounded() bool {
	return b.links*10 <= b.runes*7 && b.runes-b.links >= 50 && sentence(b.text)
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
