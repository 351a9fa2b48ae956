package parse

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// keywords are the article's tags: what the page tells machines – one list, or
// what a shorter one repeats of it, not their union –, else the links to topics
// that readers see near the text.
func (r *reader) keywords(f found) (tags []string) {
	for _, told := range [][]string{r.first("keywords"), r.every("article:tag"), r.every("news_keywords"), r.every("keywords"), r.every("parsely-tags"), r.every("sailthru.tags")} {
		list := r.split(told)
		switch {
		case len(list) == 1 && len(strings.Fields(list[0])) > 4: // a sentence, or a list nobody can cut
		case len(tags) == 0:
			tags = list
		case len(list) > 1 && len(list) < len(tags) && !slices.ContainsFunc(list, func(tag string) bool { return !slices.Contains(tags, tag) }):
			tags = list
		}
	}
	if len(tags) > 0 {
		r.answered("tags", "structured data")
		return tags
	}
	for least, links := range [][]*html.Node{r.surveyed().tags, r.surveyed().topics} {
		var shown []string
		for _, n := range links {
			if f.holds(n) && !inSentence(n) {
				shown = append(shown, lineOf(n), "")
			}
		}
		if tags = r.split(shown); len(tags) > least { // a single link may lead anywhere
			r.answered("tags", "fallback")
			return tags
		}
	}
	return nil
}

// mostTags is more than any article has.
const mostTags = 200

// split cleans a list of tags; if it has but one member, that is a list.
func (r *reader) split(told []string) (tags []string) {
	if len(told) == 1 {
		told = strings.FieldsFunc(unescape(told[0]), func(c rune) bool { return strings.ContainsRune(",;、，|", c) })
		if len(told) == 1 && hanStart.MatchString(told[0]) {
			told = strings.Fields(told[0])
		}
	}
	names := r.ownNames()
	for _, tag := range told[:min(len(told), mostTags)] {
		tag = strings.Trim(clean(unescape(tag)), "#, ")
		tag = keyed.ReplaceAllString(tag, "")
		if tag == "" || !strings.ContainsFunc(tag, unicode.IsLetter) || keyedElse.MatchString(tag) || slices.Contains(tags, tag) || siteName(tag, names) {
			continue
		}
		tags = append(tags, tag)
	}
	return tags
}

// A tag may say of what kind it is; those of other kinds are notes of the CMS.
var (
	keyed     = regexp.MustCompile(`^(?i:category|subject|topic|tag|section): *`)
	keyedElse = regexp.MustCompile(`^[A-Z][\w -]{1,20}: |^[0-9a-f]{8}-[0-9a-f]{4}-`)
)

// inSentence holds for a link with words of a sentence beside it.
func inSentence(n *html.Node) bool {
	for _, beside := range []*html.Node{n.PrevSibling, n.NextSibling} {
		if beside != nil && beside.Type == html.TextNode && len(strings.Fields(beside.Data)) > 2 {
			return true
		}
	}
	return false
}

// holds is true of a node between the headline and a little below the text.
func (f found) holds(n *html.Node) bool {
	const below = 25 // blocks: a box about the author, share links and tags
	for ; n != nil; n = n.Parent {
		if i, ok := f.places()[n]; ok {
			e := &f.elements[i]
			return e.from >= max(f.title, f.from-20) && e.from <= f.to+below
		}
	}
	return false
}

// places are the elements of the outline by their nodes.
func (f found) places() map[*html.Node]int {
	if len(f.at) == 0 {
		for i := range f.elements {
			f.at[f.elements[i].node] = i
		}
	}
	return f.at
}
