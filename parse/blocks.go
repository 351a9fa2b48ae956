package parse

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// block is one paragraph, list item or heading, in page order. An image is a
// block of its own, so that the line after it can be known for a caption.
type block struct {
	text   string
	node   *html.Node // the block element it stands in, or the img
	image  bool
	figure bool // stands in a figure or its caption
	links  int  // runes of it that are link text; of an image, the links it is in
	place       // in an outline
}

// place is what an outline knows of a block.
type place struct {
	caption bool // the line of a picture
	within  int  // the element it stands in
	order   int  // the how many-th block of the page it is
	runes   int
	words   int
	prose   bool // long enough to be sentences, and no list of links
}

// blocks cuts the text below root into paragraphs: at block elements, and at
// two <br> with only white space between. A single <br> is a space.
func blocks(root *html.Node) []block {
	w := walker{at: root}
	w.walk(root)
	w.flush()
	return w.out
}

type walker struct {
	out    []block
	plan   *outline // if wanted
	within int
	text   strings.Builder
	at     *html.Node
	links  int
	link   int  // depth in links
	figure int  // depth in figures
	br     bool // a <br> was seen and nothing but white space since
}

func (w *walker) walk(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			w.write(c)
		case html.ElementNode:
			w.element(c)
		}
	}
}

func (w *walker) write(n *html.Node) {
	text := strings.TrimSpace(n.Data)
	if text == "" {
		w.text.WriteByte(' ')
		return
	}
	w.br = false
	w.text.WriteString(n.Data)
	if w.link > 0 {
		w.links += utf8.RuneCountInString(clean(text))
	}
}

func (w *walker) element(n *html.Node) {
	switch {
	case silent[n.DataAtom]:
	case n.DataAtom == atom.Br:
		if w.br {
			w.flush()
		}
		w.br = !w.br
		w.text.WriteByte(' ')
	case n.DataAtom == atom.Img:
		w.flush()
		w.out = append(w.out, block{node: n, image: true, figure: w.figure > 0, links: w.link, place: place{within: w.within}})
	case n.DataAtom == atom.A && hasAttr(n, "href"): // else an anchor, which old pages leave open
		w.link++
		w.walk(n)
		w.link--
	case (inline[n.DataAtom] || n.DataAtom == atom.A || n.DataAtom == 0) && !w.cuts(n):
		w.walk(n)
	default:
		outer := w.at
		w.flush()
		w.at = n
		if w.plan != nil {
			defer w.enter(n)()
		}
		if n.DataAtom == atom.Figure || n.DataAtom == atom.Figcaption {
			w.figure++
			defer func() { w.figure-- }()
		}
		w.walk(n)
		w.flush()
		w.at = outer
	}
}

func (w *walker) flush() {
	if text := clean(w.text.String()); text != "" {
		w.out = append(w.out, block{text: text, node: w.at, figure: w.figure > 0, links: w.links, place: place{within: w.within}})
	}
	w.text.Reset()
	w.links = 0
	w.br = false
}

// silent elements hold nothing a reader of the article sees as its text. A form
// is none of them: ASP.NET puts the whole page into one.
var silent = set(atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Object, atom.Svg, atom.Canvas,
	atom.Button, atom.Select, atom.Textarea, atom.Input, atom.Video, atom.Audio, atom.Head, atom.Title)

var inline = set(atom.Abbr, atom.Acronym, atom.B, atom.Bdi, atom.Bdo, atom.Big, atom.Cite, atom.Code, atom.Data, atom.Del, atom.Dfn,
	atom.Em, atom.Font, atom.I, atom.Ins, atom.Kbd, atom.Label, atom.Mark, atom.Q, atom.S, atom.Samp, atom.Small, atom.Span, atom.Strike, atom.Strong,
	atom.Sub, atom.Sup, atom.Time, atom.Tt, atom.U, atom.Var, atom.Wbr)

// attr is an attribute's value, "" if there is none.
func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func set(atoms ...atom.Atom) map[atom.Atom]bool {
	m := make(map[atom.Atom]bool, len(atoms))
	for _, a := range atoms {
		m[a] = true
	}
	return m
}
