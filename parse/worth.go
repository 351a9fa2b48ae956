package parse

import "golang.org/x/net/html/atom"

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
