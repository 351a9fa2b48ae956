package parse

import (
	"slices"
	"time"

	"attache/seeds"
)

// dates reads when the article was published and last changed, by the rules of
// its source. A candidate that answers with something that is no date is passed over.
func (r *reader) dates() {
	c := &r.content
	if r.src == unknown {
		r.toldDates()
		return
	}
	if m, raw, ok := r.date("published_at", r.rules.Published, structured.Published); ok {
		r.publish(m, raw, "")
	}
	if m, _, ok := r.date("modified_at", r.rules.Modified, structured.Modified); ok {
		c.ModifiedAt = new(m.at.UTC())
	}
}

// publish sets when the article appeared; by says who found it, if not yet said.
func (r *reader) publish(m moment, raw, by string) {
	c := &r.content
	if by != "" {
		r.answered("published_at", by)
	}
	r.published = m
	zone := m.zone
	if zone == "" {
		zone = r.src.Timezone
	}
	c.PublishedAt, c.PublishedRaw, c.PublishedZone, c.PublishedPrecision = new(m.at.UTC()), &raw, &zone, &m.precision
	if m.ago {
		r.note("published_at", "counted back from the fetch")
	}
	if m.precision == "day" {
		r.note("published_at", "the page gives the day only; the time is that day's first moment in %s", zone)
	}
	if now := r.page.FetchedAt; !now.IsZero() && m.at.After(now.Add(time.Hour)) {
		r.note("published_at", "lies in the future of the fetch")
	}
}

func (r *reader) date(field string, rules, fallback []seeds.Candidate) (moment, string, bool) {
	for i, c := range append(slices.Clip(rules), fallback...) {
		for _, raw := range r.values(c) {
			m, ok := parseDate(raw, r.src.Zone)
			if !ok {
				if m, ok = parseAgo(raw, r.page.FetchedAt, r.src.Zone); ok {
					r.note(field, "counted back from the fetch")
				}
			}
			if ok {
				r.answered(field, c.Text)
				if i >= len(rules) && len(rules) > 0 {
					r.note(field, "no rule of the source answered; read from structured data")
				}
				return m, raw, true
			}
		}
	}
	return moment{}, "", false
}
