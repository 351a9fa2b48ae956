package store

import (
	"iter"
	"slices"
	"testing"
	"time"

	"attache/internal/article"
)

const year = 365 * 24 * time.Hour

// TestPruneKeepsTheRunsThatAreAskedFor: the last, the last whole one, and those of
// a day that is not sealed.
func TestPruneKeepsTheRunsThatAreAskedFor(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	const well, failed, halfWay = `{"steps":[]}`, `{"steps":[],"error":"told to stop"}`, `{"steps":[{"error":"it answers 500"}]}`
	run := func(id, source, summary string) {
		t.Helper()
		c.step(24 * time.Hour)
		must(t, s.BeginRun(t.Context(), id, source, "news"))
		if summary != "" {
			must(t, s.EndRun(t.Context(), id, []byte(summary), summary == well))
		}
	}
	run("1", "qk7", well)
	run("2", "qk7", failed)
	run("3", "qk7", "") // cut off
	run("4", "qk7", well)
	run("5", "qk7", halfWay)
	run("6", "vtcnews", failed)
	run("7", "vtcnews", failed)
	c.step(time.Hour)
	left := func(want ...string) {
		t.Helper()
		got, err := column(t.Context(), s.r, `SELECT id FROM runs ORDER BY id`)
		if must(t, err); !slices.Equal(got, want) {
			t.Errorf("left are %v, want %v", got, want)
		}
	}
	prune := func(ages Ages) {
		t.Helper()
		_, err := s.Prune(t.Context(), ages)
		must(t, err)
	}
	prune(Ages{year, 0, 0})
	left("1", "2", "3", "4", "5", "6", "7") // the day is not sealed
	must(t, s.Advance(t.Context(), "2026-11-28"))
	for _, d := range []string{"2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"} {
		seal(t, s, d)
	}
	prune(Ages{year, year, year})
	left("1", "2", "3", "4", "5", "6", "7")
	prune(Ages{year, 0, year})
	left("2", "3", "4", "5", "6", "7")
	prune(Ages{year, 0, 0})
	left("4", "5", "7")
}

func TestPruneForgetsListsOfBackfillsThatEnded(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	for _, days := range []string{"2026-01-01", "2026-02-01"} {
		id, err := s.Backfill(t.Context(), "qk7", days, days)
		must(t, err)
		for _, list := range []string{"a", "b"} {
			_, err := s.OpenArchived(t.Context(), id, "qk7", days+list, []Listed{{ArticleID: article.ID("qk7", days+list), URL: list}})
			must(t, err)
		}
		if days == "2026-01-01" {
			must(t, s.EndBackfill(t.Context(), id))
		}
	}
	c.step(time.Hour)
	done, err := s.Prune(t.Context(), Ages{year, 0, 0})
	if done.Lists != 2 || err != nil {
		t.Errorf("pruned %+v, %v", done, err)
	}
	if read, err := s.BackfillRead(t.Context(), 2, "2026-02-01a"); !read || err != nil {
		t.Errorf("what goes on was forgotten: %v", err)
	}
}

// TestPruneGivesBackDisk: the file shrinks, and what is left is sound.
func TestPruneGivesBackDisk(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	_, err := s.w.ExecContext(t.Context(), `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
		INSERT INTO items (article_id, source, kind, url, opened_at, closed_at, outcome, reason)
		SELECT 'qk7:' || i, 'qk7', 'new', 'https://example.org/a-slug-of-the-usual-length-' || i, ?1, ?1, 'out_of_scope', 'topic score 0.03' FROM n`, micros(c.now()))
	must(t, err)
	_, err = s.w.ExecContext(t.Context(), `INSERT INTO known SELECT article_id, opened_at, 0 FROM items`)
	must(t, err)
	_, err = s.w.ExecContext(t.Context(), `INSERT INTO aliases SELECT url || '?from=feed', article_id, opened_at FROM items WHERE article_id = 'qk7:17'`)
	must(t, err)
	before, err := s.Stats(t.Context())
	must(t, err)
	c.step(48 * time.Hour)
	must(t, s.Advance(t.Context(), "2026-11-22"))
	must(t, s.CloseLedgers(t.Context(), time.UTC))
	seal(t, s, "2026-11-20")
	seal(t, s, "2026-11-21")
	done, err := s.Prune(t.Context(), Ages{})
	must(t, err)
	after, err := s.Stats(t.Context())
	must(t, err)
	if done.Items != 20000 || done.Pages == 0 || after.Pages > before.Pages/2 || after.FreePages > after.Pages/10 {
		t.Errorf("%+v: %d pages before, %d after, %d of them free", done, before.Pages, after.Pages, after.FreePages)
	}
	if known, err := s.Known(t.Context(), "qk7:17"); !known || err != nil {
		t.Errorf("an article was forgotten: %v", err)
	}
	if left, err := s.Addresses(t.Context(), "qk7:17"); len(left) > 0 || err != nil {
		t.Errorf("%q are left, %v", left, err)
	}
	if problems, err := s.Check(t.Context()); len(problems) > 0 || err != nil {
		t.Errorf("%q, %v", problems, err)
	}
}

// TestPruneKeepsOneTextOfEachArticle: what landed and was followed goes at once, the
// last text when its article is at rest.
func TestPruneKeepsOneTextOfEachArticle(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	i := item(t, s, "vtcnews", "ar1")
	for n, text := range []string{"They met.", "They met and signed."} {
		if n > 0 {
			i = revisit(t, s, i)
		}
		_, err := s.Keep(t.Context(), i, page(i, text), Telling{})
		must(t, err)
	}
	must(t, s.Freeze(t.Context(), "vtcnews", func(_ string, rows iter.Seq2[[]byte, error]) (Batch, error) {
		return Batch{Key: "k", Rows: int64(len(all(t, rows)))}, nil
	}))
	c.step(24 * time.Hour)
	must(t, s.Advance(t.Context(), "2026-11-21"))
	must(t, s.CloseLedgers(t.Context(), time.UTC))
	prune := func(revisions, texts int64) {
		t.Helper()
		done, err := s.Prune(t.Context(), Ages{})
		if done.Revisions != revisions || done.Texts != texts || err != nil {
			t.Errorf("pruned %+v, %v; want %d revisions and %d texts", done, err, revisions, texts)
		}
	}
	prune(0, 0)
	batches, err := s.Frozen(t.Context())
	must(t, err)
	must(t, s.Landed(t.Context(), batches[0]))
	prune(0, 0)
	seal(t, s, "2026-11-20")
	c.step(48 * time.Hour)
	prune(1, 1)
	if r, err := s.Latest(t.Context(), i.ArticleID); r != nil || err != nil {
		t.Errorf("its text is %+v, %v", r, err)
	}
	// It is still known what it said.
	r := page(i, "They met and signed.")
	if o, err := s.Reread(t.Context(), i.URL, r, nil); o != article.Unchanged || err != nil {
		t.Errorf("the same text again is %s, %v", o, err)
	}
	r = page(i, "They parted.")
	if o, err := s.Reread(t.Context(), i.URL, r, nil); o != article.Revised || r.Revision != 3 || err != nil {
		t.Errorf("another text is %s, revision %d, %v", o, r.Revision, err)
	}
}

// seal marks a closed day as sealed.
func seal(t *testing.T, s *Store, date string) {
	t.Helper()
	must(t, s.Intend(t.Context(), date, 0, []byte("{}"), ""))
	must(t, s.Sealed(t.Context(), date, 0))
}
