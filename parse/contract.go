package parse

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html/atom"

	"attache/internal/article"
)

// broken says why the reading must not pass as an article, or nothing. The
// contracts: there is a title; there is a body; they are no larger than an article; it
// is not mostly links, nor a list
// of other articles; it holds none of the sentences the source's rules forbid.
func (r *reader) broken() string {
	c := &r.content
	switch {
	case c.Title == "":
		return "no title was found"
	case c.BodyText == "":
		return "no body was found"
	}
	if n := length(c); n > maxContent {
		return fmt.Sprintf("it has %d bytes of text, names and addresses; no article has more than %d", n, maxContent)
	}
	for _, sentence := range r.rules.Never {
		if strings.Contains(c.BodyText, sentence) {
			return fmt.Sprintf("the body holds %q, which is never the article's", sentence)
		}
	}
	return r.linked()
}

// maxContent bounds what is taken from a page, bytes: several times the longest there is. A record
// that no drop could hold must not be stored.
const maxContent = 1 << 20

func length(c *article.Content) int {
	n := len(c.Title) + len(c.BodyText)
	for _, s := range []*string{c.Lede, c.Section, c.PublishedRaw} {
		if s != nil {
			n += len(*s)
		}
	}
	for _, s := range slices.Concat(c.Authors, c.Tags) {
		n += len(s)
	}
	for _, i := range c.Images {
		n += len(i.URL)
		if i.Caption != nil {
			n += 2 * len(*i.Caption) // and the credit in it
		}
	}
	return n
}

// linked says whether the body is made of links: more than half of its text, or
// three and more paragraphs, a third of them, that are headlines of other articles
// of the source.
func (r *reader) linked() string {
	paragraphs := strings.Split(r.content.BodyText, "\n\n")
	links := r.links(paragraphs)
	all, linked, headlines := 0, 0, 0
	for _, p := range paragraphs {
		runes := utf8.RuneCountInString(p)
		all += runes
		if other, ok := links[p]; ok {
			linked += runes
			if other {
				headlines++
			}
		}
	}
	switch {
	case linked*2 > all:
		return fmt.Sprintf("the body is mostly links: %d of %d characters", linked, all)
	case headlines >= 3 && headlines*3 >= len(paragraphs):
		return fmt.Sprintf("the body repeats a list: %d of %d paragraphs are headlines of other articles", headlines, len(paragraphs))
	}
	return ""
}

// links says which of the paragraphs are the texts of links on the page, and
// whether each leads to another article of the source.
func (r *reader) links(paragraphs []string) map[string]bool {
	wanted := make(map[string]bool, len(paragraphs))
	for _, p := range paragraphs {
		wanted[p] = p != ""
	}
	links := make(map[string]bool)
	for a := range r.doc.Nodes[0].Descendants() {
		if a.DataAtom != atom.A || !hasAttr(a, "href") {
			continue
		}
		text := clean(goquery.NewDocumentFromNode(a).Text())
		if !wanted[text] {
			continue // most links; reading their addresses costs more than all else here
		}
		id, ok := "", false
		if ref, err := r.base.Parse(strings.TrimSpace(attr(a, "href"))); err == nil {
			id, ok = r.src.Identify(ref.String())
		}
		own, _ := r.src.Identify(r.page.URL)
		links[text] = links[text] || ok && id != own
	}
	return links
}
