package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"attache/internal/article"
	"attache/internal/store"
	"attache/sinks"
)

var errDies = errors.New("the process dies here")

// TestASealThatIsCutOffGoesOn breaks a seal at each of its steps and lets another
// process, an hour later, go on.
func TestASealThatIsCutOffGoesOn(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]struct {
		op     string // of the store: "before X" or "after X"
		method string // or a request that the bucket refuses,
		key    string // to a key that holds this
		fixed  bool   // the manifest was committed by then
	}{
		"before the day is closed":       {op: "before Advance"},
		"the day just closed":            {op: "after Advance"},
		"rows spooled, nothing promised": {op: "before Intend"},
		"promised, nothing put":          {op: "after Intend", fixed: true},
		"schema refused":                 {method: http.MethodPut, key: "/v1/_schema/", fixed: true},
		"data refused":                   {method: http.MethodPut, key: "/v1/jsonl/", fixed: true},
		"columns refused":                {method: http.MethodPut, key: "/v1/parquet/", fixed: true},
		"report refused":                 {method: http.MethodPut, key: "report.html", fixed: true},
		"manifest refused":               {method: http.MethodPut, key: "/v1/_manifests/", fixed: true},
		"pointer refused":                {method: http.MethodPut, key: "/v1/_latest.json", fixed: true},
		"cannot be read back":            {method: http.MethodGet, key: "/v1/jsonl/", fixed: true},
		"read back, not noted":           {op: "before Sealed", fixed: true},
		"noted, spool file left":         {op: "after Sealed", fixed: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings()
			good := made(t, s)
			r := newRig(t, good)
			r.run(t, "vtcnews")
			want := wanted(source(t, "vtcnews"))

			die := func(when string) func(op, about string) error {
				return func(op, _ string) error {
					if cut.op == when+" "+op {
						return errDies
					}
					return nil
				}
			}
			r.Store = hooked{Store: r.store, before: die("before"), after: die("after")}
			r.Bucket = through(t, s, func(q *http.Request) bool {
				return cut.op == "" && q.Method == cut.method && strings.Contains(q.URL.Path, cut.key)
			})
			began := r.clock.now()
			if _, err := r.Seal(t.Context(), tomorrow); err == nil || cut.op != "" && !errors.Is(err, errDies) {
				t.Fatalf("it was not cut off: %v", err)
			}

			r.Store, r.Bucket = r.store, good
			r.clock.step(time.Hour)
			must(t, r.Sweep(t.Context()))
			if left := r.spool(t); (len(left) == 1) != (cut.fixed && cut.op != "after Sealed") {
				t.Errorf("after the sweep are left %q", left)
			}
			_, err := r.Seal(t.Context(), tomorrow)
			must(t, err)
			m := oneDrop(t, r)
			same(t, "sealed", sealed(t, good, today), want)
			if m.Rows != int64(len(want)) || m.SealedAt.Before(began.Add(time.Minute)) != cut.fixed {
				t.Errorf("the manifest: %+v; it was fixed at the first try: %v", m, cut.fixed)
			}
			again, err := r.Seal(t.Context(), tomorrow)
			if len(again) != 0 || err != nil {
				t.Errorf("sealed a second time: %+v, %v", again, err)
			}
			oneDrop(t, r)
		})
	}
}

// oneDrop holds today's drop to one manifest, one data object in each format and the
// reports, with the bytes it names, a pointer to it, and an empty spool.
func oneDrop(t *testing.T, r *rig) sinks.Manifest {
	t.Helper()
	for prefix, n := range map[string]int{sinks.ManifestPrefix(today): 1, sinks.JSONLPrefix(today): 1, sinks.ParquetPrefix(today): 1, sinks.QualityPrefix(today): 2} {
		if objects, err := r.Bucket.List(t.Context(), prefix); len(objects) != n || err != nil {
			t.Errorf("under %s are %v, %v", prefix, objects, err)
		}
	}
	if report, err := sinks.Verify(t.Context(), r.Bucket, today); !report.OK || err != nil {
		t.Errorf("verify: %+v, %v", report, err)
	}
	m, err := sinks.ReadManifest(t.Context(), r.Bucket, today)
	must(t, err)
	latest, err := sinks.ReadLatest(t.Context(), r.Bucket)
	must(t, err)
	if latest != (sinks.Latest{DropDate: today, Manifest: sinks.ManifestKey(today, 0), Rows: m.Rows}) {
		t.Errorf("the pointer says %+v", latest)
	}
	if left := r.spool(t); len(left) != 0 {
		t.Errorf("in the spool are left %q", left)
	}
	return m
}

func TestALostDropFileIsMadeAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, made(t, settings()))
	r.run(t, "vtcnews")
	r.Store = hooked{Store: r.store, after: func(op, _ string) error {
		if op == "Intend" {
			return errDies
		}
		return nil
	}}
	if _, err := r.Seal(t.Context(), tomorrow); !errors.Is(err, errDies) {
		t.Fatal(err)
	}
	r.Store = r.store
	must(t, os.RemoveAll(filepath.Join(r.Spool, r.spool(t)[0])))
	_, err := r.Seal(t.Context(), tomorrow)
	must(t, err)
	oneDrop(t, r)
	same(t, "sealed", sealed(t, r.Bucket, today), wanted(source(t, "vtcnews")))
}

