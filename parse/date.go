package parse

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// moment is a date as a page prints it.
type moment struct {
	at        time.Time
	precision string // second, minute or day
	zone      string // the page's own offset such as "+07:00"; empty when it gives none
	ago       bool   // counted back from the fetch
}

// The forms are found by patterns and never by time.Parse: its MST layout reads
// "GMT+7" as UTC and labels it +7 (golang/go#56392), and publishers here print
// "GMT+7".
var (
	isoDate  = regexp.MustCompile(`(?:^|\D)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:\D|$)`)
	dmyDate  = regexp.MustCompile(`(?:^|\D)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\D|$)`)
	cjkDate  = regexp.MustCompile(`(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日`)
	viDate   = regexp.MustCompile(`(?:^|\D)(\d{1,2})\s+tháng\s+(\d{1,2})(?:\s+năm|,)?\s+(\d{4})`)
	dayFirst = regexp.MustCompile(`(?:^|\D)(\d{1,2})(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?(` + monthNames + `)(?:\s*/\s*(?:` + monthNames + `))?\.?[,،]?\s+(?:de\s+)?(\d{4})`)
	monFirst = regexp.MustCompile(`(?:^|\PL)(` + monthNames + `)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})`)
	clock    = regexp.MustCompile(`(?:^|[^\d:.+])(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:\s*([ap])\.?m\b)?`)
	offset   = regexp.MustCompile(`^\s*\(?(?:(?:gmt|utc)?\s*([+-])(\d{1,2})(?::?(\d{2}))?(?:\D|$)|(z|gmt|utc)\b)`)
	epoch    = regexp.MustCompile(`^\d{10}(?:\d{3})?$`)
)

// parseDate reads a date in any form our publishers print. A time without an
// offset of its own is in zone. Dates outside 1990…2100 are not believed.
func parseDate(raw string, zone *time.Location) (moment, bool) {
	if !strings.ContainsFunc(raw, unicode.IsDigit) {
		return moment{}, false
	}
	text := fold(raw)
	if epoch.MatchString(text) {
		n, err := strconv.ParseInt(text[:10], 10, 64)
		at := time.Unix(n, 0).UTC()
		return moment{at: at, precision: "second", zone: "+00:00"}, err == nil && believable(at.Year())
	}
	day, rest, ok := findDay(text)
	if !ok {
		return moment{}, false
	}
	c := clock.FindStringSubmatchIndex(rest)
	if c == nil {
		return moment{at: day.in(zone, 0, 0, 0), precision: "day"}, true
	}
	group := func(i int) string {
		if c[2*i] < 0 {
			return ""
		}
		return rest[c[2*i]:c[2*i+1]]
	}
	m := moment{precision: "minute"}
	hour, minute, second := atoi(group(1)), atoi(group(2)), atoi(group(3))
	if group(3) != "" {
		m.precision = "second"
	}
	switch { // a 24-hour value with a meaningless suffix is as common as a true one
	case group(4) == "p" && hour > 0 && hour < 12:
		hour += 12
	case group(4) == "a" && hour == 12:
		hour = 0
	}
	if hour > 23 || minute > 59 || second > 59 {
		return moment{}, false
	}
	if own, name := day.offset(rest[c[1]:]); own != nil {
		zone, m.zone = own, name
	}
	m.at = day.in(zone, hour, minute, second)
	return m, true
}

// calendarDay is a day of the calendar, in no zone yet.
type calendarDay struct {
	year    int
	month   time.Month
	day     int
	figures bool // written as 17/09/2019
}

func (d calendarDay) in(zone *time.Location, hour, minute, second int) time.Time {
	return time.Date(d.year, d.month, d.day, hour, minute, second, 0, zone)
}

// offset is what stands right after the clock: "+07:00", "+0700", "Z", "GMT",
// "(GMT+7)". After a day in figures a bare "GMT" is the rest of a cut "GMT+7"
// and says nothing: machines that mean it do not write days that way.
func (d calendarDay) offset(text string) (*time.Location, string) {
	o := offset.FindStringSubmatch(text)
	switch {
	case o == nil, o[4] == "gmt" && d.figures:
		return nil, ""
	case o[4] != "":
		return time.UTC, "+00:00"
	}
	hours, minutes := atoi(o[2]), atoi(o[3])
	if hours > 14 || minutes > 59 {
		return nil, "" // the end of a span of time, or a number
	}
	ahead := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if o[1] == "-" {
		ahead = -ahead
	}
	return offsetOf(ahead)
}

// offsetOf is the zone that is so much ahead of UTC, and its name such as "+07:00".
func offsetOf(ahead time.Duration) (*time.Location, string) {
	seconds := int(ahead.Seconds())
	name := time.Time{}.In(time.FixedZone("", seconds)).Format("-07:00")
	return time.FixedZone(name, seconds), name
}

// findDay gives the calendar day and the text around it, where the clock stands.
func findDay(text string) (found calendarDay, rest string, ok bool) {
	for _, form := range []struct {
		pattern *regexp.Regexp
		y, m, d int
	}{{isoDate, 1, 2, 3}, {cjkDate, 1, 2, 3}, {viDate, 3, 2, 1}, {dayFirst, 3, 2, 1}, {monFirst, 3, 1, 2}, {dmyDate, 3, 2, 1}} {
		at := form.pattern.FindStringSubmatchIndex(text)
		if at == nil {
			continue
		}
		group := func(i int) string { return text[at[2*i]:at[2*i+1]] }
		day := calendarDay{year: atoi(group(form.y)), day: atoi(group(form.d)), figures: form.pattern == dmyDate}
		if day.month = months[strings.Join(strings.Fields(group(form.m)), " ")]; day.month == 0 {
			day.month = time.Month(atoi(group(form.m)))
		}
		t := day.in(time.UTC, 0, 0, 0)
		if !believable(day.year) || t.Month() != day.month { // 31/02 is in March
			continue
		}
		return day, text[:at[2]] + " " + text[at[2*3+1]:], true
	}
	return calendarDay{}, "", false
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

// fold writes a date as the patterns know it: lower case, Western digits, Arabic
// letters without the signs that writers of Arabic and Urdu set or leave out.
func fold(text string) string { return strings.ToLower(folding.Replace(norm.NFC.String(text))) }

var folding = strings.NewReplacer(
	"٠", "0", "١", "1", "٢", "2", "٣", "3", "٤", "4", "٥", "5", "٦", "6", "٧", "7", "٨", "8", "٩", "9",
	"۰", "0", "۱", "1", "۲", "2", "۳", "3", "۴", "4", "۵", "5", "۶", "6", "۷", "7", "۸", "8", "۹", "9",
	"أ", "ا", "إ", "ا", "آ", "ا", "ی", "ي", "ک", "ك",
	"\u00a0", " ", "\u200f", "", "\u200e", "",
)
