package pipeline

import (
	"testing"
	"time"

	"attache/internal/article"
	"attache/internal/store"
)

// TestDoubtDate: a published time the list does not agree with is said, and kept.
func TestDoubtDate(t *testing.T) {
	t.Parallel()
	listed := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		page  *time.Time
		dated time.Time
		doubt bool
	}{
		"the same":          {&listed, listed, false},
		"a day by its zone": {new(listed.Add(-33 * time.Hour)), listed, false},
		"two days before":   {new(listed.Add(-48 * time.Hour)), listed, true},
		"a month ahead":     {new(listed.AddDate(0, 1, 0)), listed, true},
		"no list date":      {&listed, time.Time{}, false},
		"no page date":      {nil, listed, false},
	} {
		r := article.Record{Content: article.Content{PublishedAt: c.page}}
		doubtDate(store.Item{Dated: c.dated}, &r)
		if got := len(r.Quality) == 1; got != c.doubt {
			t.Errorf("%s: %+v", name, r.Quality)
		}
	}
}
