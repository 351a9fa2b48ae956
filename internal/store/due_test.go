package store

import (
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"
)

// TestPausesAndDueTimesAreApart: one does not undo the other.
func TestPausesAndDueTimesAreApart(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "")
	due, since := c.now().Add(time.Hour), c.now()
	stands := func(wantDue, wantPaused time.Time) {
		t.Helper()
		at, err := s.Due(t.Context(), "qk7")
		must(t, err)
		paused, err := s.Paused(t.Context(), "qk7")
		must(t, err)
		if !at.Equal(wantDue) || !paused.Equal(wantPaused) {
			t.Errorf("due %s, paused %s; want %s, %s", at, paused, wantDue, wantPaused)
		}
	}
	stands(time.Time{}, time.Time{})
	must(t, s.SetPaused(t.Context(), "qk7", since))
	stands(time.Time{}, since)
	must(t, s.SetDue(t.Context(), "qk7", due))
	stands(due, since)
	must(t, s.SetPaused(t.Context(), "qk7", time.Time{}))
	stands(due, time.Time{})
	must(t, s.Ping(t.Context()))
}

// TestRunsPageByPage: runs that began in the same moment are neither lost nor doubled.
func TestRunsPageByPage(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "")
	for n := range 9 {
		source := []string{"qk7", "vtcnews"}[n%2]
		must(t, s.BeginRun(t.Context(), strconv.Itoa(n), source, "news"))
		if n%3 == 2 {
			c.step(time.Minute)
		}
	}
	for source, want := range map[string][]string{"": {"8", "7", "6", "5", "4", "3", "2", "1", "0"}, "vtcnews": {"7", "5", "3", "1"}} {
		var got []string
		for before := ""; ; before = got[len(got)-1] {
			runs, err := s.Runs(t.Context(), source, before, 2)
			must(t, err)
			if len(runs) == 0 {
				break
			}
			for _, r := range runs {
				got = append(got, r.ID)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q", source, got)
		}
	}
	if _, err := s.Runs(t.Context(), "", "nothing", 1); !errors.Is(err, ErrNoRun) {
		t.Error(err)
	}
	must(t, s.Said(t.Context(), "1", 0, []string{"a", "b", "c", "d"}))
	if lines, err := s.Log(t.Context(), "1", 1, 2); !slices.Equal(lines, []string{"b", "c"}) || err != nil {
		t.Errorf("%q, %v", lines, err)
	}
}
