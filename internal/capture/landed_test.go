package capture

import (
	"testing"
	"time"
)

func TestWaiting(t *testing.T) {
	t.Parallel()
	s, _ := store(t)
	waits := func(what string, want bool) {
		t.Helper()
		n, since, err := s.Waiting()
		if err != nil || (n > 0) != want || since.IsZero() == want || time.Since(since) > time.Minute && want {
			t.Errorf("%s: %d bytes since %s, %v", what, n, since, err)
		}
	}
	waits("nothing", false)
	record(t, s, "vtcnews", 1)
	waits("one that is written to", false)
	if err := s.Rotate(); err != nil {
		t.Fatal(err)
	}
	waits("one that is closed", true)
	for _, g := range closedNow(t, s) {
		if err := s.Remove(g); err != nil {
			t.Fatal(err)
		}
	}
	waits("all landed", false)
}
