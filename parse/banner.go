package parse

import (
	"strings"

	"golang.org/x/net/html"
)

// banner is an h1: its text and the last part of it that is set apart, since
// what stands before that may be a kicker; and whether it is marked as the headline.
type banner struct {
	whole, last string
	marked      bool
}

// banners are the h1 that say something.
func (r *reader) banners() (list []banner) {
	for _, n := range r.surveyed().h1 {
		if whole, last := heads(n); whole != "" {
			list = append(list, banner{whole, last, strings.Contains(attr(n, "itemprop"), "headline")})
		}
	}
	return list
}

// heads is a heading's text and its last part that is set apart.
func heads(n *html.Node) (whole, last string) {
	whole = lineOf(n)
	for range 8 { // nobody wraps a headline more often
		n = n.LastChild
		for n != nil && lineOf(n) == "" {
			n = n.PrevSibling
		}
		if n == nil || n.Type == html.TextNode && n.PrevSibling == nil {
			break
		}
		if last = lineOf(n); last != whole {
			return whole, last
		}
	}
	return whole, whole
}

// borneOut is how often machines are told the headline, or the beginning of it.
func (h banner) borneOut(told []string) (times int) {
	if h.marked {
		times++
	}
	for _, t := range told {
		if strings.HasPrefix(bare(h.whole), bare(t)) {
			times++
		}
	}
	return times
}
