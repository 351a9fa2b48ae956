package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
		"data refused":                   {method: http.MethodPut, key: "/v1/jsonl/", fixed: true},
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
			if m.Rows != int64(len(want)) || m.SealedAt.Equal(began) != cut.fixed {
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

// oneDrop holds today's drop to one manifest, one data object with the bytes it
// names, a pointer to it, and an empty spool.
func oneDrop(t *testing.T, r *rig) sinks.Manifest {
	t.Helper()
	for _, prefix := range []string{sinks.ManifestPrefix(today), sinks.JSONLPrefix(today)} {
		if objects, err := r.Bucket.List(t.Context(), prefix); len(objects) != 1 || err != nil {
			t.Errorf("under %s are %v, %v", prefix, objects, err)
		}
	}
	if report, err := sinks.Verify(t.Context(), r.Bucket, today); !report.OK || err != nil {
		t.Errorf("verify: %+v, %v", report, err)
	}
	m, err := sinks.ReadManifest(t.Context(), r.Bucket, today)
	must(t, err)
	body, err := r.Bucket.Get(t.Context(), sinks.LatestKey)
	must(t, err)
	text, err := io.ReadAll(body)
	must(t, errors.Join(err, body.Close()))
	var latest Latest
	must(t, json.Unmarshal(text, &latest))
	if latest != (Latest{DropDate: today, Manifest: sinks.ManifestKey(today, 0), Rows: m.Rows}) {
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
	must(t, os.Remove(filepath.Join(r.Spool, r.spool(t)[0])))
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
		if m.Rows != int64(rows) || (len(m.Files) == 0) != (rows == 0) || m.Running != ran || (len(m.Gaps) == 0) != ran {
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

// TestADaySealedByAnotherFolder: nothing of ours is put beside theirs, the error
// says what to do, and other days are sealed.
func TestADaySealedByAnotherFolder(t *testing.T) {
	t.Parallel()
	bucket := made(t, settings())
	theirs := newRig(t, bucket)
	theirs.run(t, "vtcnews")
	_, err := theirs.Seal(t.Context(), tomorrow)
	must(t, err)
	before := articles(t, bucket, sinks.JSONLPrefix(today))

	ours := newRig(t, bucket)
	ours.clock.step(time.Second)
	ours.run(t, "qk7")
	later := ours.DropDate(ours.Now().AddDate(0, 0, 2))
	sealed, err := ours.Seal(t.Context(), later)
	if !errors.Is(err, sinks.ErrConflict) || !strings.Contains(err.Error(), "s3.prefix") {
		t.Errorf("the day that is taken: %v", err)
	}
	if len(sealed) != 1 || sealed[0].DropDate != tomorrow {
		t.Errorf("the other day: %+v", sealed)
	}
	same(t, "rows of the day", articles(t, bucket, sinks.JSONLPrefix(today)), before)
	if report, err := sinks.Verify(t.Context(), bucket, today); err != nil || !report.OK {
		t.Errorf("%+v, %v", report, err)
	}
}
