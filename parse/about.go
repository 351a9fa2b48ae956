package parse

import (
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// about reads the fields of a page nobody wrote rules for that are not its text.
func (r *reader) about(f found) {
	c, near := &r.content, f.around()
	if len(c.Authors) == 0 {
		c.Authors = r.byline(f)
	}
	if len(c.Tags) == 0 {
		c.Tags = r.keywords(f)
	}
	if c.PublishedAt == nil {
		r.printed(f)
	} else {
		r.localised(near)
	}
}

// undated reads the date of a page whose rules and structured data give none.
func (r *reader) undated(f found) {
	if r.content.PublishedAt == nil {
		if r.printed(f); r.content.PublishedAt != nil && len(r.rules.Published) > 0 {
			r.note("published_at", "no rule of the source answered; read off the lines around the text")
		}
	}
}

// printed reads the date off the lines around the headline or, failing that, off
// any that machines are given, or the day off the page's address.
func (r *reader) printed(f found) {
	near := f.around()
	for _, n := range r.surveyed().times {
		if within(n, near) {
			if m, raw, ok := r.together([]string{machineText(n)}); ok {
				r.publish(m, raw, "fallback")
				return
			}
		}
	}
	above, short := f.above(), f.short()
	for i, b := range slices.Concat(above, short, near) {
		if b.image || b.words > 30 {
			continue
		}
		m, ok := r.dated(b.text)
		if outside := i < len(above) || i >= len(above)+len(short); ok && (outside || m.precision != "day") && m.at.Before(time.Now().AddDate(0, 0, 2)) {
			r.publish(m, b.text, "fallback")
			return
		}
	}
	for _, n := range r.surveyed().times {
		if m, raw, ok := r.together([]string{machineText(n)}); ok {
			r.publish(m, raw, "fallback")
			return
		}
	}
	if raw := dayInPath.FindString(r.base.Path); raw != "" {
		if m, ok := r.dated(raw); ok {
			r.publish(m, raw, "address")
		}
	}
}

// localised completes the date that machines are told with the clock that readers
// see.
func (r *reader) localised(near []block) {
	for _, b := range near {
		if r.published.zone != "+00:00" && r.published.precision != "day" {
			return
		}
		if b.image || b.words > 30 || !strings.Contains(b.text, ":") { // no clock
			continue
		}
		if m, ok := r.dated(b.text); ok {
			if m = r.published.completed(m); m != r.published {
				r.publish(m, *r.content.PublishedRaw, "")
			}
		}
	}
}

// within holds for a node in one of the blocks.
func within(n *html.Node, near []block) bool {
	for up := n; up != nil; up = up.Parent {
		for i := range near {
			if near[i].node == up {
				return true
			}
		}
	}
	return false
}
