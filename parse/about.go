package parse

import (
	"slices"
	"strings"
	"time"
)

// about reads the fields of a page nobody wrote rules for that are not its text.
// near are the blocks around the headline and at the end of the text.
func (r *reader) about(near []block) {
	c := &r.content
	if len(c.Authors) == 0 {
		c.Authors = r.byline(near)
	}
	if len(c.Tags) == 0 {
		c.Tags = r.keywords()
	}
	if c.PublishedAt == nil {
		r.printed(near)
	}
}

// keywords are the tags the page tells machines: one list, not their union.
func (r *reader) keywords() (tags []string) {
	for _, told := range [][]string{r.every("article:tag"), r.every("keywords"), r.every("news_keywords"), r.first("keywords"), r.every("parsely-tags")} {
		for _, list := range told {
			for tag := range strings.FieldsFuncSeq(list, func(c rune) bool { return strings.ContainsRune(",;、，|", c) }) {
				if tag = strings.Trim(clean(unescape(tag)), "# "); tag != "" && !slices.Contains(tags, tag) {
					tags = append(tags, tag)
				}
			}
		}
		if len(tags) > 0 {
			r.answered("tags", "structured data")
			return tags
		}
	}
	return nil
}

// printed reads the date off the lines around the headline or, failing that,
// the day off the page's address.
func (r *reader) printed(near []block) {
	for _, name := range []string{"datepublished", "publishdate", "pubdate", "parsely-pub-date", "dc.date.issued", "dc.date", "sailthru.date", "date", "og:published_time", "article:published", "publication_date"} {
		if raw := r.meta(name); raw != "" {
			if m, ok := parseDate(raw, r.src.Zone); ok {
				r.publish(m, raw, "structured data")
				return
			}
		}
	}
	for _, b := range near {
		if b.image || b.words > 30 {
			continue
		}
		if m, ok := parseDate(b.text, r.src.Zone); ok && m.at.Before(time.Now().AddDate(0, 0, 2)) {
			r.publish(m, b.text, "fallback")
			return
		}
	}
	if raw := dayInPath.FindString(r.base.Path); raw != "" {
		if m, ok := parseDate(raw, r.src.Zone); ok {
			r.publish(m, raw, "address")
		}
	}
}
