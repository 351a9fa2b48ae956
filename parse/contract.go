package parse

import (
	"fmt"
	"strings"
)

// broken says why the reading must not pass as an article, or nothing. The
// contracts: there is a title, there is a body, and the body holds none of the
// sentences the source's rules forbid.
func (r *reader) broken() string {
	c := &r.content
	switch {
	case c.Title == "":
		return "no title was found"
	case c.BodyText == "":
		return "no body was found"
	}
	for _, sentence := range r.rules.Never {
		if strings.Contains(c.BodyText, sentence) {
			return fmt.Sprintf("the body holds %q, which is never the article's", sentence)
		}
	}
	return ""
}
