package sinks

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/article"
)

// TestVerifyAllNotes: what is not here because it is old, or was not copied, is said
// and changes no verdict.
func TestVerifyAllNotes(t *testing.T) {
	t.Parallel()
	gone := func([]byte) []byte { return nil }
	first := func(t *testing.T, w *world) {
		for _, f := range w.manifests["2026-11-19"].Named() {
			w.edit(t, f.Key, gone)
		}
		w.edit(t, ManifestKey("2026-11-19", 0), gone)
	}
	for name, c := range map[string]struct {
		harm func(*testing.T, *world)
		says string
	}{
		"nothing":           {func(*testing.T, *world) {}, ""},
		"a probe":           {func(t *testing.T, w *world) { w.put(t, probeKey, []byte("?")) }, ""},
		"the oldest is old": {first, ManifestKey("2026-11-20", 0) + " follows 2026-11-19 r0, which is not here: what was sealed before 2026-11-20 was removed"},
		"a schema of what is old": {func(t *testing.T, w *world) {
			first(t, w)
			w.put(t, SchemaKey("0.9.0"), []byte("{}"))
		}, ManifestKey("2026-11-20", 0) + " follows 2026-11-19 r0, which is not here"},
		"live parts of long ago": {func(t *testing.T, w *world) {
			w.rewrite(t, ManifestKey(day, 0), func(m *Manifest) { m.SealedAt = m.SealedAt.AddDate(0, 2, 0) })
			for _, date := range []string{"2026-11-20", day, "2026-11-22"} { // sealed long before, with the newest, not sealed
				w.put(t, LiveKey(date, "run", digest([]byte("?"))), []byte("?"))
			}
		}, "1 live parts are of days sealed more than 30 days before the newest, such as v1/live/drop_date=2026-11-20/"},
		"no captures": {func(t *testing.T, w *world) { w.edit(t, pages, gone) }, "no captures are here: the 1 segments"},
		"old captures": {func(t *testing.T, w *world) {
			w.edit(t, pages, gone)
			w.put(t, strings.Replace(pages, "11-20", "11-21", 1), []byte("?"))
		}, "1 segments that rows point at are of days before 2026-11-21"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, threeDays()...)
			c.harm(t, w)
			everywhere(t, w, func(t *testing.T, o Objects) {
				a, err := VerifyAll(t.Context(), o, nil, nil)
				if got := strings.Join(a.Notes, "\n"); err != nil || !a.OK || !strings.HasPrefix(got, c.says) || (got == "") != (c.says == "") {
					t.Errorf("%+v, %v", a, err)
				}
			})
		})
	}
}

// TestVerifyAllOfAFolder: links are no objects, whatever they lead to.
func TestVerifyAllOfAFolder(t *testing.T) {
	t.Parallel()
	d := newWorld(t, threeDays()...).copied(t)
	for key, to := range map[string]string{
		"v1/raw/link.warc.gz": "source=vtcnews/fetch_date=2026-11-20/a.warc.gz", "v1/parquet/folder": "../jsonl", "v1/nowhere": "/nowhere",
	} {
		if err := os.Symlink(to, filepath.Join(d.path, filepath.FromSlash(key))); err != nil {
			t.Fatal(err)
		}
	}
	a, err := VerifyAll(t.Context(), d, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	begins(t, a.All(), []string{"stray v1/nowhere", "stray v1/parquet/folder", "stray v1/raw/link.warc.gz"}, "neither a file nor a folder")
	if err := os.Rename(filepath.Join(d.path, "v1"), filepath.Join(d.path, "v")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("v", filepath.Join(d.path, "v1")); err != nil {
		t.Fatal(err)
	}
	found, err := d.irregular(t.Context())
	if err != nil || !slices.ContainsFunc(found, func(f Finding) bool { return f.Key == "v1" }) {
		t.Errorf("%v, %v", found, err)
	}
}

// TestVerifyOfRowsThatLeftTheTopic: their ledger counts them with all that was never on it.
func TestVerifyOfRowsThatLeftTheTopic(t *testing.T) {
	t.Parallel()
	for kept, ok := range map[int]bool{2: true, 3: false} {
		plans := threeDays()
		r := &plans[2].records[1]
		r.ChangeType, r.ChangeReason, r.RawRef = article.Removed, article.FromTopic, nil
		plans[2].claim = func(m *Manifest) {
			m.Sources["vtcnews"].Ledger.Closed = map[article.Outcome]int{article.Stored: kept, article.OutOfScope: 3 - kept}
		}
		v, err := Verify(t.Context(), newWorld(t, plans...).Bucket, day)
		if err != nil || v.OK != ok {
			t.Fatalf("%d kept: %+v, %v", kept, v, err)
		}
		if !ok {
			begins(t, v.Findings, []string{"ledger " + ManifestKey(day, 0)}, "source vtcnews has 2 rows, its ledger made 3")
		}
	}
}

// TestVerifyLetsAClockPass: a day must not be kept from being sealed by it.
func TestVerifyLetsAClockPass(t *testing.T) {
	t.Parallel()
	plans := threeDays()
	plans[2].claim = func(m *Manifest) { m.SealedAt = m.Window.To.Add(-time.Hour) }
	if r, err := Verify(t.Context(), newWorld(t, plans...).Bucket, day); err != nil || !r.OK {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestKindsThatMend(t *testing.T) {
	t.Parallel()
	var not []Kind
	for _, k := range Kinds {
		if !k.Mends() {
			not = append(not, k)
		}
	}
	if want := []Kind{Duplicate, BadChain, BadLedger, BadLatest}; !slices.Equal(not, want) {
		t.Errorf("%v, want %v", not, want)
	}
}
