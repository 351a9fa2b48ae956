package crawlers

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The forms in which lists write dates, each with or without a time of day:
// W3C Datetime and what resembles it; RFC 5322 as feeds have it, "GMT+7" included;
// and, wherever it stands in a text, the day first, as the Vietnamese and most others write it.
var (
	isoDate = regexp.MustCompile(`^(\d{4})-(\d\d)-(\d\d)(?:[T ]+(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?\s*([A-Za-z]*[+-]?[\d:]*)`)
	rfcDate = regexp.MustCompile(`^(?:[A-Za-z]+,?\s+)?(\d{1,2})[ -]([A-Za-z]{3})[A-Za-z]*[ -](\d{4}),?(?:\s+(\d{1,2}):(\d\d)(?::(\d\d))?)?\s*([A-Za-z]*\s?[+-]?[\d:]*)`)
	dayDate = regexp.MustCompile(`(?:^|\D)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\D|$)`)
	clock   = regexp.MustCompile(`(?:^|\D)(\d{1,2}):(\d\d)(?::(\d\d))?(?:\D|$)`)
	offset  = regexp.MustCompile(`^(?i:GMT|UTC|UT|Z)?\s*(?:([+-])(\d{1,2})(?::?(\d\d))?)?$`)
)

// moment reads a date as a list writes it: by the layouts of the source if it has
// any, else by the forms above. Without an offset it is the zone's; a bare day is
// its end, as the entry may be as late as that. Zero when it is no date.
func moment(text string, zone *time.Location, layouts ...string) time.Time {
	text = strings.TrimSpace(text)
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t
		}
	}
	if m := isoDate.FindStringSubmatch(text); m != nil {
		return assemble(m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8], zone)
	}
	if m := rfcDate.FindStringSubmatch(text); m != nil {
		if month, err := time.Parse("Jan", m[2]); err == nil {
			return assemble(m[3], strconv.Itoa(int(month.Month())), m[1], m[4], m[5], m[6], "", m[7], zone)
		}
	}
	if m := dayDate.FindStringSubmatch(text); m != nil {
		c := clock.FindStringSubmatch(text)
		if c == nil {
			c = make([]string, 4)
		}
		return assemble(m[3], m[2], m[1], c[1], c[2], c[3], "", "", zone)
	}
	return time.Time{}
}

// assemble makes a time of its parts in digits; zero when there is no such time
// or its zone is not known.
func assemble(year, month, day, hour, minute, second, fraction, zone string, local *time.Location) time.Time {
	if zone = strings.TrimSpace(zone); zone != "" {
		m := offset.FindStringSubmatch(zone)
		if m == nil {
			return time.Time{}
		}
		east := number(m[2])*3600 + number(m[3])*60
		if m[1] == "-" {
			east = -east
		}
		local = time.FixedZone("", east)
	}
	if hour == "" {
		hour, minute, second = "23", "59", "59"
	}
	text := fmt.Sprintf("%s-%02d-%02d %02d:%s:%02d", year, number(month), number(day), number(hour), minute, number(second))
	if fraction != "" {
		text += "." + fraction
	}
	t, err := time.ParseInLocation("2006-01-02 15:04:05", text, local)
	if err != nil {
		return time.Time{}
	}
	return t
}

// number is the value of a few digits; 0 of none.
func number(digits string) int {
	n, _ := strconv.Atoi(digits) // what is no number is refused as a date
	return n
}

// epoch reads seconds or, as scripts count, milliseconds since 1970.
func epoch(n int64) time.Time {
	switch {
	case n <= 0:
		return time.Time{}
	case n >= 1e11: // as seconds: the year 5138
		return time.UnixMilli(n).UTC()
	}
	return time.Unix(n, 0).UTC()
}
