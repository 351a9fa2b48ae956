package parse

import (
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"attache/internal/article"
	"attache/seeds"
)

// fields reads everything but dates, images and body.
func (r *reader) fields() {
	c := &r.content
	if r.src == unknown {
		c.Title = r.headline()
	} else {
		c.Title = r.one("title", r.rules.Title, structured.Title)
	}
	c.Lede = optional(r.strip(r.one("lede", r.rules.Lede, nil)))
	if r.src != unknown {
		c.Authors = r.many("authors", r.rules.Authors, structured.Authors)
	}
	c.Section = optional(r.one("section", r.rules.Section, structured.Section))
	for _, tag := range r.many("tags", r.rules.Tags, nil) {
		if tag = strings.Trim(tag, "#, "); tag != "" && !slices.Contains(c.Tags, tag) {
			c.Tags = append(c.Tags, tag)
		}
	}
	if text := unbracket(r.one("attribution", r.rules.Attribution, nil)); text != "" {
		c.Attribution = &article.Attribution{Text: text, URL: address(text)}
	}
}

// one is the first value the candidates give; when the rules give none,
// structured data is asked and the record says so.
func (r *reader) one(field string, rules, fallback []seeds.Candidate) string {
	values := r.many(field, rules, fallback)
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func (r *reader) many(field string, rules, fallback []seeds.Candidate) []string {
	for i, c := range append(slices.Clip(rules), fallback...) {
		values := r.values(c)
		if len(values) == 0 {
			continue
		}
		r.answered(field, c.Text)
		if i >= len(rules) && len(rules) > 0 {
			r.note(field, "no rule of the source answered; read from structured data")
		}
		return values
	}
	return nil
}

// values gives every non-empty value of a candidate, cleaned, each once.
func (r *reader) values(c seeds.Candidate) []string {
	var raw []string
	switch {
	case c.JSONLD != "":
		raw = r.jsonld(c.JSONLD)
	case c.Pattern != nil:
		if m := c.Pattern.FindStringSubmatch(r.text()); m != nil {
			raw = m[1:2]
		}
	default:
		r.doc.FindMatcher(c.Selector).Each(func(_ int, s *goquery.Selection) {
			if c.Attr != "" {
				raw = append(raw, s.AttrOr(c.Attr, ""))
			} else {
				raw = append(raw, textOf(s))
			}
		})
	}
	var values []string
	for _, v := range raw {
		if v = clean(v); v != "" && !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return values
}

// textOf is the selection's visible text with a space between blocks.
func textOf(s *goquery.Selection) string {
	var parts []string
	for _, n := range s.Nodes {
		parts = append(parts, lineOf(n))
	}
	return strings.Join(parts, " ")
}

// lineOf is all text of a node, in one line.
func lineOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return clean(n.Data)
	}
	var parts []string
	for _, b := range blocks(n) {
		parts = append(parts, b.text)
	}
	return clean(strings.Join(parts, " "))
}

// text is the whole page as lines of visible text, for rules by pattern.
func (r *reader) text() string {
	if r.visible == "" {
		var lines []string
		for _, b := range blocks(r.doc.Nodes[0]) {
			lines = append(lines, b.text)
		}
		r.visible = strings.Join(lines, "\n") + "\n"
	}
	return r.visible
}

// strip cuts what the source's rules say is not the writer's.
func (r *reader) strip(text string) string {
	for _, p := range r.rules.Strip {
		text = p.ReplaceAllString(text, "")
	}
	return strings.TrimSpace(text)
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
