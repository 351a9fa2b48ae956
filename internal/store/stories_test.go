package store

import (
	"testing"
	"time"
)

func TestNeighboursShareKeysAndDays(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	tells := func(id string, told Telling) {
		t.Helper()
		i := item(t, s, "vtcnews", id)
		_, err := s.Keep(t.Context(), i, page(i, "They met: "+id), told)
		must(t, err)
	}
	today := int(c.now().Unix() / 86400)
	tells("ar1", Telling{Day: today, Sketch: []byte("1"), Text: []int64{1, 2, 3}})
	tells("ar2", Telling{Day: today, Sketch: []byte("2"), Text: []int64{3, 4, 5}})                    // one key is chance
	tells("ar3", Telling{Day: today - 9, Sketch: []byte("3"), Text: []int64{1, 2, 3}})                // too long ago
	tells("ar4", Telling{Day: today - 3, Sketch: []byte("4"), Text: []int64{9}, Other: []int64{100}}) // a picture is enough
	find := func(want ...string) {
		t.Helper()
		found, err := s.Neighbours(t.Context(), "vtcnews:ar9", Telling{Day: today, Text: []int64{1, 2, 3}, Other: []int64{100}}, 7)
		must(t, err)
		if len(found) != len(want) {
			t.Fatalf("found %+v, want %v", found, want)
		}
		for n, f := range found {
			if f.ArticleID != want[n] || string(f.Sketch) != want[n][len(want[n])-1:] {
				t.Errorf("found %+v, want %v", found, want)
			}
		}
	}
	find("vtcnews:ar1", "vtcnews:ar4")
	// Its newest text is what an article is found by.
	i := revisit(t, s, Item{ArticleID: "vtcnews:ar1", Source: "vtcnews", URL: "https://example.org/ar1"})
	_, err := s.Keep(t.Context(), i, page(i, "They met again."), Telling{Day: today, Sketch: []byte("1"), Text: []int64{7, 8}})
	must(t, err)
	find("vtcnews:ar4")
	c.step(40 * 24 * time.Hour)
	must(t, s.forgetStories(t.Context()))
	find()
}
