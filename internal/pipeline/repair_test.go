package pipeline

import (
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/article"
	"attache/internal/store"
	"attache/sinks"
)

// spoil makes an object hold something else.
func spoil(t *testing.T, r *rig, key string) {
	t.Helper()
	body, err := r.Bucket.Get(t.Context(), key)
	must(t, err)
	text, err := io.ReadAll(body)
	must(t, errors.Join(err, body.Close()))
	other := append([]byte("x"), text...)
	path := filepath.Join(t.TempDir(), "other")
	must(t, writeFile(path, other))
	must(t, r.Bucket.Replace(t.Context(), sinks.Object{Key: key, Path: path, SHA256: article.SHA256(string(other)), Bytes: int64(len(other))}, article.SHA256(string(text))))
}

func TestRepair(t *testing.T) {
	t.Parallel()
	remove := func(t *testing.T, r *rig, key string) { t.Helper(); must(t, r.Bucket.Remove(t.Context(), key)) }
	letGo := func(t *testing.T, r *rig) { // the store keeps the last revision's number only
		t.Helper()
		r.clock.step(3 * 24 * time.Hour)
		must(t, r.store.Advance(t.Context(), "2026-11-24"))
		must(t, r.store.CloseLedgers(t.Context(), r.Zone))
		done, err := r.store.Prune(t.Context(), store.Ages{})
		must(t, err)
		if done.Texts == 0 {
			t.Fatalf("the store keeps everything: %+v", done)
		}
	}
	for name, c := range map[string]struct {
		damage func(t *testing.T, r *rig, m sinks.Manifest)
		steps  []string // what each says
		rev    int      // of the drop then
		fails  string
	}{
		"nothing": {damage: func(*testing.T, *rig, sinks.Manifest) {}},
		"the lines are missing": {
			damage: func(t *testing.T, r *rig, m sinks.Manifest) { t.Helper(); remove(t, r, m.Files[0].Key) },
			steps:  []string{"seal the day as r1 (damage: v1/jsonl/"}, rev: 1,
		},
		"the columns are spoiled": {
			damage: func(t *testing.T, r *rig, m sinks.Manifest) { t.Helper(); spoil(t, r, m.Files[1].Key) },
			steps:  []string{"seal the day as r1 (damage: v1/parquet/"}, rev: 1,
		},
		"both are missing": {
			damage: func(t *testing.T, r *rig, m sinks.Manifest) {
				t.Helper()
				remove(t, r, m.Files[0].Key)
				remove(t, r, m.Files[1].Key)
			},
			steps: []string{"seal the day as r1"}, rev: 1,
		},
		"the lines are missing, and the store has let go": {
			damage: func(t *testing.T, r *rig, m sinks.Manifest) { t.Helper(); remove(t, r, m.Files[0].Key); letGo(t, r) },
			steps:  []string{"seal the day as r1"}, rev: 1,
		},
		"both are spoiled, and the store has let go": {
			damage: func(t *testing.T, r *rig, m sinks.Manifest) {
				t.Helper()
				spoil(t, r, m.Files[0].Key)
				spoil(t, r, m.Files[1].Key)
				letGo(t, r)
			},
			fails: "no file of r0 can be read",
		},
		"the manifest is missing": {
			damage: func(t *testing.T, r *rig, _ sinks.Manifest) { t.Helper(); remove(t, r, sinks.ManifestKey(today, 0)) },
			steps:  []string{"put back v1/_manifests/"},
		},
		"the manifest is spoiled, and the lines": {
			damage: func(t *testing.T, r *rig, m sinks.Manifest) {
				t.Helper()
				spoil(t, r, sinks.ManifestKey(today, 0))
				remove(t, r, m.Files[0].Key)
			},
			steps: []string{"put back v1/_manifests/", "seal the day as r1"}, rev: 1,
		},
		"something lies about": {
			damage: func(t *testing.T, r *rig, _ sinks.Manifest) {
				t.Helper()
				_, err := r.Bucket.PutBytes(t.Context(), sinks.JSONLPrefix(today)+"copy.jsonl.gz", []byte("x"), sinks.JSONLType)
				must(t, err)
			},
			steps: []string{"remove v1/jsonl/drop_date=2026-11-21/copy.jsonl.gz"},
		},
		"the schema is missing": {
			damage: func(t *testing.T, r *rig, _ sinks.Manifest) {
				t.Helper()
				remove(t, r, sinks.SchemaKey(article.SchemaVersion))
			},
			steps: []string{"put the schema in its place"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, made(t, settings()))
			r.run(t, "vtcnews")
			sealedNow, err := r.Seal(t.Context(), tomorrow)
			must(t, err)
			c.damage(t, r, sealedNow[0])
			before := r.everything(t)
			if steps, err := r.Repair(t.Context(), today, false); (err == nil) != (c.fails == "") || len(steps) == 0 != (len(c.steps) == 0) {
				t.Errorf("the plan: %q, %v", steps, err)
			}
			if after := r.everything(t); after != before {
				t.Errorf("planning changed the bucket:\n%s\n%s", before, after)
			}
			steps, err := r.Repair(t.Context(), today, true)
			if len(steps) != len(c.steps) || (c.fails == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.fails) {
				t.Fatalf("the steps: %q, %v", steps, err)
			}
			for i, want := range c.steps {
				if !strings.Contains(steps[i], want) {
					t.Errorf("step %d is %q, want %q", i, steps[i], want)
				}
			}
			if c.fails != "" {
				return
			}
			report, err := sinks.Verify(t.Context(), r.Bucket, today)
			if err != nil || !report.OK || report.Rev != c.rev {
				t.Errorf("then: %+v, %v", report, err)
			}
			same(t, "sealed", sealed(t, r.Bucket, today), wanted(source(t, "vtcnews")))
			if steps, err := r.Repair(t.Context(), today, true); len(steps) != 0 || err != nil {
				t.Errorf("a second time: %q, %v", steps, err)
			}
		})
	}
}

