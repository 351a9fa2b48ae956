package store

import (
	"strings"
	"testing"
	"time"
)

// days renders all drops: a date, then + while it is open and ! when attache ran.
func days(t *testing.T, s *Store) string {
	t.Helper()
	drops, err := s.Drops(t.Context())
	must(t, err)
	var words []string
	for _, d := range drops {
		word := strings.TrimPrefix(d.Date, "2026-")
		if d.Closed.IsZero() {
			word += "+"
		}
		if d.Running {
			word += "!"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func TestAdvanceOnlyForward(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "")
	for _, step := range []struct{ to, want string }{
		{"2026-11-27", "11-27+"},
		{"2026-11-27", "11-27+"},
		{"2026-11-26", "11-27+"}, // the clock was put back
		{"2026-11-28", "11-27 11-28+"},
		{"2026-12-02", "11-27 11-28 11-29 11-30 12-01 12-02+"},
		{"2025-12-31", "11-27 11-28 11-29 11-30 12-01 12-02+"},
	} {
		c.step(time.Minute)
		must(t, s.Advance(t.Context(), step.to))
		if got := days(t, s); got != step.want {
			t.Errorf("after %s: %s, want %s", step.to, got, step.want)
		}
	}
	if s.Advance(t.Context(), "2026-13-01") == nil {
		t.Error("a date that is none was taken")
	}
}

func TestWindowsMeetAndNeverEndBeforeTheyBegan(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	c.step(-2 * time.Hour)
	must(t, s.Advance(t.Context(), "2026-11-21"))
	c.step(26 * time.Hour)
	must(t, s.Advance(t.Context(), "2026-11-24"))
	drops, err := s.Drops(t.Context())
	must(t, err)
	for n, d := range drops[:len(drops)-1] {
		if d.Closed.Before(d.Opened) || !drops[n+1].Opened.Equal(d.Closed) {
			t.Errorf("%s was open from %s to %s, the next from %s", d.Date, d.Opened, d.Closed, drops[n+1].Opened)
		}
	}
}

func TestDropsSayWhetherAttacheRan(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	must(t, s.BeginRun(t.Context(), "run1", "vtcnews", "news"))
	c.step(24 * time.Hour)
	must(t, s.Advance(t.Context(), "2026-11-21"))
	c.step(48 * time.Hour)
	must(t, s.Advance(t.Context(), "2026-11-23"))
	must(t, s.BeginRun(t.Context(), "run2", "vtcnews", "news"))
	if got, want := days(t, s), "11-20! 11-21 11-22 11-23+!"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestRevisionsGoToTheOpenDrop(t *testing.T) {
	t.Parallel()
	s, _ := opened(t, "")
	i := item(t, s, "vtcnews", "ar1")
	if _, err := s.Keep(t.Context(), i, page(i, "Before any drop is open."), Telling{}); err == nil {
		t.Error("a record was kept without an open drop")
	}
	if len(todo(t, s, "vtcnews")) != 1 {
		t.Fatal("its item ended all the same")
	}
	must(t, s.Advance(t.Context(), "2026-11-20"))
	_, err := s.Keep(t.Context(), i, page(i, "On the first day."), Telling{})
	must(t, err)
	must(t, s.Advance(t.Context(), "2026-11-22"))
	late := item(t, s, "vtcnews", "ar2")
	_, err = s.Keep(t.Context(), late, page(late, "On the third day."), Telling{})
	must(t, err)
	for date, want := range map[string]string{"2026-11-20": "On the first day.", "2026-11-21": "", "2026-11-22": "On the third day."} {
		rows := all(t, s.Rows(t.Context(), date))
		counts, err := s.RowsBySource(t.Context(), date)
		must(t, err)
		if int(counts["vtcnews"]) != len(rows) || (want == "") != (len(rows) == 0) || want != "" && !strings.Contains(rows[0], want) {
			t.Errorf("%s: %d counted, rows %q, want %q", date, counts["vtcnews"], rows, want)
		}
	}
}

func TestIntendOnceAndOnlyWhenClosed(t *testing.T) {
	t.Parallel()
	s, _ := opened(t, "2026-11-20")
	if s.Intend(t.Context(), "2026-11-20", 0, []byte("early"), "") == nil {
		t.Error("an open day took a manifest")
	}
	must(t, s.Advance(t.Context(), "2026-11-21"))
	must(t, s.Intend(t.Context(), "2026-11-20", 0, []byte("first"), "a"))
	if s.Intend(t.Context(), "2026-11-20", 0, []byte("second"), "b") == nil {
		t.Error("a day took a second manifest")
	}
	if drops, err := s.Drops(t.Context()); err != nil || drops[0].Path != "a" || string(drops[0].Manifest) != "first" {
		t.Errorf("the drops are %+v, %v", drops, err)
	}
	must(t, s.Sealed(t.Context(), "2026-11-20", 0))
	drops, err := s.Drops(t.Context())
	must(t, err)
	if d := drops[0]; d.Manifest != nil || d.Path != "" || d.Sealed.IsZero() || !drops[1].Sealed.IsZero() {
		t.Errorf("the drops are %+v", drops)
	}
}

func TestAdvanceDoesNotBelieveAClockYearsAhead(t *testing.T) {
	t.Parallel()
	s, _ := opened(t, "")
	must(t, s.Advance(t.Context(), "2026-11-21"))
	if err := s.Advance(t.Context(), "2031-11-21"); err == nil || !strings.Contains(err.Error(), "set the clock") {
		t.Errorf("five years ahead: %v", err)
	}
	if date, err := s.OpenDate(t.Context()); date != "2026-11-21" || err != nil {
		t.Errorf("open is %s, %v", date, err)
	}
}
