package pipeline

import (
	"bytes"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/store"
	"attache/sinks"
)

// putBack lets the rig go on with a copy of its store made earlier.
func (r *rig) putBack(t *testing.T, file string) {
	t.Helper()
	s, err := store.Open(t.Context(), file, r.clock.now)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	r.store, r.Store, r.file = s, s, file
}

// TestAStoreThatWasPutBackBringsNoTextBack: what was taken down after the copy was made
// stays down, and what is taken down then goes.
func TestAStoreThatWasPutBackBringsNoTextBack(t *testing.T) {
	t.Parallel()
	r := capturing(t)
	r.run(t, "vtcnews")
	_, err := r.Seal(t.Context(), tomorrow)
	must(t, err)
	copied := filepath.Join(t.TempDir(), "attache.db")
	must(t, r.store.Fork(t.Context(), copied))
	ids := wanted(source(t, "vtcnews"))
	texts := [][][]byte{words(t, r, ids[0]), words(t, r, ids[1])}
	_, err = r.TakeDown(t.Context(), store.Takedown{ArticleID: ids[0], Reason: why})
	must(t, err)

	r.putBack(t, copied)
	manifests, err := r.TakeDown(t.Context(), store.Takedown{ArticleID: ids[1], Reason: why})
	must(t, err)
	if len(manifests) != 1 || manifests[0].Rev != 2 || len(manifests[0].TakenDown) != 2 {
		t.Errorf("sealed %+v", manifests)
	}
	for i, w := range texts {
		if left := holding(t, r, w); len(left) != 0 {
			t.Errorf("%s still stands in %q", ids[i], left)
		}
	}
	r.clock.step(24 * time.Hour)
	_, err = r.Seal(t.Context(), "2026-11-23")
	must(t, err)
	verified(t, r.Bucket)
	m, err := sinks.ReadManifest(t.Context(), r.Bucket, tomorrow)
	must(t, err)
	if len(m.Revised) != 2 || m.Revised[1].Rev != 2 {
		t.Errorf("the next day names %+v", m.Revised)
	}
}

// TestATakedownWaitsForS3: what was asked for while S3 was down, the next seal does.
func TestATakedownWaitsForS3(t *testing.T) {
	t.Parallel()
	s := settings()
	good := made(t, s)
	r := newRig(t, good)
	r.run(t, "vtcnews")
	r.clock.step(24 * time.Hour)
	must(t, r.store.Advance(t.Context(), tomorrow))
	r.Bucket = through(t, s, func(q *http.Request) bool { return q.Method == http.MethodPut })
	id := wanted(source(t, "vtcnews"))[0]
	if _, err := r.TakeDown(t.Context(), store.Takedown{ArticleID: id, Reason: why}); err == nil {
		t.Error("it is said to be done")
	}
	r.Bucket = good
	r.clock.step(2 * time.Minute)
	_, err := r.Seal(t.Context(), tomorrow)
	must(t, err)
	verified(t, good)
	for _, row := range rows(t, good, sinks.JSONLPrefix(today)) {
		if (row.ArticleID == id) != (row.BodyText == "") {
			t.Errorf("%s: %q", row.ArticleID, row.BodyText)
		}
	}
	for range 2 { // to ask again does nothing
		again, err := r.TakeDown(t.Context(), store.Takedown{ArticleID: id, Reason: why})
		if len(again) != 0 || err != nil {
			t.Errorf("again: %+v, %v", again, err)
		}
	}
}

// TestCapturesOfWhatTheStoreHasForgotten are found by the source's own patterns; what is
// no segment there, or a damaged one, keeps no other article from being taken down.
func TestCapturesOfWhatTheStoreHasForgotten(t *testing.T) {
	t.Parallel()
	r, first, second := taken(t)
	w := words(t, r, first)
	r.clock.step(3 * 24 * time.Hour)
	_, err := r.Seal(t.Context(), "2026-11-25")
	must(t, err)
	must(t, r.store.CloseLedgers(t.Context(), r.Zone))
	_, err = r.store.Prune(t.Context(), store.Ages{})
	must(t, err)
	if addresses, err := r.store.Addresses(t.Context(), first); len(addresses) != 0 || err != nil {
		t.Fatalf("the store has not forgotten: %q, %v", addresses, err)
	}
	_, err = r.Bucket.PutBytes(t.Context(), sinks.RawPrefix("qk7")+"README.txt", []byte("not ours"), "text/plain")
	must(t, err)
	_, err = r.Bucket.PutBytes(t.Context(), sinks.RawPrefix("qk7")+"rotten.warc.gz", []byte("no WARC"), sinks.WARCType)
	must(t, err)
	if _, err := r.TakeDown(t.Context(), store.Takedown{ArticleID: second, Reason: why}); err == nil || !strings.Contains(err.Error(), "rotten.warc.gz") || strings.Contains(err.Error(), "README") {
		t.Errorf("beside a rotten segment: %v", err)
	}
	if _, err := r.TakeDown(t.Context(), store.Takedown{ArticleID: first, Reason: why}); err == nil || strings.Contains(err.Error(), first) {
		t.Errorf("of another source: %v", err)
	}
	must(t, r.Bucket.Remove(t.Context(), sinks.RawPrefix("qk7")+"rotten.warc.gz"))
	must(t, r.Bucket.Remove(t.Context(), sinks.RawPrefix("qk7")+"README.txt"))
	_, err = r.Seal(t.Context(), "2026-11-25")
	must(t, err)
	if left := holding(t, r, w[1:]); len(left) > 0 {
		t.Errorf("it still stands in %q", left)
	}
	if left, err := r.store.Takedowns(t.Context(), store.UnerasedTakedowns); len(left) != 0 || err != nil {
		t.Errorf("not erased: %+v, %v", left, err)
	}
}

