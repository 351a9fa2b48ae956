package store

import (
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/article"
)

// overnight is a store with two articles in the drop of a day that is over.
func overnight(t *testing.T) (*Store, *clock) {
	t.Helper()
	s, c := opened(t, "2026-11-20")
	for _, n := range []string{"1", "2"} {
		i := item(t, s, "qk7", n)
		_, err := s.Keep(t.Context(), i, page(i, "Text of "+n), Telling{})
		must(t, err)
	}
	c.step(24 * time.Hour)
	must(t, s.Advance(t.Context(), "2026-11-21"))
	return s, c
}

func TestARevisionIsAskedForAndSealed(t *testing.T) {
	t.Parallel()
	s, _ := overnight(t)
	if _, err := s.Revise(t.Context(), "2026-11-20", "damage"); err == nil || !strings.Contains(err.Error(), "seal it first") {
		t.Errorf("a day that is not sealed: %v", err)
	}
	seal(t, s, "2026-11-20")
	rev, err := s.Revise(t.Context(), "2026-11-20", "damage")
	if rev != 1 || err != nil {
		t.Fatalf("revision %d, %v", rev, err)
	}
	if _, err := s.Revise(t.Context(), "2026-11-20", "more damage"); err == nil {
		t.Error("two at once")
	}
	drops, err := s.Drops(t.Context())
	must(t, err)
	if d := drops[0]; !d.Sealed.IsZero() || d.Rev != 1 || d.Reason != "damage" || d.Manifest != nil {
		t.Errorf("asked for: %+v", d)
	}
	must(t, s.Intend(t.Context(), "2026-11-20", 1, []byte("one"), "folder"))
	must(t, s.Recant(t.Context(), "2026-11-20", 1))
	must(t, s.Intend(t.Context(), "2026-11-20", 1, []byte("two"), "folder"))
	must(t, s.Sealed(t.Context(), "2026-11-20", 1))
	must(t, s.Recant(t.Context(), "2026-11-20", 1)) // too late
	for rev, want := range []string{"{}", "two", ""} {
		if m, err := s.Manifest(t.Context(), "2026-11-20", rev); string(m) != want || err != nil {
			t.Errorf("r%d: %q, %v", rev, m, err)
		}
	}
	if before, err := s.Manifests(t.Context(), "2026-11-21", 28); !slices.Equal(before, []string{"two"}) || err != nil {
		t.Errorf("the newest of the day: %q, %v", before, err)
	}
	if problems, err := s.Check(t.Context()); len(problems) > 0 || err != nil {
		t.Errorf("%q, %v", problems, err)
	}
}

func TestAdoptingLosesNoRow(t *testing.T) {
	t.Parallel()
	s, _ := overnight(t)
	n, err := s.Adopt(t.Context(), "2026-11-20", 0, []byte("theirs"), func(id string, revision int) bool { return id == "qk7:2" && revision == 1 })
	if n != 1 || err != nil {
		t.Fatalf("%d rows moved, %v", n, err)
	}
	must(t, s.Sealed(t.Context(), "2026-11-20", 0))
	for date, id := range map[string]string{"2026-11-20": "qk7:1", "2026-11-21": "qk7:2"} {
		if rows := all(t, s.Rows(t.Context(), date)); len(rows) != 1 || !strings.Contains(rows[0], `"`+id+`"`) {
			t.Errorf("%s: %q", date, rows)
		}
	}
	if m, err := s.Manifest(t.Context(), "2026-11-20", 0); string(m) != "theirs" || err != nil {
		t.Errorf("%q, %v", m, err)
	}
}

func TestTakeDown(t *testing.T) {
	t.Parallel()
	s, c := overnight(t)
	freeze := func(key string) {
		t.Helper()
		must(t, s.Freeze(t.Context(), "qk7", func(_ string, rows iter.Seq2[[]byte, error]) (Batch, error) {
			return Batch{Key: key, Rows: int64(len(all(t, rows)))}, nil
		}))
	}
	freeze("live")
	must(t, s.Intend(t.Context(), "2026-11-20", 0, []byte("{}"), ""))
	down := Takedown{"qk7:1", "by order"}
	if err := s.TakeDown(t.Context(), down, nil); err == nil || !strings.Contains(err.Error(), "seal") {
		t.Errorf("while the text is on its way: %v", err)
	}
	if why, err := s.TakenDown(t.Context(), "qk7:1"); why != "" || err != nil {
		t.Errorf("it was refused, and stays: %q, %v", why, err)
	}
	must(t, s.Sealed(t.Context(), "2026-11-20", 0))
	must(t, s.TakeDown(t.Context(), down, nil))
	last, err := s.Latest(t.Context(), "qk7:1")
	must(t, err)
	if last.Title+last.BodyText != "" || last.Quality[0].Note != "redacted: by order" || last.BodySHA256 != article.SHA256("") {
		t.Errorf("what stays: %+v", last)
	}
	if other, err := s.Latest(t.Context(), "qk7:2"); err != nil || other.BodyText == "" {
		t.Errorf("another article: %+v, %v", other, err)
	}
	if keys, err := s.Removals(t.Context()); !slices.Equal(keys, []string{"live"}) || err != nil {
		t.Errorf("to be removed: %q, %v", keys, err)
	}
	must(t, s.Removed(t.Context(), "live"))
	if list, err := s.Takedowns(t.Context(), UnerasedTakedowns); !slices.Equal(list, []Takedown{down}) || err != nil {
		t.Errorf("%v, %v", list, err)
	}
	must(t, s.Erased(t.Context(), "qk7:1"))
	if list, err := s.Takedowns(t.Context(), UnerasedTakedowns); len(list) != 0 || err != nil {
		t.Errorf("%v, %v", list, err)
	}
	if why, err := s.TakenDown(t.Context(), "qk7:1"); why != "by order" || err != nil {
		t.Errorf("%q, %v", why, err)
	}
	c.step(time.Hour)
	if problems, err := s.Check(t.Context()); len(problems) > 0 || err != nil {
		t.Errorf("%q, %v", problems, err)
	}
}

