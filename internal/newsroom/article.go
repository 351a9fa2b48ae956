package newsroom

import "strings"

// article is what an article template sees.
type article struct {
	Story
	Site  *site
	Extra any // what only this publisher needs
}

// block is a piece of the body: text, or a picture between two.
type block struct {
	Text        string
	Subhead     bool
	First, Last bool // the first or last paragraph
	Image       *Image
	Number      int // of the picture, from 1
}

// Blocks is the body with the pictures from skip on: the first after lead
// pieces of text, the others each one further down.
func (a article) Blocks(skip, lead int) []block {
	images := a.Images[min(skip, len(a.Images)):]
	var blocks []block
	picture := func(i int) {
		blocks = append(blocks, block{Image: &images[i], Number: skip + i + 1})
	}
	for i, text := range a.Body {
		if n := i - lead; n >= 0 && n < len(images) {
			picture(n)
		}
		text, sub := strings.CutPrefix(text, subhead)
		blocks = append(blocks, block{Text: text, Subhead: sub, First: i == 0, Last: i == len(a.Body)-1})
	}
	for i := max(len(a.Body)-lead, 0); i < len(images); i++ {
		picture(i)
	}
	return blocks
}

// Others are n other stories of the publisher, from the i-th on, for the boxes
// around the article; fewer when there are not so many. They are always of the
// first edition, so that no page changes because others come and go.
func (a article) Others(i, n int) []Story {
	var others []Story
	for _, s := range a.Site.first {
		if s.NativeID != a.NativeID {
			others = append(others, s)
		}
	}
	var picked []Story
	for k := range min(n, len(others)) {
		picked = append(picked, others[(i+k+a.order)%len(others)])
	}
	return picked
}

// Standfirst is the lede, or where there is none the first sentence.
func (s Story) Standfirst() string {
	if s.Lede != "" {
		return s.Lede
	}
	first, _, found := strings.Cut(s.Body[0], ". ")
	if found {
		first += "."
	}
	return first
}

// Every tells one story in n from the others; the texts of a source are spread
// over the variants of its pages with it.
func (s Story) Every(n int) bool { return s.order%n == 0 }
