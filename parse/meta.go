package parse

import (
	"html"
	"strings"

	dom "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// meta is the first of the page's meta elements of these names, or properties,
// that says something.
func (r *reader) meta(names ...string) string {
	for _, v := range r.every(names...) {
		return v
	}
	return ""
}

// every is what all meta elements of the first name that has any say.
func (r *reader) every(names ...string) []string {
	if r.metas == nil {
		r.metas = map[string][]string{}
		r.gather(r.doc.Nodes[0])
	}
	for _, name := range names {
		if list := r.metas[name]; len(list) > 0 {
			return list
		}
	}
	return nil
}

// gather reads the meta elements of the document; only its head and the first
// level of its body are looked at, where they are in practice.
func (r *reader) gather(n *dom.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case atom.Html, atom.Head, atom.Body:
			r.gather(c)
		case atom.Meta:
			var name, content string
			for _, a := range c.Attr {
				switch a.Key {
				case "name", "property", "itemprop":
					name = strings.ToLower(a.Val)
				case "content":
					content = clean(a.Val)
				}
			}
			if name != "" && content != "" {
				r.metas[name] = append(r.metas[name], content)
			}
		}
	}
}

// unescape undoes entities that were escaped twice.
func unescape(text string) string {
	if strings.Contains(text, "&") {
		return html.UnescapeString(text)
	}
	return text
}
