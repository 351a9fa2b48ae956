package pipeline

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"attache/internal/article"
	"attache/internal/newsroom"
	"attache/seeds"
)

// ledger holds the items of a source to: opened = ended, each article once.
func ledger(t *testing.T, file string, src *seeds.Source) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=query_only(1)")
	must(t, err)
	defer db.Close()
	var opened, ended, articles int
	err = db.QueryRowContext(t.Context(), `SELECT count(*), count(outcome), count(DISTINCT article_id) FROM items WHERE source = ?`, src.ID).
		Scan(&opened, &ended, &articles)
	must(t, err)
	listed := len(slices.DeleteFunc(room.Stories(src.ID), func(s newsroom.Story) bool { return edition.Sub(s.Published) >= time.Duration(src.Since) }))
	if opened != listed || ended != listed || articles != listed {
		t.Errorf("%s: %d opened, %d ended, %d articles; %d are listed", src.ID, opened, ended, articles, listed)
	}
}

func TestARunThatIsCutOffGoesOn(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]struct {
		op   string
		each int
	}{
		"before anything is opened": {"BeginRun", 1},
		"just opened":               {"OpenNew", 1},
		"in mid-reading":            {"outcome", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, made(t, settings()))
			src := source(t, "vtcnews")
			for runs := 1; ; runs++ {
				ctx, step := after(t, cut.each)
				r.Store = hooked{Store: r.store, after: func(op, _ string) error {
					if op == "Keep" || op == "End" {
						op = "outcome"
					}
					if op == cut.op && (cut.op == "outcome" || runs == 1) {
						step()
					}
					return nil
				}}
				report, err := r.Run(ctx, src)
				kept, countErr := r.store.Count(t.Context())
				must(t, countErr)
				// What was read has landed, also when the run was told to stop.
				if got := live(t, r.Bucket, today); int64(len(got)) != kept {
					t.Errorf("after run %d %d records are kept and %d landed", runs, kept, len(got))
				}
				if err == nil {
					if runs == 1 {
						t.Error("nothing was cut off")
					}
					break
				}
				if !errors.Is(err, context.Canceled) || report.Error == "" {
					t.Fatalf("run %d: %v, report %+v", runs, err, report)
				}
			}
			same(t, "landed in the end", live(t, r.Bucket, today), wanted(src))
			ledger(t, r.file, src)
		})
	}
}

func TestAPublisherThatIsDownCostsNoVisits(t *testing.T) {
	t.Parallel()
	r := newRig(t, made(t, settings()))
	src := source(t, "vtcnews")
	ctx, opened := after(t, 1)
	r.Store = hooked{Store: r.store, after: func(op, _ string) error {
		if op == "OpenNew" {
			opened()
		}
		return nil
	}}
	if _, err := r.Run(ctx, src); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	up := r.Transport
	r.Transport = reach(t, nowhere(t), room.CA())
	for range 10 { // an hour and a half without answers, before midnight
		r.clock.step(9 * time.Minute)
		report, err := r.Run(t.Context(), src)
		if err != nil || report.Note == "" || report.Ended() != 0 {
			t.Fatalf("while it is down: %+v, %v", report, err)
		}
	}
	todo, err := r.store.Todo(t.Context(), src.ID, false)
	must(t, err)
	for _, i := range todo {
		if i.Attempts != 0 {
			t.Errorf("%s was charged %d visits", i.URL, i.Attempts)
		}
	}
	r.Transport = up
	r.run(t, src.ID)
	same(t, "landed when it is back", live(t, r.Bucket, today), wanted(src))
	ledger(t, r.file, src)
}

func TestAPublisherThatWantsQuietGetsIt(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, made(t, settings()))
			src := source(t, "vtcnews")
			busy := strings.TrimPrefix(room.Stories(src.ID)[4].URL, "https://vtcnews.vn") // always
			var asked, after atomic.Int64
			next := doors(t, func(w http.ResponseWriter, q *http.Request) bool {
				if asked.Load() > 0 {
					after.Add(1)
				}
				if q.URL.Path != busy {
					return false
				}
				asked.Add(1)
				w.WriteHeader(status)
				return true
			})
			r.Transport = next()
			report := r.run(t, src.ID)
			if !strings.Contains(report.Note, http.StatusText(status)) || report.Ended() != 4 || asked.Load() != 1 || after.Load() != 0 {
				t.Errorf("%+v; asked %d times, and %d requests after that", report, asked.Load(), after.Load())
			}
			// While the host's back-off lasts nothing is sent.
			if report := r.run(t, src.ID); report.Note == "" || after.Load() != 0 {
				t.Errorf("at once: %+v, %d requests", report, after.Load())
			}
			// It rests; a run after the back-off is not held up by it.
			r.Transport = next()
			if report := r.run(t, src.ID); report.Note != "" || asked.Load() != 1 {
				t.Errorf("the next run: %+v; asked %d times", report, asked.Load())
			}
			// However often it is visited in vain, that is not the article's fault.
			for range 2 * r.Attempts {
				r.clock.step(quietFor)
				r.Transport = next()
				r.run(t, src.ID)
			}
			open, err := r.store.StillOpen(t.Context(), src.ID, "new")
			must(t, err)
			if open != 1 || asked.Load() < 4 {
				t.Errorf("open in the end %d, asked %d times", open, asked.Load())
			}
		})
	}
}

// A rule that makes the reader panic, on every page.
func TestPanicsInParsingCostOneVisitEach(t *testing.T) {
	t.Parallel()
	r := newRig(t, made(t, settings()))
	r.Attempts = 2
	src := source(t, "vtcnews")
	src.Rules = slices.Clone(src.Rules)
	src.Rules[0].Remove = []seeds.Selector{{}} // no selector: goquery calls nil
	first, err := r.Run(t.Context(), src)
	if err != nil || first.Ended() != 0 || first.Fetched != silence {
		t.Fatalf("the first visits: %+v, %v", first, err)
	}
	failed := 0
	for range 8 { // as many in a row leave the rest for the next run
		r.clock.step(time.Hour)
		report, err := r.Run(t.Context(), src)
		must(t, err)
		failed += report.Outcomes[article.Failed]
	}
	if failed != first.Todo {
		t.Errorf("%d of %d failed in the end", failed, first.Todo)
	}
	reasons, err := r.store.Reasons(t.Context(), src.ID, edition, 1)
	must(t, err)
	if len(reasons) != 1 || !strings.Contains(reasons[0].Reason, "attache itself failed") {
		t.Errorf("the reason is %+v", reasons)
	}
	ledger(t, r.file, src)
}

func TestAPanicLeavesTheOtherPagesAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t, made(t, settings()))
	src := source(t, "vtcnews")
	want := wanted(src)
	r.Store = hooked{Store: r.store, before: func(op, about string) error {
		if op == "Keep" && about == want[0] {
			panic("a record nobody thought of")
		}
		return nil
	}}
	r.run(t, src.ID)
	same(t, "landed beside the panic", live(t, r.Bucket, today), want[1:])
	r.Store = r.store // mended
	r.clock.step(10 * time.Minute)
	r.run(t, src.ID)
	same(t, "landed when it was mended", live(t, r.Bucket, today), want)
	ledger(t, r.file, src)
}
