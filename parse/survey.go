package parse

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// survey is what one walk of the document finds for fields that are not the
// text: nobody else need walk it for them. No list of nodes grows beyond surveyMost.
type survey struct {
	metas   map[string][]string // by name
	lang    string              // of the html element
	title   string              // of the title element
	h1, h2  []*html.Node
	scripts []*html.Node // of JSON-LD
	times   []*html.Node // with a machine's date
	authors []*html.Node // marked as an author's name
	tags    []*html.Node // links named tags
	topics  []*html.Node // other links to what looks like a topic's page
}

// surveyMost is more than any article's page has of a kind, and few enough to
// look at each against the lines around the text.
const surveyMost = 200

// note adds a node to a list that is not full.
func note(list *[]*html.Node, n *html.Node) {
	if len(*list) < surveyMost {
		*list = append(*list, n)
	}
}

// surveyed is the survey of the page, made when first asked for.
func (r *reader) surveyed() *survey {
	if r.survey == nil {
		r.survey = &survey{metas: map[string][]string{}}
		r.survey.walk(r.doc.Nodes[0])
	}
	return r.survey
}

func (s *survey) walk(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		switch c.DataAtom {
		case atom.Html:
			s.lang = attr(c, "lang")
		case atom.Meta:
			s.meta(c)
			continue
		case atom.Title:
			if s.title == "" && c.FirstChild != nil {
				s.title = c.FirstChild.Data
			}
			continue
		case atom.Script:
			if attr(c, "type") == "application/ld+json" {
				note(&s.scripts, c)
			}
			continue
		case atom.Svg, atom.Style, atom.Noscript:
			continue
		case atom.H1:
			note(&s.h1, c)
		case atom.H2:
			note(&s.h2, c)
		}
		s.marked(c)
		s.walk(c)
	}
}

// meta reads a meta element. In the head and the first level of the body, where
// they are in practice, all count; deeper ones speak of a part of the page.
func (s *survey) meta(n *html.Node) {
	switch n.Parent.DataAtom {
	case atom.Html, atom.Head, atom.Body:
	default:
		s.marked(n)
		return
	}
	var name, content string
	for _, a := range n.Attr {
		switch a.Key {
		case "name", "property", "itemprop":
			name = strings.ToLower(a.Val)
		case "content":
			content = clean(a.Val)
		}
	}
	if name != "" && content != "" {
		s.metas[name] = append(s.metas[name], content)
	}
}

// marked keeps an element whose attributes say that it names an author, a date
// or a topic.
func (s *survey) marked(n *html.Node) {
	for _, a := range n.Attr {
		switch a.Key {
		case "rel":
			switch {
			case strings.Contains(a.Val, "author"):
				note(&s.authors, n)
				return
			case a.Val == "tag":
				note(&s.tags, n)
				return
			}
		case "itemprop":
			switch a.Val {
			case "author":
				note(&s.authors, n)
				return
			case "datePublished":
				note(&s.times, n)
				return
			}
		case "datetime":
			if n.DataAtom == atom.Time {
				note(&s.times, n)
				return
			}
		case "href":
			if n.DataAtom != atom.A {
				break
			}
			page := pageOf(a.Val)
			switch {
			case page == ofAuthor:
				note(&s.authors, n)
				return
			case tagged(n):
				note(&s.tags, n)
			case page == ofTopic:
				note(&s.topics, n)
			}
		case "class":
			if authorClass(a.Val) {
				note(&s.authors, n)
				return
			}
		default:
			if publishedKey(a.Key) {
				note(&s.times, n)
				return
			}
		}
	}
}

// publishedKey holds for attributes such as data-publish-date.
func publishedKey(key string) bool {
	return strings.HasPrefix(key, "data-") && (strings.Contains(key, "publish") || strings.Contains(key, "pubdate") || strings.Contains(key, "deploy"))
}
