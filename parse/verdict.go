package parse

import (
	_ "embed"
	"strings"

	"golang.org/x/net/html/atom"

	"attache/parse/internal/trees"
)

//go:embed trees.txt
var treeText string

var forest = func() *trees.Forest {
	f, err := trees.Parse(treeText, traitNames)
	if err != nil {
		panic(err) // the file is part of the program
	}
	return f
}()

// verdict has the last word on which blocks are the article's: the rules chose
// kept, the forest weighs how each block and its neighbours are set. The lede
// has been taken.
func (f found) verdict(kept []block, lede *string, about string) (list []block) {
	j := f.jury(kept)
	for i := j.first; i < j.end; i++ {
		if b := &f.blocks[i]; j.asked(b, lede) && (forest.Sum(j.traits(i)) > 0 || j.kept[i] && (cell(b) || len(list) == 0 && abstracts(about, b.text))) {
			list = append(list, *b)
		}
	}
	return list
}

// asked holds for text that may be the article's: no caption, and not kept elsewhere.
func (j *jury) asked(b *block, lede *string) bool {
	return !b.image && !b.caption && (lede == nil || !strings.Contains(*lede, b.text)) && (j.kept[b.order] || !j.texts.again(b))
}

// cell holds for one of a table, which is kept whole or not at all.
func cell(b *block) bool {
	return !b.prose && (b.node.DataAtom == atom.Td || b.node.DataAtom == atom.Th)
}
