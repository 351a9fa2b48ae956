package parse

import (
	"regexp"
	"slices"
	"testing"
	"time"
)

var ownZone = regexp.MustCompile(`^(?:[+-]\d\d:\d\d)?$`)

// FuzzParseDate: no panic; what is taken for a date is one, and written in full
// it is the same date again.
func FuzzParseDate(f *testing.F) {
	for _, form := range dateForms {
		f.Add(form.raw)
	}
	zone := time.FixedZone("", 7*3600)
	f.Fuzz(func(t *testing.T, raw string) {
		got, ok := parseDate(raw, zone)
		if !ok {
			return
		}
		if y := got.at.Year(); y < 1989 || y > 2101 {
			t.Errorf("%q: %v is not to be believed", raw, got.at)
		}
		if !slices.Contains([]string{"second", "minute", "day"}, got.precision) || !ownZone.MatchString(got.zone) {
			t.Errorf("%q: precision %q, zone %q", raw, got.precision, got.zone)
		}
		if h, m, s := got.at.Clock(); got.precision == "day" && (h != 0 || m != 0 || s != 0) || got.precision == "minute" && s != 0 {
			t.Errorf("%q: %v is finer than %s", raw, got.at, got.precision)
		}
		if again, ok := parseDate(got.at.Format(time.RFC3339), zone); !ok || !again.at.Equal(got.at) {
			t.Errorf("%q: read as %v, which is read as %v", raw, got.at, again.at)
		}
	})
}
