package pipeline

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"attache/internal/article"
	"attache/internal/newsroom"
	"attache/sinks"
)

// past are the months before the edition's.
func past(t *testing.T, id string) (from, to time.Time) {
	t.Helper()
	zone := source(t, id).Zone
	return time.Date(2026, time.August, 1, 0, 0, 0, 0, zone), time.Date(2026, time.October, 31, 0, 0, 0, 0, zone)
}

// oldOnes is what a source's archive has of that time; the ids of those about
// defence, sorted.
func oldOnes(t *testing.T, id string) (all []newsroom.Story, ids []string) {
	t.Helper()
	from, to := past(t, id)
	for _, s := range room.Archive(id) {
		if s.Published.Before(from) || !s.Published.Before(to.AddDate(0, 0, 1)) {
			continue
		}
		if all = append(all, s); s.Defence && s.Answers == 0 {
			ids = append(ids, article.ID(id, s.NativeID))
		}
	}
	if slices.Sort(ids); len(ids) == 0 {
		t.Fatalf("%s has no archive", id)
	}
	return all, ids
}

func TestBackfill(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"vietnamplus-en", "baotintuc"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, made(t, settings()))
			src := source(t, id)
			from, to := past(t, id)
			var last Progress
			report, err := r.Backfill(t.Context(), src, from, to, func(p Progress) { last = p })
			must(t, err)
			all, want := oldOnes(t, id)
			same(t, "landed", live(t, r.Bucket, today), want)
			if last.ListsRead != last.Lists || last.Lists == 0 || last.Ended != len(all) || report.Ended() != last.Ended {
				t.Errorf("in the end %+v; %+v", last, report)
			}
			for _, record := range rows(t, r.Bucket, sinks.LivePrefix(today)) {
				if !record.Backfilled || record.ChangeType != article.Added {
					t.Errorf("%s is not marked: %+v", record.ArticleID, record)
				}
			}
			// News is another matter, and what was backfilled is known.
			if news := r.run(t, id); news.Outcomes[article.Stored] != len(wanted(src)) {
				t.Errorf("the news: %+v", news.Outcomes)
			}
			// The same once more reads the lists, for they may have grown, and no page.
			again, err := r.Backfill(t.Context(), src, from, to, func(Progress) {})
			must(t, err)
			if again.Opened != 0 || again.Fetched != 0 {
				t.Errorf("once more: %+v", again)
			}
		})
	}
}

// TestABackfillThatIsCutOffGoesOn: what was read of the archive is not asked again.
func TestABackfillThatIsCutOffGoesOn(t *testing.T) {
	t.Parallel()
	const id = "vietnamplus-en"
	r := newRig(t, made(t, settings()))
	src := source(t, id)
	from, to := past(t, id)
	fetched, starts := 0, 0
	for {
		starts++
		ctx, step := after(t, 3)
		r.Store = hooked{Store: r.store, after: func(op, _ string) error {
			if op == "Keep" || op == "End" {
				step()
			}
			return nil
		}}
		report, err := r.Backfill(ctx, src, from, to, func(Progress) {})
		fetched += report.Fetched
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	all, want := oldOnes(t, id)
	if starts < 2 || fetched > len(all)+starts { // a page that was read when it was stopped is read again
		t.Errorf("%d starts fetched %d pages of %d", starts, fetched, len(all))
	}
	same(t, "landed in the end", live(t, r.Bucket, today), want)
}
