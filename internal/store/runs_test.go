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
	run := func(id, source, kind string, ends, whole bool) time.Time {
		t.Helper()
		c.step(time.Hour)
		must(t, s.BeginRun(t.Context(), id, source, kind))
		if ends {
			must(t, s.EndRun(t.Context(), id, []byte(`{}`), whole))
		}
		return c.now()
	}
	last(time.Time{})
	first := run("1", "qk7", "news", true, true)
	last(first)
	run("2", "qk7", "news", true, false)
	run("3", "qk7", "news", false, false) // cut off
	run("4", "vtcnews", "news", true, true)
	run("5", "qk7", "backfill", true, false)
	last(first)
	last(run("6", "qk7", "news", true, true))
}
