package pipeline

import (
	"slices"
	"testing"
)

// TestDrift holds the comparison of a source with its own past.
func TestDrift(t *testing.T) {
	t.Parallel()
	run := func(listed, pages, authors, fallback, quarantined int) Report {
		return Report{Listed: listed, Coverage: Coverage{
			Pages: pages, Fallback: fallback, Quarantined: quarantined, Fields: map[string]int{"title": pages, "authors": authors},
		}}
	}
	usual := []Report{run(20, 10, 9, 0, 0), run(20, 10, 10, 1, 0), run(20, 10, 9, 0, 0), run(20, 10, 8, 0, 0)}
	quiet := slices.Repeat([]Report{run(0, 0, 0, 0, 0)}, silentRuns)
	for name, c := range map[string]struct {
		newest []Report
		want   []string
	}{
		"as ever":         {[]Report{run(20, 10, 9, 0, 0)}, nil},
		"a little worse":  {[]Report{run(20, 10, 8, 1, 1)}, nil},
		"authors vanish":  {[]Report{run(20, 6, 0, 0, 0), run(20, 5, 1, 0, 0)}, []string{"authors: a rule answers on 9 % of pages, usually 90 %"}},
		"a redesign":      {[]Report{run(20, 12, 11, 12, 0)}, []string{"the fallback reader is needed on 100 % of pages, usually 2 %"}},
		"a contract":      {[]Report{run(20, 12, 11, 0, 6)}, []string{"a contract breaks on 50 % of pages, usually 0 %"}},
		"silence":         {quiet, []string{"the last 8 runs found nothing listed"}},
		"not long silent": {quiet[1:], nil},
	} {
		if got := Drift(append(c.newest, usual...)); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	if got := Drift(append([]Report{run(20, 12, 0, 12, 12)}, usual[:2]...)); len(got) != 0 {
		t.Errorf("20 pages are too few to know what is usual: %q", got)
	}
	if got := Drift(nil); len(got) != 0 {
		t.Errorf("no runs: %q", got)
	}
	if got := Drift(quiet); len(got) != 0 {
		t.Errorf("a source that never listed anything has not changed: %q", got)
	}
}
