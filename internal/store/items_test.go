package store

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"attache/internal/article"
)

func TestItemEndsExactlyOnce(t *testing.T) {
	t.Parallel()
	ends := map[string]func(s *Store, i Item) error{
		"end": func(s *Store, i Item) error { return s.End(t.Context(), i, article.OutOfScope, "sport") },
		"keep": func(s *Store, i Item) error {
			_, err := s.Keep(t.Context(), i, page(i, "Ministers met."), Telling{})
			return err
		},
		"attempt": func(s *Store, i Item) error {
			_, err := s.Attempt(t.Context(), i, 1, time.Time{}, "timeout")
			return err
		},
	}
	for first, end := range ends {
		for second, again := range ends {
			t.Run(first+" then "+second, func(t *testing.T) {
				t.Parallel()
				s, _ := opened(t, "2026-11-20")
				i := item(t, s, "vtcnews", "ar1")
				must(t, end(s, i))
				before, err := s.Count(t.Context())
				must(t, err)
				if again(s, i) == nil {
					t.Error("a second outcome was taken")
				}
				if after, err := s.Count(t.Context()); after != before || err != nil {
					t.Errorf("the refused outcome left a record: %d before, %d after, %v", before, after, err)
				}
				// Ended is known: listed again, it is not opened again.
				if n, err := s.OpenNew(t.Context(), "vtcnews", []Listed{{ArticleID: i.ArticleID, URL: i.URL}}, nil); n.All != 0 || err != nil {
					t.Errorf("opened %+v again, %v", n, err)
				}
			})
		}
	}
}

func TestEndKnowsItsWords(t *testing.T) {
	t.Parallel()
	s, _ := opened(t, "2026-11-20")
	i := item(t, s, "vtcnews", "ar1")
	if s.End(t.Context(), i, "lost", "") == nil {
		t.Error("an outcome outside the vocabulary was taken")
	}
	if len(todo(t, s, "vtcnews")) != 1 {
		t.Error("the item ended all the same")
	}
}

// revisit opens an ended article once more, as nothing in this version does yet.
func revisit(t *testing.T, s *Store, i Item) Item {
	t.Helper()
	err := s.w.QueryRowContext(t.Context(), `INSERT INTO items (article_id, source, kind, url, opened_at) VALUES (?, ?, 'revisit', ?, ?) RETURNING id`,
		i.ArticleID, i.Source, i.URL, micros(s.now())).Scan(&i.ID)
	must(t, err)
	return i
}

func TestKeepNumbersRevisions(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	i := item(t, s, "vtcnews", "ar1")
	for n, visit := range []struct {
		text     string
		outcome  article.Outcome
		revision int // of the newest row afterwards
		change   article.ChangeType
	}{
		{"Two ministers met.", article.Stored, 1, article.Added},
		{"Two ministers met.", article.Unchanged, 1, article.Added},
		{"Two ministers met in Hanoi.", article.Revised, 2, article.Changed},
		{"Two ministers met in Hanoi.", article.Unchanged, 2, article.Changed},
		{"Two ministers met.", article.Revised, 3, article.Changed}, // back to the first text is news too
	} {
		if n > 0 {
			c.step(time.Hour)
			i = revisit(t, s, i)
		}
		outcome, err := s.Keep(t.Context(), i, page(i, visit.text), Telling{})
		must(t, err)
		rows := all(t, s.Rows(t.Context(), "2026-11-20"))
		var newest article.Record
		must(t, json.Unmarshal([]byte(rows[len(rows)-1]), &newest))
		if outcome != visit.outcome || len(rows) != visit.revision || newest.Revision != visit.revision || newest.ChangeType != visit.change {
			t.Errorf("visit %d: %s, %d rows, newest is revision %d %s; want %+v", n, outcome, len(rows), newest.Revision, newest.ChangeType, visit)
		}
	}
}

func TestAttemptRestsAndEnds(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "")
	i := item(t, s, "vtcnews", "ar1")
	for n, rest := range []time.Duration{10 * time.Minute, 40 * time.Minute, 160 * time.Minute, 640 * time.Minute} {
		ended, err := s.Attempt(t.Context(), i, 5, time.Time{}, "timeout")
		if ended || err != nil {
			t.Fatalf("visit %d: ended %v, %v", n+1, ended, err)
		}
		c.step(rest - time.Microsecond)
		if len(todo(t, s, "vtcnews")) != 0 {
			t.Errorf("after visit %d it does not rest %s", n+1, rest)
		}
		c.step(time.Microsecond)
		if got := todo(t, s, "vtcnews"); len(got) != 1 || got[0].Attempts != n+1 {
			t.Errorf("after the rest of visit %d: %+v", n+1, got)
		}
	}
	began := c.now()
	ended, err := s.Attempt(t.Context(), i, 5, time.Time{}, "reset by peer")
	if !ended || err != nil {
		t.Fatalf("the last visit: ended %v, %v", ended, err)
	}
	reasons, err := s.Reasons(t.Context(), "vtcnews", began, 10)
	must(t, err)
	if len(reasons) != 1 || reasons[0].Outcome != article.Failed || !strings.Contains(reasons[0].Reason, "5 visits: reset by peer") {
		t.Errorf("it ended as %+v", reasons)
	}
}

func TestRestCostsNoVisit(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "")
	first, second := item(t, s, "vtcnews", "ar1"), item(t, s, "vtcnews", "ar2")
	must(t, s.Rest(t.Context(), first, c.now().Add(time.Hour)))
	if got := todo(t, s, "vtcnews"); len(got) != 1 || got[0].ID != second.ID {
		t.Errorf("while the first rests: %+v", got)
	}
	c.step(time.Hour)
	if got := todo(t, s, "vtcnews"); len(got) != 2 || got[1].ID != first.ID {
		t.Errorf("after the rest: %+v", got)
	}
}

func TestHorizonIsFixedByTheFirstCall(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "")
	first := c.now().Add(-7 * 24 * time.Hour)
	must(t, s.SetDue(t.Context(), "qk7", c.now())) // makes the row, and no horizon
	for n := range 3 {
		got, err := s.Horizon(t.Context(), "qk7", first.Add(time.Duration(n)*time.Hour))
		if !got.Equal(first) || err != nil {
			t.Errorf("call %d: %s, %v; want %s", n+1, got, err, first)
		}
		must(t, s.SetDue(t.Context(), "qk7", c.now().Add(time.Duration(n)*time.Minute)))
	}
	due, err := s.Due(t.Context(), "qk7")
	if want := c.now().Add(2 * time.Minute); !due.Equal(want) || err != nil {
		t.Errorf("due %s, %v; want %s", due, err, want)
	}
}
