package parse

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"attache/internal/article"
)

// found is what the fallback reader takes for the article.
type found struct {
	*outline
	box      *html.Node
	from, to int // its blocks, below the headline and up to where the rules say it ends
	near     int // how far below blocks may be its own all the same
	kept     []block
	at       map[*html.Node]int // see places
	title    int                // the block after the headline; 0 if that is not above the text
}

// find looks for the article by structure and density of text, in markup nobody
// wrote rules for.
func (r *reader) find() found {
	title := cmp.Or(r.shown, r.content.Title)
	o := outlined(r.doc.Nodes[0], title)
	box := o.elements[o.main()]
	f := found{outline: o, at: map[*html.Node]int{}, box: box.node, from: box.from, to: box.to}
	if o.headline <= box.to {
		f.title = o.headline
		f.from = max(f.from, o.headline)
	}
	if f.title > 0 {
		o.caption(f.title-margin, f.to+margin)
	} else {
		o.caption(f.from-margin, f.to+margin)
	}
	for i, b := range o.blocks[f.from:f.to] {
		if r.ends(b.text) {
			f.to = f.from + i
			break
		}
	}
	f.near = min(len(o.blocks), f.to+margin)
	if end := o.firstPost(f.from, f.to); end < f.to {
		f.to, f.near = end, end
	}
	f.kept = o.sift(f.from, f.to, title)
	return f
}

// fallback answers with what was found, and says so.
func (r *reader) fallback(f found) {
	r.content.Extractor.Kind = article.ByFallback
	kept := f.kept
	if r.src == unknown {
		r.pictures(f)
		kept = r.candidates(f) // finds the lede
		kept = f.verdict(kept, r.content.Lede, r.abstract())
		r.about(f)
	} else {
		r.undated(f)
	}
	paragraphs := r.paragraphs(kept)
	for len(paragraphs) > 0 && (same(paragraphs[0], r.content.Title) || r.content.Lede != nil && same(paragraphs[0], *r.content.Lede)) {
		paragraphs = paragraphs[1:] // some print it twice
	}
	if n := len(paragraphs); n > 1 && signature(paragraphs[n-1]) {
		if len(r.content.Authors) == 0 {
			r.signed(paragraphs[n-1])
		}
		paragraphs = paragraphs[:n-1]
	}
	r.content.BodyText = strings.Join(paragraphs, "\n\n")
	if told := r.scripted(utf8.RuneCountInString(r.content.BodyText)); told != nil {
		r.content.BodyText = strings.Join(told, "\n\n")
		r.note("body_text", "the page shows next to none of its text; it is what the page tells machines")
		r.answered("body_text", "jsonld:articleBody")
	} else if len(paragraphs) > 0 {
		r.answered("body_text", "fallback")
	}
}

// candidates are the blocks the rules choose. The lede is taken from among them.
func (r *reader) candidates(f found) []block {
	return withoutTail(slices.DeleteFunc(r.standfirst(f), func(b block) bool { return b.image || b.figure }))
}

// outdoes holds if a rule's element is but a small part of the article that was
// found around it: three times its text, and more than a caption or a list would
// add. The publisher has then moved the text out of what the rule names. That
// nothing smaller than the page holds both is no sign of it.
func (f found) outdoes(rule *html.Node, text string) (held int, ok bool) {
	for rule != nil && rule != f.box {
		rule = rule.Parent
	}
	for _, b := range f.kept {
		if !b.image && !b.figure {
			held += b.runes
		}
	}
	given := utf8.RuneCountInString(text)
	return held, rule != nil && f.box.DataAtom != atom.Body && held > 3*given && held > given+600
}

// signature holds for a last line of a few words that ends no sentence: a byline.
func signature(text string) bool {
	return len(strings.Fields(text)) <= 5 && utf8.RuneCountInString(text) <= 40 && !strings.ContainsAny(text, ".!?。！？:…،؟\"")
}

// above are the lines where bylines and dates stand: from a little above the
// headline to the text's first lines.
func (f found) above() []block {
	start := f.from
	if f.title > 0 {
		start = f.title
	}
	return slices.Clip(f.blocks[max(0, start-10):min(len(f.blocks), f.from+10)])
}

// around are the lines above, then those at the text's end that are not set apart.
func (f found) around() []block {
	near := f.above()
	for _, b := range f.blocks[max(0, f.to-4):min(len(f.blocks), f.to+6)] {
		if !f.elements[b.within].hint.away() {
			near = append(near, b)
		}
	}
	return near
}

// short are the lines among the text.
func (f found) short() (list []block) {
	for _, b := range f.blocks[f.from:f.to] {
		if !b.image && b.words <= 30 {
			list = append(list, b)
		}
	}
	return list
}

// same compares two texts by their letters and digits.
func same(a, b string) bool {
	if long, short := max(len(a), len(b)), min(len(a), len(b)); long > 2*short+20 { // punctuation is less; most lines differ
		return false
	}
	return a == b || bare(a) == bare(b)
}

func bare(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, text)
}
