package store_test

import (
	"path/filepath"
	"testing"

	"attache/internal/article"
	"attache/internal/store"
)

// TestQuarantine takes an address in, out and in again; each time is a work item of its own.
func TestQuarantine(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, err := store.Open(ctx, filepath.Join(t.TempDir(), "attache.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.OpenNew(ctx, "gazette", []store.Listed{{ArticleID: "gazette:1", URL: "https://gazette.example/1"}, {ArticleID: "gazette:2", URL: "https://gazette.example/2"}}, nil); err != nil {
		t.Fatal(err)
	}
	todo := func(want int) []store.Item {
		t.Helper()
		items, err := s.Todo(ctx, "gazette", false)
		if err != nil || len(items) != want {
			t.Fatalf("to do: %v, %v, want %d", items, err, want)
		}
		return items
	}
	release := func(source string, want int64) {
		t.Helper()
		if n, err := s.Release(ctx, source); err != nil || n != want {
			t.Fatalf("released %d of %s, %v, want %d", n, source, err, want)
		}
	}
	items := todo(2)
	for i, outcome := range []article.Outcome{article.Quarantined, article.OutOfScope} {
		if err := s.End(ctx, items[i], outcome, "because"); err != nil {
			t.Fatal(err)
		}
	}
	held, err := s.InQuarantine(ctx, "")
	if err != nil || len(held) != 1 || held[0].URL != "https://gazette.example/1" || held[0].Reason != "because" {
		t.Fatalf("in quarantine: %+v, %v", held, err)
	}
	release("herald", 0)
	release("gazette", 1)
	release("gazette", 0) // it is open: not a second time
	again := todo(1)[0]
	if again.Kind != "revisit" || !again.FirstSeen.Equal(items[0].FirstSeen) {
		t.Errorf("opened again as %+v", again)
	}
	if err := s.End(ctx, again, article.Quarantined, "still"); err != nil {
		t.Fatal(err)
	}
	release("", 1)
}
