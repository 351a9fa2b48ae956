package parse

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// fallback finds the article by structure and density of text, in markup nobody
// wrote rules for: the element whose own paragraphs hold most text and few
// links. What it gives is marked as its answer.
func (r *reader) fallback() {
	root := densest(r.doc.Nodes[0])
	if root == nil {
		return
	}
	paragraphs := r.paragraphs(root)
	if i := slices.Index(paragraphs, r.content.Title); i >= 0 {
		paragraphs = paragraphs[i:] // breadcrumb, date and counters stand above the headline
	}
	for len(paragraphs) > 0 && (paragraphs[0] == r.content.Title || r.content.Lede != nil && paragraphs[0] == *r.content.Lede) {
		paragraphs = paragraphs[1:] // some print it twice
	}
	if n := len(paragraphs); n > 1 && signature(paragraphs[n-1]) {
		if len(r.content.Authors) == 0 {
			r.content.Authors = strings.FieldsFunc(strings.NewReplacer(" - ", "|", " – ", "|", ", ", "|").Replace(paragraphs[n-1]), func(c rune) bool { return c == '|' })
			r.answered("authors", "fallback")
		}
		paragraphs = paragraphs[:n-1]
	}
	if len(paragraphs) == 0 {
		return
	}
	r.content.BodyText = strings.Join(paragraphs, "\n\n")
	r.answered("body_text", "fallback")
	r.note("body_text", "no rule of the source answered; the fallback reader chose the text")
}

// signature holds for a last line of a few words that ends no sentence: a byline.
func signature(text string) bool {
	return len(strings.Fields(text)) <= 5 && utf8.RuneCountInString(text) <= 40 && !strings.ContainsAny(text, ".!?。！？:…،؟\"")
}

// aside names elements that never hold the article.
var aside = regexp.MustCompile(`(?i)(?:^|[\s_-])(?:comments?|related|sidebar|footer|menu|nav|share|social|breadcrumbs?|most|popular|tags?|ads?|banner|widget|recommend\w*)(?:$|[\s_-])`)

// densest scores every element by the paragraphs in it: whole for a parent, half
// for a grandparent, a quarter above.
func densest(root *html.Node) *html.Node {
	scores := map[*html.Node]float64{}
	var order []*html.Node // first seen first: the same page gives the same answer
	for _, b := range blocks(root) {
		length := utf8.RuneCountInString(b.text)
		if b.image || words(b.text) < 8 || b.links*3 > length || apart(b.node) {
			continue
		}
		weight := float64(length)
		for n := container(b.node); n != nil && n.Type == html.ElementNode && weight > float64(length)/8; n = n.Parent {
			if _, seen := scores[n]; !seen {
				order = append(order, n)
			}
			scores[n] += weight
			weight /= 2
		}
	}
	var best *html.Node
	for _, n := range order {
		if best == nil || scores[n] > scores[best] {
			best = n
		}
	}
	return best
}

// container is the element a paragraph counts for: its parent, or itself when it
// is a box of text and not a paragraph.
func container(n *html.Node) *html.Node {
	switch n.Data {
	case "p", "li", "blockquote", "h1", "h2", "h3", "h4":
		return n.Parent
	}
	return n
}

func apart(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		switch n.Data {
		case "nav", "footer", "aside":
			return true
		}
		for _, a := range n.Attr {
			if (a.Key == "class" || a.Key == "id") && aside.MatchString(a.Val) {
				return true
			}
		}
	}
	return false
}