func TestWindow(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	begun := c.now()
	must(t, s.BeginRun(t.Context(), "R1", "qk7", "news"))
	must(t, s.EndRun(t.Context(), "R1", []byte(`{"robots": {"https://a.example": "abc"}, "steps": [{"error": "no answer"}, {}]}`), true))
	must(t, s.BeginRun(t.Context(), "R2", "qk7", "news")) // asked nothing
	must(t, s.EndRun(t.Context(), "R2", []byte(`{"robots": {}}`), true))
	must(t, s.BeginRun(t.Context(), "R3", "vtcnews", "news"))
	must(t, s.EndRun(t.Context(), "R3", []byte(`{"steps": [{"error": "no answer"}]}`), false))
	must(t, s.BeginRun(t.Context(), "R4", "vnanet", "news")) // was cut off
	must(t, s.BeginRun(t.Context(), "R5", "baotintuc", "backfill"))
	must(t, s.EndRun(t.Context(), "R5", []byte(`{"steps": [{}]}`), true))
	must(t, s.End(t.Context(), item(t, s, "qk7", "1"), article.Quarantined, "holds an advertisement"))
	c.step(time.Hour)
	watched, err := s.Watched(t.Context(), begun, c.now())
	if len(watched) != 2 || !watched["qk7"].Read || watched["qk7"].Robots["https://a.example"] != "abc" || watched["vtcnews"].Read || err != nil {
		t.Errorf("%v, %v", watched, err)
	}
	var rejects []Reject
	for r, err := range s.Rejects(t.Context(), begun, c.now()) {
		must(t, err)
		rejects = append(rejects, r)
	}
	if len(rejects) != 1 || rejects[0].ArticleID != "qk7:1" || rejects[0].Reason != "holds an advertisement" || !rejects[0].At.Equal(begun) {
		t.Errorf("%+v", rejects)
	}
	for r, err := range s.Rejects(t.Context(), c.now(), c.now().Add(time.Hour)) {
		t.Errorf("not in the window: %+v, %v", r, err)
	}
}

func TestLogs(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	must(t, s.BeginRun(t.Context(), "R1", "qk7", "news"))
	must(t, s.Said(t.Context(), "R1", 0, []string{"first", "second"}))
	must(t, s.Said(t.Context(), "R1", 2, []string{"third"}))
	must(t, s.EndRun(t.Context(), "R1", []byte(`{}`), true))
	c.step(time.Minute)
	must(t, s.BeginRun(t.Context(), "R2", "vtcnews", "news"))
	if lines, err := s.Log(t.Context(), "R1", 0, 10); !slices.Equal(lines, []string{"first", "second", "third"}) || err != nil {
		t.Errorf("%q, %v", lines, err)
	}
	runs, err := s.Runs(t.Context(), "", "", 10)
	must(t, err)
	if len(runs) != 2 || runs[0].ID != "R2" || !runs[0].Ended.IsZero() || runs[1].Ended.IsZero() || string(runs[1].Summary) != "{}" {
		t.Errorf("%+v", runs)
	}
	if runs, err := s.Runs(t.Context(), "qk7", "", 10); len(runs) != 1 || err != nil {
		t.Errorf("%+v, %v", runs, err)
	}
	// A log goes with its run.
	c.step(48 * time.Hour)
	must(t, s.BeginRun(t.Context(), "R4", "qk7", "news"))
	must(t, s.EndRun(t.Context(), "R4", []byte(`{}`), true))
	must(t, s.Advance(t.Context(), "2026-11-22"))
	seal(t, s, "2026-11-20")
	seal(t, s, "2026-11-21")
	done, err := s.Prune(t.Context(), Ages{Items: 1, Runs: time.Hour, FailedRuns: time.Hour})
	must(t, err)
	if lines, err := s.Log(t.Context(), "R1", 0, 10); done.Runs != 1 || len(lines) != 0 || err != nil {
		t.Errorf("%+v: %q, %v", done, lines, err)
	}
}
