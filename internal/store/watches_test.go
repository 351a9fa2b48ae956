package store

import (
	"encoding/json"
	"testing"
	"time"

	"attache/internal/article"
)

// watched stores the article and leaves it to be looked at again after d.
func watched(t *testing.T, s *Store, c *clock, id string, d time.Duration) Item {
	t.Helper()
	i := item(t, s, "vtcnews", id)
	i.Watch = Watch{Next: c.now().Add(d), ETag: `W/"a"`, LastModified: "Sat, 21 Nov 2026 02:15:00 GMT"}
	_, err := s.Keep(t.Context(), i, page(i, "Two ministers met."), Telling{})
	must(t, err)
	return i
}

func revisits(t *testing.T, s *Store, want int) {
	t.Helper()
	if n, err := s.OpenRevisits(t.Context(), "vtcnews", 100); n != want || err != nil {
		t.Errorf("%d revisits were opened, %v; want %d", n, err, want)
	}
}

func TestAWatchComesRoundOnce(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	first := watched(t, s, c, "ar1", time.Hour)
	watched(t, s, c, "ar2", 2*time.Hour)
	c.step(time.Hour - time.Second)
	revisits(t, s, 0)
	c.step(time.Second)
	revisits(t, s, 1)
	revisits(t, s, 0) // it is open
	got := todo(t, s, "vtcnews")
	if len(got) != 1 || got[0].ArticleID != first.ArticleID || got[0].Kind != "revisit" || got[0].Watch.ETag != `W/"a"` || got[0].Watch.LastModified == "" {
		t.Fatalf("to do: %+v", got)
	}
	if !got[0].FirstSeen.Equal(first.FirstSeen) {
		t.Errorf("first seen %s, was %s", got[0].FirstSeen, first.FirstSeen)
	}
	got[0].Watch = Watch{} // the last look
	must(t, s.End(t.Context(), got[0], article.Unchanged, ""))
	c.step(24 * time.Hour)
	revisits(t, s, 1) // the other
}

func TestRevisitsOpenTheLongestDueFirst(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	watched(t, s, c, "ar1", 3*time.Hour)
	watched(t, s, c, "ar2", time.Hour)
	c.step(5 * time.Hour)
	if n, err := s.OpenRevisits(t.Context(), "vtcnews", 1); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if got := todo(t, s, "vtcnews"); len(got) != 1 || got[0].ArticleID != "vtcnews:ar2" {
		t.Errorf("to do: %+v", got)
	}
}

func TestGoneIsConfirmedAndWithdrawn(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	watched(t, s, c, "ar1", time.Hour)
	c.step(time.Hour)
	revisits(t, s, 1)
	i := todo(t, s, "vtcnews")[0]
	first := c.now()
	must(t, s.Gone(t.Context(), i, c.now().Add(6*time.Hour)))
	if len(todo(t, s, "vtcnews")) != 0 {
		t.Error("it is to be visited again at once")
	}
	c.step(6 * time.Hour)
	must(t, s.Gone(t.Context(), i, c.now())) // once more: the first time counts
	i = todo(t, s, "vtcnews")[0]
	if !i.GoneAt.Equal(first) {
		t.Errorf("gone at %s, was %s", i.GoneAt, first)
	}
	if gone, looked, err := s.GoneLately(t.Context(), "vtcnews", c.now().Add(-24*time.Hour)); gone != 1 || looked != 1 || err != nil {
		t.Errorf("%d gone of %d, %v", gone, looked, err)
	}
	i.Watch = Watch{}
	_, err := s.Withdraw(t.Context(), i, "run-2", article.FromPublisher, "410 twice")
	must(t, err)
	r, err := s.Latest(t.Context(), i.ArticleID)
	must(t, err)
	if r.Revision != 2 || r.ChangeType != article.Removed || r.ChangeReason != article.FromPublisher || r.RunID != "run-2" || r.BodyText != "Two ministers met." {
		t.Errorf("the row says %+v", r)
	}
	// The very text of before is a change after a withdrawal.
	back := revisit(t, s, i)
	if o, err := s.Keep(t.Context(), back, page(back, "Two ministers met."), Telling{}); o != article.Revised || err != nil {
		t.Errorf("come back it is %s, %v", o, err)
	}
}

func TestOnlyWhatWasStoredIsWithdrawn(t *testing.T) {
	t.Parallel()
	s, _ := opened(t, "2026-11-20")
	i := item(t, s, "vtcnews", "ar1")
	if _, err := s.Withdraw(t.Context(), i, "run-1", article.FromPublisher, "404"); err == nil {
		t.Error("an article nobody stored was withdrawn")
	}
	if len(todo(t, s, "vtcnews")) != 1 {
		t.Error("the refused withdrawal ended the item")
	}
}

func TestLeavingTheTopicIsARow(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	watched(t, s, c, "ar1", time.Hour)
	c.step(time.Hour)
	revisits(t, s, 1)
	i := todo(t, s, "vtcnews")[0]
	_, err := s.Withdraw(t.Context(), i, "run-2", article.FromTopic, "topic score 0.10")
	must(t, err)
	rows := all(t, s.Rows(t.Context(), "2026-11-20"))
	var r article.Record
	must(t, json.Unmarshal([]byte(rows[len(rows)-1]), &r))
	if len(rows) != 2 || r.ChangeReason != article.FromTopic {
		t.Errorf("%d rows, the last for %s", len(rows), r.ChangeReason)
	}
	reasons, err := s.Reasons(t.Context(), "vtcnews", time.Time{}, 10)
	if len(reasons) != 0 || err != nil { // neither failed nor blocked
		t.Errorf("it ended as %+v, %v", reasons, err)
	}
}

// TestRereadKeepsTheWatch: a capture read again is no look at the publisher.
func TestRereadKeepsTheWatch(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	i := watched(t, s, c, "ar1", time.Hour)
	for _, c := range []struct {
		text string
		want article.Outcome
	}{{"Two ministers met.", article.Unchanged}, {"Two ministers met in Hanoi.", article.Revised}} {
		r := page(i, c.text)
		r.ChangeReason = article.FromRules
		if o, err := s.Reread(t.Context(), i.URL, r, nil); o != c.want || err != nil {
			t.Errorf("%q: %s, %v", c.text, o, err)
		}
	}
	if r, err := s.Latest(t.Context(), i.ArticleID); err != nil || r.Revision > 3 || r.ChangeReason != article.FromRules {
		t.Errorf("%+v, %v", r, err)
	}
	c.step(time.Hour)
	revisits(t, s, 1)
}

// TestAFirstRereadIsWatched: unless it is settled already when to look again.
func TestAFirstRereadIsWatched(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	met := watched(t, s, c, "ar1", 3*time.Hour)
	for _, id := range []string{met.ArticleID, "vtcnews:ar2"} {
		i := Item{ArticleID: id, Source: "vtcnews", URL: "https://vtcnews.vn/" + id}
		_, err := s.Reread(t.Context(), i.URL, page(i, "Read in a capture."), &First{Telling: Telling{Day: 1, Text: []int64{7, 8}}, Next: c.now().Add(time.Hour)})
		must(t, err)
	}
	c.step(time.Hour)
	revisits(t, s, 1)
	near, err := s.Neighbours(t.Context(), "qk7:1", Telling{Day: 1, Text: []int64{7, 8}}, 1)
	if len(near) != 2 || err != nil {
		t.Errorf("it is found as %+v, %v", near, err)
	}
}
