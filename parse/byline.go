package parse

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// byline reads who wrote a page nobody wrote rules for: what it tells machines,
// else what stands marked as the author's name near the text, else a line that
// says "By". The site's own name is an author only if nobody else is.
func (r *reader) byline(f found) []string {
	names := r.ownNames()
	own := func(name string) bool { return siteName(name, names) }
	var site []string
	for i, told := range [][]string{r.first("author.name"), r.first("author"), r.every("author", "article:author", "parsely-author", "dc.creator", "byl", "sailthru.author", "cxenseparse:author")} {
		list := people(told)
		if slices.ContainsFunc(list, func(name string) bool { return !own(name) }) {
			if i == 2 { // one name for the site, one for the page
				list = slices.DeleteFunc(list, own)
			}
			r.answered("authors", "structured data")
			return list
		}
		site = append(site, list...)
	}
	near := f.around()
	anywhere := r.marked(nil)
	if len(anywhere) > 2 || len(site) > 0 { // those of other stories
		anywhere = nil
	}
	for _, list := range [][]string{r.marked(f.above()), hanPeople(slices.Concat(f.above(), f.short(), near)), r.marked(near), by(near), anywhere, f.alone(site)} {
		if list = slices.DeleteFunc(list, func(name string) bool { return own(name) || len(site) > 0 && !fullName(name) }); len(list) > 0 {
			r.answered("authors", "fallback")
			return list[:min(len(list), 8)] // an article by more names them to machines
		}
	}
	if len(site) > 0 {
		r.answered("authors", "structured data")
	}
	return site[:min(len(site), 1)]
}

var hanStart = regexp.MustCompile(`^\p{Han}`)

// by are the names on the first line that says "By".
func by(near []block) []string {
	for _, b := range near {
		if b.image || b.words > 40 || hanStart.MatchString(b.text) {
			continue
		}
		if text, ok := unlabelled(b.text); ok {
			if list := people([]string{text}); len(list) > 0 {
				return slices.DeleteFunc(list, func(name string) bool { return name != list[0] && !fullName(name) }) // a place
			}
		}
	}
	return nil
}

// marked are the names marked as an author's in some blocks; nil is anywhere.
func (r *reader) marked(near []block) []string {
	var texts []string
	all := r.surveyed().authors
	for i, n := range all {
		if i+1 < len(all) && below(all[i+1], n) { // the names are marked one by one
			continue
		}
		if near != nil && !within(n, near) && !holdsOne(n, near) {
			continue
		}
		if text := machineText(n); len(texts) < 8 {
			texts = append(texts, text)
		}
	}
	return people(texts)
}

// holdsOne is true for a node that has one of the blocks in it, not far below.
func holdsOne(n *html.Node, near []block) bool {
	for i := range near {
		up := near[i].node
		for range 4 {
			if up == n {
				return true
			}
			if up = up.Parent; up == nil {
				break
			}
		}
	}
	return false
}

// below holds for a node in another.
func below(n, outer *html.Node) bool {
	for n != nil && n != outer {
		n = n.Parent
	}
	return n != nil
}

// alone is a name on a line of its own right above the text, of a page whose
// machines are told the site's name only.
func (f found) alone(site []string) []string {
	if len(site) == 0 {
		return nil
	}
	above := f.above()
	for i, b := range above[:max(0, len(above)-1)] {
		switch {
		case !above[i+1].prose, i > 0 && above[i-1].image, b.image, b.figure, b.links > 0, heading(b.node.DataAtom):
		case b.words > 3, !strings.Contains(b.text, " "), !fullName(b.text), !signature(b.text), noPerson.MatchString(b.text):
		default:
			return people([]string{b.text})
		}
	}
	return nil
}

// signed takes the names of a text's last line for its authors.
func (r *reader) signed(line string) {
	list := people([]string{strings.NewReplacer(" - ", "|", " – ", "|").Replace(line)})
	if len(list) > 0 && !slices.ContainsFunc(list, func(name string) bool { return !fullName(name) || hanStart.MatchString(name) && !hanName(name) }) {
		r.content.Authors = list
		r.answered("authors", "fallback")
	}
}
