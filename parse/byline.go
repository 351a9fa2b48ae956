package parse

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
)

// byline reads who wrote a page nobody wrote rules for: what it tells machines,
// else what stands marked as the author's name, else a line that says "By".
func (r *reader) byline(near []block) []string {
	for _, told := range []func() []string{
		func() []string { return r.first("author.name") },
		func() []string { return r.first("author") },
		func() []string {
			return r.every("author", "article:author", "parsely-author", "dc.creator", "byl", "sailthru.author")
		},
	} {
		if list := people(told()); len(list) > 0 {
			r.answered("authors", "structured data")
			return list
		}
	}
	var marked []string
	r.doc.FindMatcher(authorPlaces).EachWithBreak(func(_ int, s *goquery.Selection) bool {
		marked = append(marked, textOf(s))
		return len(marked) < 8
	})
	if list := people(marked); len(list) > 0 {
		r.answered("authors", "fallback")
		return list[:min(len(list), 4)] // an article by more names them to machines
	}
	for _, b := range near {
		if b.image || b.words > 40 {
			continue
		}
		text, ok := unlabelled(b.text)
		if m := hanByline.FindStringSubmatch(b.text); m != nil {
			text, ok = m[1], true
		}
		if list := people([]string{text}); ok && len(list) > 0 {
			r.answered("authors", "fallback")
			return list
		}
	}
	return nil
}

var authorPlaces = cascadia.MustCompile(`[rel~=author], [itemprop=author] [itemprop=name], [itemprop=author], .author-name, .byline-name, .article-author, .byline a, .byline, .author a, .author`)

// hanByline is a label and names after it, as Chinese pages print them at either end.
var hanByline = regexp.MustCompile(`(?:作者|记者|撰文|责任编辑|责编|编辑)\s*[:：|]?\s*(\p{Han}{2,4}(?:[ 、，\x{3000}]\p{Han}{2,4})*)(?:\PL|$)`)

// people splits and cleans lines of names. What is no name gives nothing.
func people(lines []string) (list []string) {
	for _, line := range lines {
		line = clean(unescape(line))
		if line == "" || utf8.RuneCountInString(line) > 200 || strings.Contains(line, "://") {
			continue
		}
		line, _ = unlabelled(unbracket(line))
		for i, part := range separators.Split(line, -1) {
			part, _ = unlabelled(part)
			part = strings.Trim(part, " .,:;|-–—•*@()（）")
			if part == "" || !person(part) || i > 0 && noPerson.MatchString(part) {
				continue
			}
			if !slices.ContainsFunc(list, func(have string) bool { return same(have, part) }) {
				list = append(list, part)
			}
		}
	}
	return list
}

var (
	separators = regexp.MustCompile(`\s*(?:[,;|•·、，]|\s(?:and|und|et|og|och|và|и|&|with)\s)\s*`)
	noPerson   = regexp.MustCompile(`(?i)\b(?:press|news|times|today|report|reports|post|journal|telegram|daily|gazette|magazine|contributor|columnist|editor|editors|reporter|correspondent|writer|staff|team|redaktion|md|phd|ph\.d|jr)\b|\w+\.(?:com|lt|net|org)\b`)
)

// person holds for a part of a line that can be a name: a few words without
// figures, the first in capitals if the script has them.
func person(name string) bool {
	n := strings.Fields(name)
	if len(n) > 5 || utf8.RuneCountInString(name) > 40 || strings.ContainsAny(name, "0123456789?!…{}[]=:<>©") {
		return false
	}
	c, _ := utf8.DecodeRuneInString(name)
	return unicode.IsLetter(c) && (unicode.IsUpper(c) || len(n) <= 3)
}

// unlabelled takes "By" in any language off a line, and says if it was there.
func unlabelled(line string) (string, bool) {
	m := byLabel.FindString(line)
	return strings.TrimSpace(line[len(m):]), m != ""
}
