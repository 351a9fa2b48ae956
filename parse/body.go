package parse

import (
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"attache/internal/article"
)

// body reads the paragraphs: from the container the rules name, else from where
// the fallback reader finds them.
func (r *reader) body() {
	for _, c := range r.rules.Body {
		if c.Selector == nil {
			continue
		}
		box := r.doc.FindMatcher(c.Selector).First()
		if box.Length() == 0 {
			continue
		}
		if paragraphs := r.paragraphs(r.without(box).Nodes[0]); len(paragraphs) > 0 {
			r.answered("body_text", c.Text)
			r.content.Extractor.Kind = article.ByRules
			r.content.BodyText = strings.Join(paragraphs, "\n\n")
			return
		}
	}
	r.content.Extractor.Kind = article.ByFallback
	r.fallback()
}

// without takes the rules' boilerplate, and figures, out of the page below box.
func (r *reader) without(box *goquery.Selection) *goquery.Selection {
	for _, s := range r.rules.Remove {
		box.FindMatcher(s).Remove()
	}
	box.Find("figure, figcaption").Remove()
	return box
}

// paragraphs reads the text below root up to the first heading that ends articles.
func (r *reader) paragraphs(root *html.Node) []string {
	var paragraphs []string
	all := blocks(root)
	for i, b := range all {
		if b.image {
			continue
		}
		if r.ends(b.text) {
			break
		}
		if i > 0 && all[i-1].image && underPicture(b.text) {
			r.image(goquery.NewDocumentFromNode(all[i-1].node).Selection, b.text)
			continue
		}
		if text := r.strip(b.text); text != "" {
			paragraphs = append(paragraphs, text)
		}
	}
	return paragraphs
}

// underPicture holds for a line right after a picture that credits someone: a
// caption on pages that do not mark captions.
func underPicture(text string) bool { return words(text) <= 40 && credit(text) != nil }

// ends holds for a line that is a stop_at label, or hardly more than one: the
// same words at the start of a long paragraph are the writer's.
func (r *reader) ends(text string) bool {
	for _, label := range r.rules.StopAt {
		rest, ok := strings.CutPrefix(text, label)
		if ok && (utf8.RuneCountInString(rest) <= 12 || strings.HasSuffix(label, ":")) {
			return true
		}
	}
	return false
}
