package parse

import (
	"html"
	"strings"
	"unicode/utf8"
)

// scripted is the text that the page tells machines (articleBody) where it shows
// readers less than a tenth of that, as pages do that a script fills in: shown is
// the runes they see. A teaser before a wall is more. It is nil elsewhere, and
// below 400 runes, which summaries reach.
func (r *reader) scripted(shown int) (paragraphs []string) {
	told := r.first("articleBody")
	if len(told) == 0 || utf8.RuneCountInString(told[0]) < max(400, 10*shown) {
		return nil
	}
	if text := told[0]; strings.Contains(text, "</") {
		if doc, err := tree([]byte(text), enough); err == nil {
			return r.paragraphs(blocks(doc.Nodes[0]))
		}
		return nil
	}
	for line := range strings.Lines(html.UnescapeString(told[0])) {
		if line = clean(line); line != "" {
			paragraphs = append(paragraphs, line)
		}
	}
	return paragraphs
}
