package parse

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// block is one paragraph, list item or heading, in page order. An image is a
// block of its own, so that the line after it can be known for a caption.
type block struct {
	text  string
	node  *html.Node // the block element it stands in, or the img
	image bool
	links int // runes of it that are link text
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
	out   []block
	text  strings.Builder
	at    *html.Node
	links int
	br    bool // a <br> was seen and nothing but white space since
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
	if strings.TrimSpace(n.Data) == "" {
		w.text.WriteByte(' ')
		return
	}
	w.br = false
	w.text.WriteString(n.Data)
	for p := n.Parent; p != nil && p != w.at; p = p.Parent {
		if p.DataAtom == atom.A {
			w.links += len([]rune(clean(n.Data)))
			return
		}
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
		w.out = append(w.out, block{node: n, image: true})
	case inline[n.DataAtom] || n.DataAtom == 0:
		w.walk(n)
	default:
		outer := w.at
		w.flush()
		w.at = n
		w.walk(n)
		w.flush()
		w.at = outer
	}
}

func (w *walker) flush() {
	if text := clean(w.text.String()); text != "" {
		w.out = append(w.out, block{text: text, node: w.at, links: w.links})
	}
	w.text.Reset()
	w.links = 0
	w.br = false
}

// silent elements hold nothing a reader of the article sees as its text.
var silent = set(atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Object, atom.Svg, atom.Canvas,
	atom.Form, atom.Button, atom.Select, atom.Textarea, atom.Input, atom.Video, atom.Audio, atom.Ins, atom.Head, atom.Title)

var inline = set(atom.A, atom.Abbr, atom.B, atom.Bdi, atom.Bdo, atom.Big, atom.Cite, atom.Code, atom.Data, atom.Dfn, atom.Em,
	atom.Font, atom.I, atom.Kbd, atom.Label, atom.Mark, atom.Q, atom.S, atom.Samp, atom.Small, atom.Span, atom.Strike, atom.Strong,
	atom.Sub, atom.Sup, atom.Time, atom.Tt, atom.U, atom.Var, atom.Wbr)

func set(atoms ...atom.Atom) map[atom.Atom]bool {
	m := make(map[atom.Atom]bool, len(atoms))
	for _, a := range atoms {
		m[a] = true
	}
	return m
}
