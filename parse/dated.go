package parse

import (
	"regexp"
	"strings"
	"unicode"
)

// Forms of dates that only pages nobody wrote rules for may print: which number
// is the month is told by their size, or by the dots.
var (
	usDate    = regexp.MustCompile(`\b(\d{1,2})/(1[3-9]|2\d|3[01])/(\d{4})\b`)
	shortYear = regexp.MustCompile(`(^|[^\d.])(\d{1,2}\.\d{1,2}\.)(\d{2})($|[^\d.])`)
)

// dated reads a date in any form, or counts it back from the fetch.
func (r *reader) dated(raw string) (moment, bool) {
	if !strings.ContainsFunc(raw, unicode.IsDigit) {
		return moment{}, false
	}
	us, short := usDate.ReplaceAllString(raw, "$3-$1-$2"), shortYear.ReplaceAllString(raw, "${1}${2}20$3$4")
	for i, text := range []string{raw, us, short} {
		if i > 0 && text == raw {
			continue
		}
		if m, ok := parseDate(text, r.src.Zone); ok {
			return m, true
		}
	}
	m, ok := parseAgo(raw, r.page.FetchedAt, r.src.Zone)
	m.ago = ok
	return m, ok
}
