package parse

import (
	"math"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// traitNames are what is told of a block, in the order traits gives it.
var traitNames = []string{
	"words", "runes", "links", "stop", "label", "heading", "item", "paragraph", "box", "quote", "hint", "kept",
	"inside", "down", "up", "before", "after", "all",
	"last.words", "last.links", "last.kept", "last.stop", "last.heading", "next.words", "next.links", "next.kept", "next.heading",
	"near.kept", "near.links", "alike", "alike.kept", "alike.left", "group", "group.share", "group.prose", "strong", "depth", "above",
}

// margin is how far from the text blocks are looked at: enough for a standfirst
// or a last line outside its element.
const margin = 15

// jury tells of the blocks in and near the text what speaks for and against them.
type jury struct {
	found
	first, end int    // the blocks in question
	kept       []bool // by the rules, of the whole page
	sum        []int  // runes of what was kept, up to each block
	kinds      map[kind]tally
	prose      int   // runes in all kinds
	texts      texts // long paragraphs that were kept
	x          []float64
}

// kind is how a paragraph is set: the text's are set alike.
type kind struct{ tag, class, outer, outerClass string }

// tally counts the blocks of a kind.
type tally struct{ prose, kept, left int }

func kindOf(n *html.Node) kind {
	k := kind{tag: n.Data, class: attr(n, "class")}
	if n.Parent != nil {
		k.outer, k.outerClass = n.Parent.Data, attr(n.Parent, "class")
	}
	return k
}

func (f found) jury(kept []block) *jury {
	j := &jury{found: f, kept: make([]bool, len(f.blocks)), sum: make([]int, len(f.blocks)+1), kinds: map[kind]tally{}, texts: texts{}}
	j.first, j.end = max(0, f.from-margin), f.near
	for _, b := range kept {
		j.first = min(j.first, b.order)
		j.kept[b.order] = true
		if len(b.text) > 60 {
			j.texts[start(b.text)] = b.node.Parent
		}
	}
	for i := range f.blocks {
		b := &f.blocks[i]
		j.sum[i+1] = j.sum[i]
		if j.kept[i] {
			j.sum[i+1] += b.runes
		}
		if b.image || i < j.first || i >= j.end {
			continue
		}
		k := kindOf(b.node)
		t := j.kinds[k]
		switch {
		case !j.kept[i]:
			t.left++
		case b.prose:
			t.prose += b.runes
			j.prose += b.runes
			fallthrough
		default:
			t.kept++
		}
		j.kinds[k] = t
	}
	return j
}

// traits are valid until the next call.
func (j *jury) traits(i int) []float64 {
	b := &j.blocks[i]
	e := &j.elements[b.within]
	all := float64(max(1, j.sum[len(j.sum)-1]))
	j.x = append(j.x[:0], size(b.words), size(b.runes), linkShare(b), yes(sentence(b.text)), yes(b.words <= 40 && labelled(b.text)),
		level(b.node.DataAtom), yes(b.node.DataAtom == atom.Li), yes(b.node.DataAtom == atom.P), yes(b.node.DataAtom == atom.Div),
		yes(b.node.DataAtom == atom.Blockquote || b.node.Parent != nil && b.node.Parent.DataAtom == atom.Blockquote),
		float64(e.hint), yes(j.kept[i]),
		yes(i >= j.from && i < j.to), float64(min(200, i-j.from)), float64(max(-200, i-j.to)),
		float64(j.sum[i])/all, float64(j.sum[i+1])/all, size(int(all)))
	for _, k := range []int{i - 1, i + 1} {
		words, links, kept, stop, heading := -1.0, 0.0, false, false, 0.0
		if k >= 0 && k < len(j.blocks) {
			n := &j.blocks[k]
			words, links, kept, heading = size(n.words), linkShare(n), j.kept[k], level(n.node.DataAtom)
			stop = k < i && sentence(n.text)
		}
		if j.x = append(j.x, words, links, yes(kept)); k < i {
			j.x = append(j.x, yes(stop))
		}
		j.x = append(j.x, heading)
	}
	kept, links := 0, 0
	for k := max(0, i-3); k < min(len(j.blocks), i+4); k++ {
		if k != i && j.kept[k] {
			kept++
		}
		if k != i && linkShare(&j.blocks[k]) > 0.5 {
			links++
		}
	}
	group := e
	if e.parent >= 0 && e.to-e.from <= 1 { // alone in its element
		group = &j.elements[e.parent]
	}
	like := j.kinds[kindOf(b.node)]
	first := b.node.FirstChild
	depth := 0
	for n := b.node; n != nil && n != j.box && depth < 20; n = n.Parent {
		depth++
	}
	j.x = append(j.x, float64(kept), float64(links), j.alike(b, like.prose), size(like.kept), size(like.left),
		float64(group.to-group.from), float64(group.prose)/float64(max(1, j.elements[0].prose)), size(group.prose),
		yes(first != nil && (first.DataAtom == atom.Strong || first.DataAtom == atom.B || first.DataAtom == atom.Em || first.DataAtom == atom.I)),
		float64(depth), yes(i < j.headline))
	return j.x
}

// alike is the share of the kept prose that is set as this block is; less than
// nothing if it is the only one so set.
func (j *jury) alike(b *block, runes int) float64 {
	switch {
	case j.prose == 0:
		return 0
	case runes == b.runes && j.kept[b.order]:
		return -1
	}
	return float64(runes) / float64(j.prose)
}

func size(n int) float64 { return math.Log1p(float64(n)) }

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func linkShare(b *block) float64 {
	if b.runes == 0 {
		return 0
	}
	return float64(b.links) / float64(b.runes)
}

func level(a atom.Atom) float64 {
	switch a {
	case atom.H1:
		return 1
	case atom.H2:
		return 2
	case atom.H3:
		return 3
	case atom.H4:
		return 4
	case atom.H5:
		return 5
	case atom.H6:
		return 6
	}
	return 0
}
