package parse

import (
	"html"
	"strings"
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
	for _, name := range names {
		if list := r.surveyed().metas[name]; len(list) > 0 {
			return list
		}
	}
	return nil
}

// unescape undoes entities that were escaped twice.
func unescape(text string) string {
	if strings.Contains(text, "&") {
		return html.UnescapeString(text)
	}
	return text
}
