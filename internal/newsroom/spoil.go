package newsroom

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// spoil is p with what t does to pages.
func (t *trouble) spoil(p page) page {
	body := p.body
	if t.layout != "" && strings.HasPrefix(p.kind, "text/html") {
		p.body = redesigned(p.body, t.layout == "bare")
	}
	switch t.charset {
	case "header":
		p.kind = strings.Replace(p.kind, "utf-8", "windows-1252", 1)
	case "meta":
		p.kind, _, _ = strings.Cut(p.kind, ";")
		p.body = declaration.ReplaceAllFunc(p.body, func(b []byte) []byte {
			return bytes.Replace(bytes.ToLower(b), []byte("utf-8"), []byte("windows-1252"), 1)
		})
	}
	if !bytes.Equal(body, p.body) && p.etag != "" {
		p.etag = fmt.Sprintf(`W/"%x"`, sha256.Sum256(p.body))
	}
	return p
}

// declaration is where a page or an XML file says its charset.
var declaration = regexp.MustCompile(`(?i)charset=["']?utf-8|<\?xml[^>]*encoding="utf-8"`)

// redesigned is a page as another designer would have made it: no class, id or
// microdata and few elements are what they were, the text is.
func redesigned(body []byte, bare bool) []byte {
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return body
	}
	var b bytes.Buffer
	redesign(root, bare)
	if err := html.Render(&b, root); err != nil {
		return body
	}
	return b.Bytes()
}

// elsewhere are elements and what stands in their place; links, paragraphs,
// pictures and the skeleton of the page stay.
var elsewhere = map[string]string{
	"article": "div", "section": "div", "main": "div", "header": "div", "footer": "div", "aside": "div", "figure": "div", "figcaption": "em",
	"h1": "h2", "h2": "h3", "h3": "h4", "time": "b", "span": "i", "strong": "b", "ul": "div", "li": "div",
}

func redesign(n *html.Node, bare bool) {
	for child := n.FirstChild; child != nil; {
		next := child.NextSibling
		metadata := child.Data == "meta" && !slices.ContainsFunc(child.Attr, isCharset) || child.Data == "script"
		if bare && child.Type == html.ElementNode && metadata {
			n.RemoveChild(child)
		} else {
			redesign(child, bare)
		}
		child = next
	}
	if n.Type != html.ElementNode {
		return
	}
	if other, ok := elsewhere[n.Data]; ok {
		n.Data, n.DataAtom = other, 0
	}
	kept := n.Attr[:0]
	for _, a := range n.Attr {
		switch {
		case a.Key == "class" || a.Key == "id":
			a.Val = renamed(a.Val)
		case strings.HasPrefix(a.Key, "item") || strings.HasPrefix(a.Key, "data-") || a.Key == "datetime":
			continue
		}
		kept = append(kept, a)
	}
	n.Attr = kept
}

func isCharset(a html.Attribute) bool {
	return a.Key == "charset" || strings.EqualFold(a.Val, "content-type")
}

// renamed are names of a style sheet nobody has seen.
func renamed(names string) string {
	var all []string
	for name := range strings.FieldsSeq(names) {
		all = append(all, fmt.Sprintf("x%.3x", sha256.Sum256([]byte(name))))
	}
	return strings.Join(all, " ")
}
