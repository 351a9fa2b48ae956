package sinks

import (
	"strings"
	"testing"
)

// TestVerifyOfRejects: they are no records, but JSON, and counted.
func TestVerifyOfRejects(t *testing.T) {
	t.Parallel()
	for says, rows := range map[string][]string{"row 2 is not JSON": {"{}", "{"}, "more than the 2 rows": {"{}", "{}", "{}"}, "it has 1 rows": {"{}"}} {
		plans := threeDays()
		f, err := WriteJSONL(t.TempDir()+"/rejects", rowsOf(rows...))
		if err != nil {
			t.Fatal(err)
		}
		key := RejectsKey(day, 0, 1, f.SHA256)
		old := ""
		plans[2].claim = func(m *Manifest) {
			old = m.Rejects.Key
			m.Rejects = &ManifestFile{Key: key, Bytes: f.Bytes, SHA256: f.SHA256, Rows: 2, Format: FormatJSONL}
		}
		w := newWorld(t, plans...)
		if _, err := w.Put(t.Context(), Object{Key: key, Path: f.Path, SHA256: f.SHA256, Bytes: f.Bytes}); err != nil {
			t.Fatal(err)
		}
		if err := w.Remove(t.Context(), old); err != nil {
			t.Fatal(err)
		}
		r, err := Verify(t.Context(), w.Bucket, day)
		if err != nil || len(r.Findings) != 1 || !strings.Contains(r.Findings[0].Detail, says) {
			t.Errorf("%+v, %v; want %q", r, err, says)
		}
	}
}

// TestVerifyOfAFurtherRevision: its manifest leads to the one it supersedes, whose
// files have to go.
func TestVerifyOfAFurtherRevision(t *testing.T) {
	t.Parallel()
	r0, r1 := ManifestKey(day, 0), ManifestKey(day, 1)
	for name, c := range map[string]struct {
		harm func(*testing.T, *world, Manifest)
		want []string
		says string
	}{
		"sound":          {func(*testing.T, *world, Manifest) {}, nil, ""},
		"r0 removed":     {func(t *testing.T, w *world, _ Manifest) { w.edit(t, r0, func([]byte) []byte { return nil }) }, []string{"chain " + r0}, "it is missing, though there is an r1"},
		"r0 edited":      {func(t *testing.T, w *world, _ Manifest) { w.rewrite(t, r0, func(m *Manifest) { m.Producer = "me" }) }, []string{"chain " + r1}, "it was changed"},
		"r0 damaged":     {func(t *testing.T, w *world, _ Manifest) { w.edit(t, r0, func([]byte) []byte { return []byte("{") }) }, []string{"manifest " + r0}, "unexpected end"},
		"r1 damaged":     {func(t *testing.T, w *world, _ Manifest) { w.edit(t, r1, func([]byte) []byte { return []byte("{") }) }, []string{"manifest " + r1}, "unexpected end"},
		"no link":        {func(t *testing.T, w *world, _ Manifest) { w.rewrite(t, r1, func(m *Manifest) { m.Previous = nil }) }, []string{"chain " + r1}, "does not name the revision before"},
		"a link astray":  {func(t *testing.T, w *world, _ Manifest) { w.rewrite(t, r1, func(m *Manifest) { m.Previous.Rev = 1 }) }, []string{"chain " + r1}, "which cannot be"},
		"no reason":      {func(t *testing.T, w *world, _ Manifest) { w.rewrite(t, r1, func(m *Manifest) { m.Reason = "" }) }, []string{"manifest " + r1}, "no reason"},
		"another is due": {func(t *testing.T, w *world, _ Manifest) { w.rewrite(t, r1, func(m *Manifest) { m.Supersedes = nil }) }, []string{"manifest " + r1}, "does not supersede"},
		"rows of r0 are left": {func(t *testing.T, w *world, m Manifest) {
			w.put(t, m.Files[0].Key, []byte("?"))
			w.put(t, m.Files[1].Key, []byte("?"))
			w.put(t, m.Rejects.Key, []byte("?"))
			w.put(t, m.Reports[0].Key, []byte("?")) // of no harm
		}, []string{"superseded v1/jsonl/", "superseded v1/parquet/", "superseded v1/rejects/"}, "r1 took its place"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plans := threeDays()
			w := newWorld(t, plans...)
			old := w.manifests[day]
			plans[2].rev = 1
			w.carried-- // the books of the same day
			w.seal(t, plans[2])
			for _, f := range old.Named() {
				if err := w.Remove(t.Context(), f.Key); err != nil {
					t.Fatal(err)
				}
			}
			c.harm(t, w, old)
			everywhere(t, w, func(t *testing.T, o Objects) {
				r, err := Verify(t.Context(), o, day)
				if err != nil || r.Rev != 1 || r.OK != (c.want == nil) {
					t.Fatalf("%+v, %v", r, err)
				}
				if c.want != nil {
					begins(t, r.Findings, c.want, c.says)
				}
			})
		})
	}
}

// TestVerifyOfEntries: those of a bucket name it; those of a copy name one bucket.
func TestVerifyOfEntries(t *testing.T) {
	t.Parallel()
	plans := threeDays()
	plans[2].claim = func(m *Manifest) { m.Entries[0].URL = strings.Replace(m.Entries[0].URL, "s3://", "s3://not-", 1) }
	w := newWorld(t, plans...)
	r, err := Verify(t.Context(), w.Bucket, day)
	if err != nil {
		t.Fatal(err)
	}
	begins(t, r.Findings, []string{"manifest " + ManifestKey(day, 0)}, "its entries name")
	if r, err := Verify(t.Context(), w.copied(t), day); err != nil || !r.OK {
		t.Errorf("a copy: %+v, %v", r, err)
	}
	plans = threeDays()
	plans[2].claim = func(m *Manifest) { m.Entries = nil }
	if r, err := Verify(t.Context(), newWorld(t, plans...).Bucket, day); err != nil || !r.OK {
		t.Errorf("no entries: %+v, %v", r, err)
	}
}
