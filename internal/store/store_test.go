package store

import (
	"database/sql"
	"errors"
	"iter"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"attache/internal/article"
)

// clock is set by hand.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, time.November, 20, 6, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) step(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// opened is a new store; with a drop, when date is not empty.
func opened(t *testing.T, date string) (*Store, *clock) {
	t.Helper()
	c := newClock()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "attache.db"), c.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if date != "" {
		must(t, s.Advance(t.Context(), date))
	}
	return s, c
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// item opens the article of that id and gives its item.
func item(t *testing.T, s *Store, source, id string) Item {
	t.Helper()
	articleID := article.ID(source, id)
	_, err := s.OpenNew(t.Context(), source, []Listed{{ArticleID: articleID, URL: "https://example.org/" + id}}, nil)
	must(t, err)
	for _, i := range todo(t, s, source) {
		if i.ArticleID == articleID {
			return i
		}
	}
	t.Fatalf("%s was opened and is not to do", articleID)
	return Item{}
}

func todo(t *testing.T, s *Store, source string) []Item {
	t.Helper()
	items, err := s.Todo(t.Context(), source, false)
	must(t, err)
	return items
}

// page is the record of an article that says text.
func page(i Item, text string) *article.Record {
	return &article.Record{ArticleID: i.ArticleID, Source: i.Source, URL: i.URL, Content: article.Content{Title: "Defence talks", BodyText: text}}
}

// all gathers rows; they are valid only until the next, so each is copied.
func all(t *testing.T, rows iter.Seq2[[]byte, error]) (texts []string) {
	t.Helper()
	for row, err := range rows {
		must(t, err)
		texts = append(texts, string(row))
	}
	return texts
}

func TestOneProcessAtATime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "attache.db")
	first, err := Open(t.Context(), path, nil)
	must(t, err)
	if second, err := Open(t.Context(), path, nil); !errors.Is(err, ErrLocked) {
		t.Errorf("the second Open gave %v, %v", second, err)
	}
	if held, err := Held(path); !held || err != nil {
		t.Errorf("it is held: %t, %v", held, err)
	}
	must(t, first.Close())
	if held, err := Held(path); held || err != nil {
		t.Errorf("after it was let go it is held: %t, %v", held, err)
	}
	if held, err := Held(path + "x"); held || err != nil {
		t.Errorf("what is not there is held: %t, %v", held, err)
	}
	again, err := Open(t.Context(), path, nil)
	must(t, err)
	must(t, again.Close())
}

// TestReadOnly: what SQLite says of a folder that may not be written to helps nobody.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "attache.db")
	s, err := Open(t.Context(), path, nil)
	must(t, err)
	must(t, s.Close())
	db, err := sql.Open("sqlite", dsn(path, "mode", "ro"))
	must(t, err)
	defer db.Close()
	_, err = db.ExecContext(t.Context(), `DELETE FROM items`)
	if err := foreign(err); err == nil || !strings.Contains(err.Error(), "run as the user that runs attache") {
		t.Errorf("it says %v", err)
	}
}

func TestNewerFileIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "attache.db")
	s, err := Open(t.Context(), path, nil)
	must(t, err)
	_, err = s.w.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`)
	must(t, err)
	must(t, s.Close())

	_, err = Open(t.Context(), path, nil)
	if !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "version 99") {
		t.Errorf("Open of a newer file: %v", err)
	}
	// The refusal lets the file go.
	if _, err = Open(t.Context(), path, nil); !errors.Is(err, ErrNewer) {
		t.Errorf("Open after a refusal: %v", err)
	}
}

func TestForkLeavesTheOriginalAlone(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	i := item(t, s, "vtcnews", "ar1")
	path := filepath.Join(t.TempDir(), "trial.db")
	must(t, s.Fork(t.Context(), path))

	fork, err := Open(t.Context(), path, c.now)
	must(t, err)
	defer fork.Close()
	_, err = fork.Keep(t.Context(), todo(t, fork, "vtcnews")[0], page(i, "Read for a trial."), Telling{})
	must(t, err)
	must(t, fork.Advance(t.Context(), "2026-11-25"))

	if got := todo(t, s, "vtcnews"); len(got) != 1 || got[0].ID != i.ID {
		t.Errorf("the original's item after a trial: %+v", got)
	}
	if n, err := s.Count(t.Context()); n != 0 || err != nil {
		t.Errorf("the original has %d records, %v", n, err)
	}
	if date, err := s.OpenDate(t.Context()); date != "2026-11-20" || err != nil {
		t.Errorf("the original's open day is %s, %v", date, err)
	}
}
