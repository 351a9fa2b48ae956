package parse

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"attache/internal/article"
)

// body reads the paragraphs: from the container the rules name, else from where
// the fallback reader finds them. It has the last word too when that container
// holds but a scrap of the article.
func (r *reader) body() {
	for _, c := range r.rules.Body {
		if c.Selector == nil {
			continue
		}
		box := r.doc.FindMatcher(c.Selector).First()
		if box.Length() == 0 {
			continue
		}
		paragraphs := r.paragraphs(blocks(box.Nodes[0]))
		if len(paragraphs) == 0 {
			continue
		}
		text := strings.Join(paragraphs, "\n\n")
		found := r.find()
		if held, ok := found.outdoes(box.Nodes[0], text); ok {
			r.fallback(found)
			r.note("body_text", "the rule %q gave %d characters of an article of %d; the fallback reader chose the text", c.Text, utf8.RuneCountInString(text), held)
			return
		}
		r.undated(found)
		r.answered("body_text", c.Text)
		r.content.Extractor.Kind = article.ByRules
		r.content.BodyText = text
		return
	}
	r.fallback(r.find())
	if r.src != unknown && r.content.BodyText != "" {
		r.note("body_text", "no rule of the source answered; the fallback reader chose the text")
	}
}

// clear takes the rules' boilerplate out of every place the body may stand in.
func (r *reader) clear() {
	for _, c := range r.rules.Body {
		if c.Selector == nil {
			continue
		}
		box := r.doc.FindMatcher(c.Selector)
		for _, s := range r.rules.Remove {
			box.FindMatcher(s).Remove()
		}
	}
}

// paragraphs reads the text of the blocks up to the first heading that ends
// articles. What stands in figures is the pictures' and no text.
func (r *reader) paragraphs(list []block) []string {
	var paragraphs []string
	var picture *goquery.Selection // the last one, until text follows
	bare := false                  // it stands in no figure
	for _, b := range list {
		if b.image {
			picture, bare = goquery.NewDocumentFromNode(b.node).Selection, !b.figure
			r.image(picture, "")
			continue
		}
		if r.ends(b.text) {
			break
		}
		text := r.strip(b.text)
		switch {
		case text == "":
		case b.figure:
			if picture != nil {
				r.image(picture, text)
			}
		case picture != nil && bare && r.underPicture(b):
			r.image(picture, text)
			picture = nil
		default:
			paragraphs = append(paragraphs, text)
			picture = nil
		}
	}
	return paragraphs
}

// underPicture holds for a line right after a picture that is its caption on
// pages that do not mark captions: it credits someone, or is short and no subhead.
// Where no rules vouch for that habit, only a credit tells.
func (r *reader) underPicture(b block) bool {
	if credit(b.text) != nil {
		return words(b.text) <= 40
	}
	return r.src != unknown && words(b.text) <= 20 && !subhead(b.node)
}

// subhead holds for a heading, and for a block whose text is all set in bold.
func subhead(n *html.Node) bool {
	switch n.Data {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		return true
	}
	bold := false
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.ElementNode && (c.Data == "b" || c.Data == "strong"):
			bold = true
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "":
		default:
			return false
		}
	}
	return bold
}

// ends holds for a line that is a stop_at label, or hardly more than one: the
// same words at the start of a sentence are the writer's.
func (r *reader) ends(text string) bool {
	text = strings.TrimLeft(text, "\u200e\u200f\u202a\u202b")
	for _, label := range r.rules.StopAt {
		rest, ok := strings.CutPrefix(text, label)
		if ok && (strings.HasSuffix(label, ":") || utf8.RuneCountInString(rest) <= 12 && !sentenceEnd.MatchString(rest)) {
			return true
		}
	}
	return false
}

var sentenceEnd = regexp.MustCompile(`[.。!！?？؟]["'”’»)]*$`)

// sentence holds for a text that ends as sentences do. Only its end is looked at.
func sentence(text string) bool { return sentenceEnd.MatchString(text[max(0, len(text)-24):]) }