// TestTheTroubleOfOneDayIsItsOwn: a day whose further revision cannot be made does not
// keep later days from being sealed, and a day whose seal never ended is repaired.
func TestTheTroubleOfOneDayIsItsOwn(t *testing.T) {
	t.Parallel()
	r := newRig(t, made(t, settings()))
	r.run(t, "vtcnews")
	_, err := r.Seal(t.Context(), tomorrow)
	must(t, err)
	spoil(t, r, sinks.ManifestKey(today, 0))
	r.clock.step(24 * time.Hour)
	r.run(t, "qk7")
	_, err = r.TakeDown(t.Context(), store.Takedown{ArticleID: wanted(source(t, "vtcnews"))[0], Reason: why})
	if err == nil || !strings.Contains(err.Error(), "manifest") {
		t.Errorf("beside a spoiled manifest: %v", err)
	}
	r.clock.step(24 * time.Hour)
	later, err := r.Seal(t.Context(), "2026-11-23")
	if err == nil || len(later) == 0 || later[len(later)-1].DropDate != tomorrow {
		t.Errorf("the next day: %+v", later)
	}
	for range 2 {
		_, err = r.Repair(t.Context(), today, true)
		must(t, err)
	}
	_, err = r.Seal(t.Context(), "2026-11-23")
	must(t, err)
	verified(t, r.Bucket)
}

// TestASourceThatCouldNotBeRead is no source without news.
func TestASourceThatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	r := newRig(t, made(t, settings()))
	r.run(t, "qk7")
	r.Transport = reach(t, "127.0.0.1:1", room.CA())
	_, _ = r.Run(t.Context(), source(t, "vtcnews"))
	r.clock.step(time.Hour)
	manifests, err := r.Seal(t.Context(), tomorrow)
	must(t, err)
	m := manifests[0]
	if v := m.Sources["vtcnews"]; v.Watched || len(m.Gaps) != 1 || m.Gaps[0].Source != "vtcnews" || !m.Sources["qk7"].Watched {
		t.Errorf("%+v, gaps %+v", m.Sources, m.Gaps)
	}
	verified(t, r.Bucket)
}

// TestWhatAnotherFolderSealedIsNotOurs: neither a repair nor a takedown writes over its
// manifest, and a takedown names the days that only that folder can seal again.
func TestWhatAnotherFolderSealedIsNotOurs(t *testing.T) {
	t.Parallel()
	bucket := made(t, settings())
	theirs := newRig(t, bucket)
	theirs.run(t, "vtcnews")
	manifests, err := theirs.Seal(t.Context(), tomorrow)
	must(t, err)
	id := wanted(source(t, "vtcnews"))[0]

	later := newRig(t, bucket)
	later.putBack(t, filepath.Join(t.TempDir(), "new.db"))
	later.clock.step(4 * 24 * time.Hour)
	must(t, later.store.Advance(t.Context(), "2026-11-25"))
	for range 2 {
		if _, err := later.TakeDown(t.Context(), store.Takedown{ArticleID: id, Reason: why}); err == nil || !strings.Contains(err.Error(), today) {
			t.Errorf("a day of another folder: %v", err)
		}
	}

	must(t, bucket.Remove(t.Context(), manifests[0].Files[0].Key)) // so that it cannot be adopted
	ours := newRig(t, bucket)
	ours.clock.step(time.Second)
	ours.run(t, "qk7")
	before, err := theirs.manifest(t.Context(), sinks.ManifestKey(today, 0))
	must(t, err)
	for _, c := range []struct {
		what string
		work func() error
	}{
		{"seal", func() error { _, err := ours.Seal(t.Context(), tomorrow); return err }},
		{"repair", func() error { _, err := ours.Repair(t.Context(), today, true); return err }},
		{"takedown", func() error {
			_, err := ours.TakeDown(t.Context(), store.Takedown{ArticleID: wanted(source(t, "qk7"))[0], Reason: why})
			return err
		}},
	} {
		if err := c.work(); err == nil {
			t.Errorf("%s: it is said to be done", c.what)
		}
		after, err := theirs.manifest(t.Context(), sinks.ManifestKey(today, 0))
		must(t, err)
		if !bytes.Equal(before, after) {
			t.Errorf("%s wrote over the manifest of another", c.what)
		}
	}
	if known, err := ours.store.Committed(t.Context(), today); known != nil || err != nil {
		t.Errorf("ours is said to be sealed: %v", err)
	}
}