// everything lists the bucket.
func (r *rig) everything(t *testing.T) string {
	t.Helper()
	objects, err := r.Bucket.List(t.Context(), "v1/")
	must(t, err)
	var keys []string
	for _, o := range objects {
		keys = append(keys, o.Key)
	}
	return strings.Join(keys, "\n")
}

// TestARepairThatIsCutOffGoesOn: readers of manifests never see a drop without its rows,
// and the next seal ends what was begun.
func TestARepairThatIsCutOffGoesOn(t *testing.T) {
	t.Parallel()
	for _, dies := range []string{"after Revise", "before Intend", "after Intend", "before Sealed"} {
		t.Run(dies, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, made(t, settings()))
			r.run(t, "vtcnews")
			before, err := r.Seal(t.Context(), tomorrow)
			must(t, err)
			must(t, r.Bucket.Remove(t.Context(), before[0].Files[0].Key))
			cut(t, r, dies, func() error { _, err := r.Repair(t.Context(), today, true); return err })
			must(t, r.Sweep(t.Context()))
			again, err := r.Seal(t.Context(), tomorrow)
			must(t, err)
			if len(again) != 1 || again[0].Rev != 1 || again[0].Previous.SHA256 == "" || *again[0].Supersedes != 0 {
				t.Errorf("sealed %+v", again)
			}
			verified(t, r.Bucket)
			same(t, "sealed", sealed(t, r.Bucket, today), wanted(source(t, "vtcnews")))
		})
	}
}

// TestLivePartsGoWhenTheirDayIsSealedLongEnough, and not before.
func TestLivePartsGoWhenTheirDayIsSealedLongEnough(t *testing.T) {
	t.Parallel()
	r := newRig(t, made(t, settings()))
	r.run(t, "vtcnews")
	r.clock.step(24 * time.Hour)
	must(t, r.store.Advance(t.Context(), tomorrow))
	r.run(t, "qk7")
	_, err := r.Seal(t.Context(), tomorrow)
	must(t, err)
	same(t, "live when sealed", live(t, r.Bucket, today), wanted(source(t, "vtcnews")))
	r.clock.step(r.KeepLive - time.Second)
	_, err = r.Seal(t.Context(), tomorrow)
	must(t, err)
	same(t, "live a second before", live(t, r.Bucket, today), wanted(source(t, "vtcnews")))
	r.clock.step(2 * time.Second)
	_, err = r.Seal(t.Context(), tomorrow)
	must(t, err)
	same(t, "live then", live(t, r.Bucket, today), nil)
	same(t, "live of the day that is open", live(t, r.Bucket, tomorrow), wanted(source(t, "qk7")))
}

// TestABucketWhereNothingMayBeDeleted: days are sealed all the same, also after one whose
// repair cannot end, and a takedown says what is left.
func TestABucketWhereNothingMayBeDeleted(t *testing.T) {
	t.Parallel()
	s := settings()
	good := made(t, s)
	r := newRig(t, good)
	r.Bucket = through(t, s, func(q *http.Request) bool { return q.Method == http.MethodDelete })
	r.KeepLive = 0
	r.run(t, "vtcnews")
	before, err := r.Seal(t.Context(), tomorrow)
	must(t, err)
	must(t, good.Remove(t.Context(), before[0].Files[0].Key))
	r.clock.step(24 * time.Hour)
	if steps, err := r.Repair(t.Context(), today, true); !errors.Is(err, sinks.ErrDenied) {
		t.Errorf("repaired by %q, %v", steps, err)
	}
	sealedThen, err := r.Seal(t.Context(), "2026-11-23")
	if len(sealedThen) != 1 || sealedThen[0].DropDate != tomorrow || !errors.Is(err, sinks.ErrDenied) {
		t.Errorf("the next day: %+v, %v", sealedThen, err)
	}
	r.Bucket = good // now it may
	for range 2 {
		if _, err := r.Seal(t.Context(), "2026-11-23"); err != nil {
			t.Error(err)
		}
		r.clock.step(time.Second)
	}
	verified(t, good)
	same(t, "live", live(t, good, today), nil)

	r.run(t, "qk7")
	r.Bucket = through(t, s, func(q *http.Request) bool { return q.Method == http.MethodDelete })
	id := wanted(source(t, "qk7"))[0]
	if _, err := r.TakeDown(t.Context(), store.Takedown{ArticleID: id, Reason: why}); err == nil || !strings.Contains(err.Error(), "could not be removed") {
		t.Errorf("the takedown: %v", err)
	}
}
