package parse

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// sift keeps the blocks the article is made of and leaves out what stands among
// them: adverts, related stories, bylines, share lines. A subhead is kept when
// text of the article follows it. Captions stay, marked as such.
func (o *outline) sift(from, to int, title string) (kept []block) {
	var heads []block // since the last text
	started := false  // prose was kept
	seen := o.captions()
	for i := from; i < to; i++ {
		b := o.blocks[i]
		h := o.elements[b.within].hint
		switch {
		case h.away():
		case b.image:
			kept = append(kept, b)
		case b.caption:
			b.figure = true
			kept = append(kept, b)
		case same(b.text, title), foreign(&b, h), seen.again(&b):
		case heading(b.node.DataAtom):
			heads = append(heads, b)
		case !started && !sentence(b.text) && (!b.prose || clock.MatchString(b.text) && b.words < 30): // a date line
		default:
			if started {
				kept = append(kept, heads...)
			}
			heads = heads[:0]
			kept = append(kept, b)
			if len(b.text) > 60 {
				seen[start(b.text)] = b.node.Parent
			}
			started = true
		}
	}
	return kept
}

// withoutTail drops what ends no sentence after the last paragraph: counters,
// buttons and names. A list may end so.
func withoutTail(kept []block) []block {
	for i := len(kept) - 1; i > 0; i-- {
		b := &kept[i]
		if b.image || b.figure {
			continue
		}
		if b.prose || b.node.DataAtom == atom.Li || sentence(b.text) {
			break
		}
		kept = slices.Delete(kept, i, i+1)
	}
	return kept
}

// captions are the beginnings of the page's marked captions: where the same words
// stand unmarked, they are the caption once more.
func (o *outline) captions() texts {
	seen := texts{}
	for i := range o.blocks {
		if b := &o.blocks[i]; (b.figure || o.elements[b.within].hint.caption()) && b.words >= 5 {
			seen[start(b.text)] = nil
		}
	}
	return seen
}

// texts are the beginnings of what was seen, and the element around each.
type texts map[string]*html.Node

// again holds for what was printed before, for wide and narrow screens. What stands
// in the same element, or in a table, the writer repeats.
func (t texts) again(b *block) bool {
	around, ok := t[start(b.text)]
	return ok && around != b.node.Parent && b.node.DataAtom != atom.Td
}

// framed holds for a line that shares a box with the picture before it, and with
// little else: a caption on pages that do not mark captions.
func (o *outline) framed(i int) bool {
	b := &o.blocks[i]
	if b.words > 30 || heading(b.node.DataAtom) {
		return false
	}
	box := b.within
	for box > 0 && o.elements[box].from >= i {
		box = o.elements[box].parent
	}
	return o.elements[box].to-o.elements[box].from <= 3
}

// start is enough of a paragraph to know it by.
func start(text string) string { return text[:min(len(text), 100)] }

func heading(a atom.Atom) bool {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// foreign holds for a block among the article's that is none of its own.
func foreign(b *block, h hint) bool {
	switch {
	case h == byline && b.words < 30: // longer, it is a paragraph in a box misnamed
		return true
	case strings.Contains(b.text, "://") && !strings.Contains(b.text, " "):
		return true
	case b.links*10 > b.runes*7 && (b.runes-b.links < 15 || !sentence(b.text)): // a link and hardly more
		return true
	case b.words <= 20 && labelled(b.text), b.words <= 4 && (isoDate.MatchString(b.text) || dmyDate.MatchString(b.text)):
		return true
	}
	return false
}
