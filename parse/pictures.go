package parse

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// above is how many blocks above the headline, or above the text where no
// headline was found, a picture may stand.
const above = 12

// pictures reads the article's pictures, each with the caption below it, from a
// little above the headline to the end of the text.
func (r *reader) pictures(f found) {
	first := f.from
	if f.title > 0 {
		first = f.title
	}
	for i := max(0, first-above); i < f.to; i++ {
		b := &f.blocks[i]
		if !b.image || icon(b.node) {
			continue
		}
		var lines []*block
		for j := i + 1; j < len(f.blocks) && (f.blocks[j].caption || f.blocks[j].image && icon(f.blocks[j].node)); j++ {
			if !f.blocks[j].image {
				lines = append(lines, &f.blocks[j])
			}
		}
		if f.shown(b, i >= first, len(lines) > 0) {
			text, by := f.told(lines)
			r.add(r.address(b.node), text, optional(by))
		}
	}
}

// shown holds for a picture that is the article's: one among its text, or with a
// caption. Another story's is a link, if set apart or above the headline.
func (f found) shown(b *block, below, captioned bool) bool {
	switch h := f.elements[b.within].hint; {
	case h == outside || h == covered:
		return false
	case h == apart || !below:
		return b.links == 0 && (captioned || b.figure)
	}
	return true
}

// caption marks the lines of pictures in a part of the page.
func (o *outline) caption(from, to int) {
	for i := max(0, from); i < min(to, len(o.blocks)); i++ {
		o.blocks[i].caption = o.underPicture(i)
	}
}

// underPicture holds for the line of a picture: marked as one, or the line after it that
// shares a box with it and little else, credits someone, stands between the
// picture and its credit or is that credit, or is part of what those who cannot
// see it are told.
func (o *outline) underPicture(i int) bool {
	b := &o.blocks[i]
	switch {
	case b.image:
		return false
	case b.figure || o.elements[b.within].own.caption() || o.elements[b.within].hint.caption():
		return true
	case i == 0 || !o.blocks[i-1].image:
		return i > 1 && o.blocks[i-2].image && credited(b.text)
	}
	return o.framed(i) || b.words <= 40 && credit(b.text) != nil || b.words >= 3 && strings.Contains(clean(attr(o.blocks[i-1].node, "alt")), b.text) ||
		i+1 < len(o.blocks) && b.words <= 80 && credited(o.blocks[i+1].text)
}

// credited holds for a line that is a credit and nothing else. Longer ones tell a story.
func credited(line string) bool {
	return len(line) <= 200 && (begins(signed, line) || begins(marked, line))
}

// told is what the lines below a picture say, and who took it.
func (o *outline) told(lines []*block) (text, by string) {
	for i, b := range lines {
		own := o.elements[b.within].own
		more, last := len(lines) > 1, i > 0 && i == len(lines)-1
		rest, _ := uncredited(b.text)
		switch {
		case b.words <= 1 && (strings.HasSuffix(b.text, ":") || !strings.ContainsFunc(b.text, unicode.IsLetter)): // "Caption:", "1/5", "01:53"
		case own == taken || own == byline || more && credited(b.text):
			by = b.text
		case last && text != "" && b.words <= 6 && !sentence(b.text) && b.node != lines[i-1].node:
			by = b.text
		case text == "":
			text = b.text
		case !strings.Contains(text, rest):
			text += " " + b.text
		}
	}
	if by != "" {
		return text, by
	}
	return uncredited(text)
}

// icon holds for what is too small to illustrate anything, and for drawings of
// the page's own.
func icon(img *html.Node) bool {
	for _, a := range img.Attr {
		switch a.Key {
		case "src":
			if strings.HasSuffix(a.Val, ".svg") {
				return true
			}
		case "width", "height":
			if n, err := strconv.Atoi(strings.TrimSuffix(a.Val, "px")); err == nil && n <= 60 {
				return true
			}
		}
	}
	return false
}

// address is the picture's own, unless that is a drawing or animation that holds
// its place until the page's script has run: then the last and largest of a set,
// in an attribute of any name, or of the sources of the <picture> it stands in.
func (r *reader) address(img *html.Node) string {
	own := r.source(goquery.NewDocumentFromNode(img).Selection)
	if own != "" && !placeholder.MatchString(own) {
		return own
	}
	for _, a := range img.Attr {
		if strings.Contains(a.Key, "src") && a.Key != "src" {
			if u := r.absolute(largest(a.Val)); u != "" {
				return u
			}
		}
	}
	if img.Parent != nil && img.Parent.DataAtom == atom.Picture {
		for c := range img.Parent.ChildNodes() {
			for _, a := range c.Attr {
				if strings.Contains(a.Key, "srcset") {
					if u := r.absolute(largest(a.Val)); u != "" {
						return u
					}
				}
			}
		}
	}
	return own
}

var placeholder = regexp.MustCompile(`(?i)\.(?:svg|gif)$|placeholder|blank|spacer|lazy`)

// largest is the last address of a srcset, by custom the largest.
func largest(set string) string {
	last := ""
	for field := range strings.FieldsSeq(set) {
		if strings.Contains(field, "/") {
			last = strings.TrimSuffix(field, ",")
		}
	}
	return last
}
