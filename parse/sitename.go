package parse

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// ownNames are what the site calls itself.
func (r *reader) ownNames() []string {
	return append(r.first("publisher.name"), r.meta("og:site_name"), r.base.Hostname())
}

// bars stand between a headline and the name of the site or section.
var bars = []string{" | ", " - ", " – ", " — ", " · ", " * ", "_", "-", "ㅣ", "|", "：", ":"}

// maxTitle is the longest text, in bytes, that can be a headline.
const maxTitle = 1000

// withoutSite cuts what the site calls itself off either end of a title.
func withoutSite(title string, names []string) string {
	for _, bar := range bars {
		if head, tail, ok := lastCut(title, bar); ok && siteName(tail, names) {
			return withoutSite(head, names)
		}
		if head, tail, ok := strings.Cut(title, bar); ok && siteName(head, names) {
			return withoutSite(strings.TrimSpace(tail), names)
		}
	}
	return title
}

// untailed cuts what may be a site's name off a title nothing else bears
// out: a few words after a bar, short against the rest.
func untailed(title string) string {
	for _, bar := range bars[:5] {
		if head, tail, ok := lastCut(title, bar); ok && utf8.RuneCountInString(tail)*2 < utf8.RuneCountInString(head) && words(tail) <= 4 {
			return untailed(head)
		}
	}
	return title
}

func lastCut(text, sep string) (head, tail string, ok bool) {
	i := strings.LastIndex(text, sep)
	if i <= 0 {
		return text, "", false
	}
	return strings.TrimSpace(text[:i]), strings.TrimSpace(text[i+len(sep):]), true
}

// siteName holds for a name among names; of a host its name without www and country counts as well.
func siteName(text string, names []string) bool {
	return text != "" && slices.ContainsFunc(names, func(name string) bool {
		if host := strings.TrimPrefix(name, "www."); strings.Contains(host, ".") && !strings.Contains(host, " ") {
			return same(text, host) || slices.ContainsFunc(strings.Split(host, "."), func(label string) bool { return len(label) > 2 && same(text, label) })
		}
		return same(text, strings.TrimPrefix(name, "@"))
	})
}
