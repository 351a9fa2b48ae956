package parse

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// moment is a date as a page prints it.
type moment struct {
	at        time.Time
	precision string // second, minute or day
	zone      string // the page's own offset such as "+07:00"; empty when it gives none
}

// The forms are found by patterns and never by time.Parse: its MST layout reads
// "GMT+7" as UTC and labels it +7 (golang/go#56392), and publishers here print
// "GMT+7". Their bracketed remark is dropped; the source's declared zone counts.
var (
	isoDate  = regexp.MustCompile(`(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]|$)`)
	dmyDate  = regexp.MustCompile(`(?:^|\D)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\D|$)`)
	cjkDate  = regexp.MustCompile(`(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日`)
	viDate   = regexp.MustCompile(`(\d{1,2})\s+tháng\s+(\d{1,2})(?:\s+năm|,)?\s+(\d{4})`)
	dayFirst = regexp.MustCompile(`(\d{1,2})(?:st|nd|rd|th|er)?\s+(?:de\s+)?(` + monthNames + `)(?:/\pL+)?\.?,?\s+(?:de\s+)?(\d{4})`)
	monFirst = regexp.MustCompile(`(` + monthNames + `)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})`)
	clock    = regexp.MustCompile(`(?:^|[^\d:.])(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(am|pm)?`)
	offset   = regexp.MustCompile(`:\d{2}(?:\.\d+)?\s*(?:(z|gmt|utc)\b|([+-])(\d{2}):?(\d{2}))`)
	epoch    = regexp.MustCompile(`^\d{10}(?:\d{3})?$`)
)

// parseDate reads a date in any form our publishers print. A time without an
// offset of its own is in zone. Dates outside 1990…2100 are not believed.
func parseDate(raw string, zone *time.Location) (moment, bool) {
	text := strings.ToLower(norm.NFC.String(digits.Replace(raw)))
	if epoch.MatchString(text) {
		n, err := strconv.ParseInt(text[:10], 10, 64)
		return moment{time.Unix(n, 0).UTC(), "second", "+00:00"}, err == nil && believable(time.Unix(n, 0).UTC().Year())
	}
	year, month, day, rest, ok := findDay(text)
	if !ok {
		return moment{}, false
	}
	m := moment{precision: "day"}
	hour, minute, second := 0, 0, 0
	if c := clock.FindStringSubmatch(rest); c != nil {
		hour, minute, second = atoi(c[1]), atoi(c[2]), atoi(c[3])
		m.precision = "minute"
		if c[3] != "" {
			m.precision = "second"
		}
		switch { // a 24-hour value with a meaningless suffix is as common as a true one
		case c[4] == "pm" && hour < 12:
			hour += 12
		case c[4] == "am" && hour == 12:
			hour = 0
		}
		if hour > 23 || minute > 59 || second > 59 {
			return moment{}, false
		}
		if o := offset.FindStringSubmatch(rest); o != nil {
			zone, m.zone = fixed(o)
		}
	}
	m.at = time.Date(year, month, day, hour, minute, second, 0, zone)
	return m, true
}

// findDay gives the calendar day and the text around it, where the clock stands.
func findDay(text string) (year int, month time.Month, day int, rest string, ok bool) {
	for _, form := range []struct {
		pattern *regexp.Regexp
		y, m, d int
	}{{isoDate, 1, 2, 3}, {cjkDate, 1, 2, 3}, {viDate, 3, 2, 1}, {dayFirst, 3, 2, 1}, {monFirst, 3, 1, 2}, {dmyDate, 3, 2, 1}} {
		at := form.pattern.FindStringSubmatchIndex(text)
		if at == nil {
			continue
		}
		group := func(i int) string { return text[at[2*i]:at[2*i+1]] }
		year, day = atoi(group(form.y)), atoi(group(form.d))
		if month = months[strings.Join(strings.Fields(group(form.m)), " ")]; month == 0 {
			month = time.Month(atoi(group(form.m)))
		}
		t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
		if !believable(year) || t.Day() != day || t.Month() != month {
			continue
		}
		return year, month, day, text[:at[0]] + " " + text[at[2*3+1]:], true
	}
	return 0, 0, 0, "", false
}

func fixed(o []string) (*time.Location, string) {
	if o[1] != "" {
		return time.UTC, "+00:00"
	}
	seconds := atoi(o[3])*3600 + atoi(o[4])*60
	if o[2] == "-" {
		seconds = -seconds
	}
	name := o[2] + o[3] + ":" + o[4]
	return time.FixedZone(name, seconds), name
}

func believable(year int) bool { return year >= 1990 && year <= 2100 }

// atoi reads digits a pattern has matched; an optional group's nothing is 0.
func atoi(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

// digits maps Arabic-Indic and Persian digits to the ones patterns know.
var digits = strings.NewReplacer(
	"٠", "0", "١", "1", "٢", "2", "٣", "3", "٤", "4", "٥", "5", "٦", "6", "٧", "7", "٨", "8", "٩", "9",
	"۰", "0", "۱", "1", "۲", "2", "۳", "3", "۴", "4", "۵", "5", "۶", "6", "۷", "7", "۸", "8", "۹", "9",
	"\u00a0", " ", "\u200f", "", "\u200e", "",
)
