package parse

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// firstPost is where the first of several posts ends which a page laid out by
// tables shows one below the other: a diary's, or a forum's answers. Each has a
// line with its date and clock, set like the others'. A post ends at that line if
// it is below its text, else above the table row of the next one's. Pages laid
// out in other ways name their parts, and reports told by the hour are among them.
func (o *outline) firstPost(from, to int) int {
	first, text, above := -1, false, false // text: since the first line, above: before it
	for i := from; i < to; i++ {
		b := &o.blocks[i]
		switch {
		case !o.stamp(b):
			text = text || b.prose && sentence(b.text)
		case first < 0:
			first, above, text = i, text, false
		case kindOf(b.node) == kindOf(o.blocks[first].node) && (text || above):
			row := o.elements[o.row(b.within)].from
			switch {
			case above:
				return first
			case row > first:
				return row
			}
			return i
		}
	}
	return to
}

// stamp holds for a short line with a date and a clock in a table's cell.
func (o *outline) stamp(b *block) bool {
	return b.words <= 30 && strings.Contains(b.text, ":") && o.row(b.within) > 0 && isoDate.MatchString(b.text) && clock.MatchString(b.text)
}

// row is the innermost table row around an element, or the page if there is none.
func (o *outline) row(i int) int {
	for i > 0 && o.elements[i].node.DataAtom != atom.Tr {
		i = o.elements[i].parent
	}
	return i
}
