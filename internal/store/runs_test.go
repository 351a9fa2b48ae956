package store

import (
	"testing"
	"time"
)

// TestLastWhole: a run counts that ended well and saw every list.
func TestLastWhole(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "")
	last := func(want time.Time) {
		t.Helper()
		if got, err := s.LastWhole(t.Context(), "qk7"); err != nil || !got.Equal(want) {
			t.Errorf("last whole run: %s, %v; want %s", got, err, want)
		}
	}
	run := func(id, source, summary string) time.Time {
		t.Helper()
		c.step(time.Hour)
		must(t, s.BeginRun(t.Context(), id, source))
		if summary != "" {
			must(t, s.EndRun(t.Context(), id, []byte(summary)))
		}
		return c.now()
	}
	last(time.Time{})
	first := run("1", "qk7", `{"steps":[{"kind":"feed"}]}`)
	last(first)
	run("2", "qk7", `{"steps":[{"kind":"feed"},{"kind":"sitemap","error":"it answers 500"}]}`)
	run("3", "qk7", `{"steps":[],"error":"told to stop"}`)
	run("4", "qk7", "") // cut off
	run("5", "vtcnews", `{"steps":[]}`)
	last(first)
	last(run("6", "qk7", `{"steps":[]}`))
}