func TestEveryDayHasAManifest(t *testing.T) {
	t.Parallel()
	r := newRig(t, made(t, settings()))
	r.run(t, "vtcnews")
	r.clock.step(4 * 24 * time.Hour) // the machine was off
	_, err := r.Seal(t.Context(), "2026-11-25")
	must(t, err)
	r.clock.step(time.Hour)
	r.run(t, "vtcnews") // nothing new
	r.clock.step(24 * time.Hour)
	_, err = r.Seal(t.Context(), "2026-11-26")
	must(t, err)

	dates, err := sinks.Sealed(t.Context(), r.Bucket)
	must(t, err)
	same(t, "days sealed", dates, []string{today, tomorrow, "2026-11-23", "2026-11-24", "2026-11-25"})
	for _, date := range dates {
		m, err := sinks.ReadManifest(t.Context(), r.Bucket, date)
		must(t, err)
		rows := 0
		if date == today {
			rows = len(wanted(source(t, "vtcnews")))
		}
		ran := date == today || date == "2026-11-25"
		if m.Rows != int64(rows) || len(m.Files) != 2 || m.Running != ran || (len(m.Gaps) == 0) != ran {
			t.Errorf("%s: %+v; want %d rows, ran %v", date, m, rows, ran)
		}
	}
}

// News that is read while a day is being sealed belongs to the next.
func TestSealUnderWay(t *testing.T) {
	t.Parallel()
	r := newRig(t, made(t, settings()))
	r.run(t, "qk7")
	r.Store = hooked{Store: r.store, after: func(op, _ string) error {
		if op == "Advance" {
			_, err := (&Pipeline{
				Store: r.store, Transport: r.Transport, Topic: r.Topic, Bucket: r.Bucket, Spool: r.Spool, Attempts: 5, Zone: r.Zone, Log: r.Log, Now: r.Now,
			}).Run(context.WithoutCancel(t.Context()), source(t, "vtcnews"))
			return err
		}
		return nil
	}}
	_, err := r.Seal(t.Context(), tomorrow)
	must(t, err)
	r.Store = r.store
	_, err = r.Seal(t.Context(), "2026-11-23")
	must(t, err)
	for date, id := range map[string]string{today: "qk7", tomorrow: "vtcnews"} {
		same(t, "sealed for "+date, sealed(t, r.Bucket, date), wanted(source(t, id)))
		same(t, "live for "+date, live(t, r.Bucket, date), wanted(source(t, id)))
	}
}

// TestADaySealedByAnotherFolder: theirs stands, nothing of ours is put beside it, and our
// rows are in the next drop.
func TestADaySealedByAnotherFolder(t *testing.T) {
	t.Parallel()
	bucket := made(t, settings())
	theirs := newRig(t, bucket)
	theirs.run(t, "vtcnews")
	_, err := theirs.Seal(t.Context(), tomorrow)
	must(t, err)
	oneDrop(t, theirs)

	ours := newRig(t, bucket)
	ours.clock.step(time.Second)
	ours.run(t, "qk7")
	_, err = ours.Seal(t.Context(), "2026-11-23")
	must(t, err)
	same(t, "rows of the day", sealed(t, bucket, today), wanted(source(t, "vtcnews")))
	_, err = ours.Seal(t.Context(), "2026-11-24")
	must(t, err)
	same(t, "rows of the day after next", sealed(t, bucket, "2026-11-23"), wanted(source(t, "qk7")))
	verified(t, bucket)
}

// verified holds everything there is in the bucket to everything it promises.
func verified(t *testing.T, b *sinks.Bucket) {
	t.Helper()
	audit, err := sinks.VerifyAll(t.Context(), b, nil, nil)
	must(t, err)
	for _, f := range audit.All() {
		t.Errorf("verify: %s", f)
	}
}

// TestTwoSealersAtOnce: a copy of the data folder seals the same day; whoever is first,
// there is one drop.
func TestTwoSealersAtOnce(t *testing.T) {
	t.Parallel()
	bucket := made(t, settings())
	first := newRig(t, bucket)
	first.run(t, "vtcnews")
	file := filepath.Join(t.TempDir(), "attache.db")
	must(t, first.store.Fork(t.Context(), file))
	copied, err := store.Open(t.Context(), file, first.clock.now)
	must(t, err)
	defer copied.Close()
	second, err := newPipeline(copied, bucket, t.TempDir(), first.clock.now)
	must(t, err)
	second.Producer = "attache of the copy" // so that the manifests differ

	var both sync.WaitGroup
	for _, p := range []*Pipeline{first.Pipeline, second} {
		both.Go(func() {
			if _, err := p.Seal(t.Context(), tomorrow); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	oneDrop(t, first)
	verified(t, bucket)
	for _, p := range []*Pipeline{first.Pipeline, second} {
		again, err := p.Seal(t.Context(), tomorrow)
		if len(again) != 0 || err != nil {
			t.Errorf("sealed again: %+v, %v", again, err)
		}
	}
}

// TestRowsOfAnEarlierVersionAreSealedInTodaysForm: an upgrade comes in the middle of a day.
func TestRowsOfAnEarlierVersionAreSealedInTodaysForm(t *testing.T) {
	t.Parallel()
	r := newRig(t, made(t, settings()))
	r.run(t, "vtcnews")
	r.Store = older{r.store}
	_, err := r.Seal(t.Context(), tomorrow)
	must(t, err)
	oneDrop(t, r)
	for _, row := range rows(t, r.Bucket, sinks.JSONLPrefix(today)) {
		if row.SchemaVersion != article.SchemaVersion || row.PublishedPrecision != nil || row.Title == "" {
			t.Errorf("%+v", row)
		}
	}
}

// older is a store whose rows are of a version that lacked a field.
type older struct{ Store }

func (o older) Rows(ctx context.Context, date string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for row, err := range o.Store.Rows(ctx, date) {
			var fields map[string]any
			err = errors.Join(err, json.Unmarshal(row, &fields))
			delete(fields, "published_precision")
			fields["schema_version"] = "0.9.0"
			text, encodeErr := json.Marshal(fields)
			if !yield(text, errors.Join(err, encodeErr)) {
				return
			}
		}
	}
}
