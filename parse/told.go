package parse

import (
	"regexp"
	"slices"
	"time"

	"golang.org/x/net/html"
)

// publishedNames are the meta elements that say when an article appeared, the
// more trusted first.
var publishedNames = []string{
	"article:published_time", "datepublished", "publishdate", "pubdate", "parsely-pub-date", "dc.date.issued",
	"dc.date", "sailthru.date", "date", "og:published_time", "article:published", "publication_date", "cxenseparse:recs:publishtime", "og:article:published_time",
}

// toldDates reads the dates that a page nobody wrote rules for tells machines.
// Several ways of saying one and the same moment are put together: one has the
// clock, another the zone.
func (r *reader) toldDates() {
	for _, raw := range append(r.first("dateModified"), r.meta("article:modified_time", "og:updated_time")) {
		if m, ok := r.dated(raw); ok {
			r.content.ModifiedAt = new(m.at.UTC())
			r.answered("modified_at", "structured data")
			break
		}
	}
	if m, raw, ok := r.together(r.toldPublished()); ok {
		r.publish(m, raw, "structured data")
	}
}

// toldPublished are all ways the page tells machines when it appeared, the most
// trusted first.
func (r *reader) toldPublished() []string {
	list := r.first("datePublished")
	for _, name := range publishedNames {
		list = append(list, r.surveyed().metas[name]...)
	}
	for _, n := range r.surveyed().times {
		if attr(n, "itemprop") == "datePublished" {
			list = append(list, machineText(n))
		}
	}
	return list[:min(len(list), 50)] // one or two say all; hundreds are a trick
}

// machineText is the date or name an element gives machines, else its text.
func machineText(n *html.Node) string {
	for _, a := range n.Attr {
		if a.Val != "" && (a.Key == "datetime" || a.Key == "content" || publishedKey(a.Key)) {
			return a.Val
		}
	}
	return lineOf(n)
}

// together is the first date of the list, with what others say of the same
// moment: one may have the clock, another the offset.
func (r *reader) together(list []string) (best moment, raw string, ok bool) {
	for _, other := range slices.Concat(list, r.elsewhere()) {
		m, is := r.dated(other)
		switch {
		case !is:
		case !ok && slices.Contains(list, other):
			best, raw, ok = m, other, true
		case ok && best.completed(m) != best:
			best, raw = best.completed(m), other
		}
	}
	return best, raw, ok
}

// completed is a date with what another way of printing the same moment knows
// better. A "Z" is often a mistake of those who print the local time: another
// offset wins over it. If it is none, a clock without an offset that is some hours
// off is the local one, and tells the offset.
func (m moment) completed(other moment) moment {
	const minute = "2006-01-02 15:04"
	utc := m.zone == "+00:00"
	switch {
	case other.precision == "day":
	case m.precision == "day" && m.at.Format(time.DateOnly) == other.at.Format(time.DateOnly):
		return other
	case m.precision == "day" || m.zone != "" && !utc:
	case other.zone != "" && other.zone != m.zone && m.at.Format(minute) == other.at.Format(minute):
		if other.zone != "+00:00" {
			return other
		}
	case utc && other.zone == "":
		ahead := other.at.Sub(m.at)
		if m.precision != other.precision {
			ahead = other.at.Truncate(time.Minute).Sub(m.at.Truncate(time.Minute))
		}
		if ahead != 0 && ahead%(30*time.Minute) == 0 && ahead.Abs() <= 14*time.Hour && ahead.Abs() != 12*time.Hour { // 12: without am or pm
			zone, name := offsetOf(ahead)
			return moment{at: m.at.In(zone), precision: m.precision, zone: name}
		}
	}
	return m
}

// elsewhere are dates that may be another's, and serve to complete the page's own.
func (r *reader) elsewhere() (list []string) {
	for _, n := range r.surveyed().times {
		list = append(list, machineText(n))
	}
	return append(list, r.every("article:modified_time", "og:updated_time")...)
}

// dayInPath is a day in an address, as many sites have it.
var dayInPath = regexp.MustCompile(`\b(?:19|20)\d\d[/-]\d{1,2}[/-]\d{1,2}\b`)
