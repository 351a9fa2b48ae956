package sinks

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/article"
	"attache/internal/schema"
)

// everywhere is what verifies the same in a bucket and in a copy of it.
func everywhere(t *testing.T, w *world, check func(t *testing.T, o Objects)) {
	t.Helper()
	for name, o := range map[string]Objects{"bucket": w.Bucket, "folder": w.copied(t)} {
		t.Run(name, func(t *testing.T) { check(t, o) })
	}
}

// TestVerifyCopiesWhereItIsTold: a temporary folder may be small, and in memory.
func TestVerifyCopiesWhereItIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, threeDays()...)
	here, copies := t.TempDir(), 0
	s := w.s
	s.Copies, s.Observe = here, func(Call) {
		files, err := filepath.Glob(filepath.Join(here, "attache-verify-*.tmp"))
		if err == nil {
			copies += len(files)
		}
	}
	for range 2 { // the second time, nothing can be written there
		if r, err := Verify(t.Context(), open(t, s), day); err != nil || !r.OK {
			t.Fatalf("%+v, %v", r, err)
		}
		s.Copies = filepath.Join(here, "none")
	}
	if left, err := os.ReadDir(here); copies == 0 || len(left) != 0 || err != nil {
		t.Errorf("%d copies were seen, %d are left, %v", copies, len(left), err)
	}
}

func TestVerifySound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, threeDays()...)
	w.seal(t, plan{date: "2026-11-22"})
	everywhere(t, w, func(t *testing.T, o Objects) {
		var seen []string
		a, err := VerifyAll(t.Context(), o, nil, func(r Report) { seen = append(seen, r.Date) })
		if err != nil || !a.OK || len(a.All()) != 0 || len(a.Drops) != 4 {
			t.Fatalf("%+v, %v", a, err)
		}
		if want := []string{"2026-11-19", "2026-11-20", day, "2026-11-22"}; !slices.Equal(seen, want) {
			t.Errorf("progress %v", seen)
		}
		r, err := Verify(t.Context(), o, day)
		if err != nil || !r.OK || r.Rows != 3 || r.Objects != 5 || r.Manifest != ManifestKey(day, 0) {
			t.Errorf("%+v, %v", r, err)
		}
		raw, err := json.Marshal(a)
		if err != nil || bytes.Contains(raw, []byte("null")) {
			t.Errorf("as JSON: %s, %v", raw, err)
		}
	})
}

// TestVerifyFinds does one thing wrong at a time to the newest of three drops, and
// wants exactly the findings it must lead to, in a bucket and in a copy of it.
func TestVerifyFinds(t *testing.T) {
	t.Parallel()
	jsonl, columns, manifest := "v1/jsonl/drop_date="+day+"/", "v1/parquet/drop_date="+day+"/", ManifestKey(day, 0)
	data := func(format string, change func([]byte) []byte) func(*testing.T, *world) {
		return func(t *testing.T, w *world) { w.edit(t, w.key(day, format), change) }
	}
	object := func(key string, change func([]byte) []byte) func(*testing.T, *world) {
		return func(t *testing.T, w *world) { w.edit(t, key, change) }
	}
	extra := func(key string) func(*testing.T, *world) {
		return func(t *testing.T, w *world) { w.put(t, key, []byte("{}")) }
	}
	claim := func(change func(*Manifest)) func(*testing.T, *world) {
		return func(t *testing.T, w *world) { w.rewrite(t, manifest, change) }
	}
	entry := func(change func(*CopyEntry)) func(*testing.T, *world) {
		return claim(func(m *Manifest) { change(&m.Entries[0]) })
	}
	book := func(change func(*article.Ledger)) func(*testing.T, *world) {
		return claim(func(m *Manifest) { change(m.Sources["vtcnews"].Ledger) })
	}
	text := func(old, now string) func(*testing.T, *world) {
		return object(manifest, func(raw []byte) []byte { return bytes.Replace(raw, []byte(old), []byte(now), 1) })
	}
	without := func(keys ...string) func(*testing.T, *world) {
		return object(manifest, func(raw []byte) []byte {
			m := map[string]json.RawMessage{}
			if err := json.Unmarshal(raw, &m); err != nil {
				t.Error(err)
			}
			for _, key := range keys {
				delete(m, key)
			}
			raw, _ = json.Marshal(m) // it was JSON
			return raw
		})
	}
	gone := func([]byte) []byte { return nil }
	flipped := func(raw []byte) []byte { raw[len(raw)/2] ^= 1; return raw }
	for name, c := range map[string]struct {
		harm func(*testing.T, *world)
		want []string // "kind key", of which the key may be its beginning
		says string
	}{
		"tampered JSONL":    {data(FormatJSONL, flipped), []string{"differs " + jsonl}, "sha256"},
		"tampered Parquet":  {data(FormatParquet, flipped), []string{"differs " + columns}, "sha256"},
		"truncated":         {data(FormatParquet, func(raw []byte) []byte { return raw[:len(raw)-9] }), []string{"differs " + columns}, "it ends after"},
		"emptied":           {data(FormatJSONL, func([]byte) []byte { return []byte{} }), []string{"differs " + jsonl}, "it ends after 0 bytes"},
		"something added":   {data(FormatJSONL, func(raw []byte) []byte { return append(raw, raw...) }), []string{"differs " + jsonl}, "longer than"},
		"missing JSONL":     {data(FormatJSONL, gone), []string{"missing " + jsonl}, "the manifest names it"},
		"missing Parquet":   {data(FormatParquet, gone), []string{"missing " + columns}, ""},
		"tampered report":   {object(QualityKey(day, 0, FormatHTML), flipped), []string{"differs v1/_quality/"}, "sha256"},
		"missing report":    {object(QualityKey(day, 0, FormatJSON), gone), []string{"missing v1/_quality/"}, ""},
		"missing rejects":   {func(t *testing.T, w *world) { w.edit(t, w.manifests[day].Rejects.Key, gone) }, []string{"missing v1/rejects/"}, ""},
		"both formats gone": {func(t *testing.T, w *world) { data(FormatJSONL, gone)(t, w); data(FormatParquet, gone)(t, w) }, []string{"missing " + jsonl, "missing " + columns}, ""},
		"swapped bodies": {func(t *testing.T, w *world) {
			var lines []byte
			w.edit(t, w.key(day, FormatJSONL), func(raw []byte) []byte { lines = raw; return raw })
			w.edit(t, w.key(day, FormatParquet), func(raw []byte) []byte { raw, lines = lines, raw; return raw })
			w.edit(t, w.key(day, FormatJSONL), func([]byte) []byte { return lines })
		}, []string{"differs " + jsonl, "differs " + columns}, ""},
		"an extra part":         {extra(JSONLKey(day, 0, 1, strings.Repeat("f", 64))), []string{"stray " + jsonl}, "no manifest names it"},
		"an extra Parquet part": {extra(ParquetKey(day, 7, 0, strings.Repeat("f", 64))), []string{"stray " + columns}, ""},
		"an extra report":       {extra(QualityPrefix(day) + "notes.txt"), []string{"stray v1/_quality/"}, ""},
		"extra rejects":         {extra(RejectsKey(day, 0, 1, "")), []string{"stray v1/rejects/"}, ""},
		"an odd manifest":       {extra(ManifestPrefix(day) + "r0.json.bak"), []string{"stray " + ManifestPrefix(day)}, ""},
		"duplicated object": {func(t *testing.T, w *world) {
			w.edit(t, w.key(day, FormatParquet), func(raw []byte) []byte {
				w.put(t, ParquetKey(day, 0, 1, w.manifests[day].Files[1].SHA256), raw)
				return raw
			})
		}, []string{"stray " + columns}, ""},
		"half a manifest":    {object(manifest, func(raw []byte) []byte { return raw[:len(raw)/2] }), []string{"manifest " + manifest}, "unexpected end"},
		"another's manifest": {claim(func(m *Manifest) { m.DropDate = "2026-11-20" }), []string{"manifest " + manifest}, "it says it is that of 2026-11-20 r0"},
		"more rows claimed": {claim(func(m *Manifest) {
			m.Rows, m.Files[0].Rows, m.Files[1].Rows, m.Changes["added"] = 4, 4, 4, 3
			m.Sources["vtcnews"] = claimed(m, func(s *SourceCount) { s.Rows = 4 })
		}), []string{"rows_differ " + jsonl, "rows_differ " + columns}, "it has 3 rows, the manifest says 4"},
		"fewer rows claimed": {claim(func(m *Manifest) {
			m.Rows, m.Files[0].Rows, m.Files[1].Rows, m.Changes["added"] = 2, 2, 2, 1
			m.Sources["vtcnews"] = claimed(m, func(s *SourceCount) { s.Rows = 2 })
		}), []string{"rows_differ " + jsonl, "rows_differ " + columns}, "more than the 2 rows"},
		"another source claimed": {claim(func(m *Manifest) {
			m.Sources["qdnd"] = SourceCount{Rows: 1, Rules: []string{}, Robots: map[string]string{}}
			m.Sources["vtcnews"] = claimed(m, func(s *SourceCount) { s.Rows = 2 })
		}), []string{"rows_differ " + manifest, "rows_differ " + manifest}, "source qdnd has 0 rows, the manifest says 1"},
		"another time claimed": {claim(func(m *Manifest) {
			m.Sources["vtcnews"] = claimed(m, func(s *SourceCount) { s.Newest = s.Oldest })
		}), []string{"rows_differ " + manifest}, "the rows of source vtcnews were published from"},
		"other rules claimed": {claim(func(m *Manifest) {
			m.Sources["vtcnews"] = claimed(m, func(s *SourceCount) { s.Rules = []string{"0a1b2c3d4e5f"} })
		}), []string{"rows_differ " + manifest}, `read with the rules []`},
		"no time claimed":        {claim(func(m *Manifest) { m.Files[0].Oldest = nil }), []string{"rows_differ " + jsonl}, "at no known time"},
		"another change claimed": {claim(func(m *Manifest) { m.Changes = map[string]int64{"added": 3} }), []string{"rows_differ " + manifest, "rows_differ " + manifest}, "1 rows are changed, the manifest says 0"},
		"changes do not sum up":  {claim(func(m *Manifest) { m.Changes["added"]++ }), []string{"manifest " + manifest, "rows_differ " + manifest}, "its changes have 4 rows, not 3"},
		"formats swapped in it": {claim(func(m *Manifest) {
			m.Files[0].Format, m.Files[1].Format = FormatParquet, FormatJSONL
			m.Entries[0].Meta.ContentLength = m.Files[0].Bytes
			m.Entries[0].URL = strings.TrimSuffix(m.Entries[0].URL, m.Files[1].Key) + m.Files[0].Key
		}), []string{"manifest " + manifest, "manifest " + manifest, "manifest " + manifest, "schema " + jsonl, "unreadable " + columns}, "which lie elsewhere"},
		"an unknown format":         {claim(func(m *Manifest) { m.Files[0].Format = "csv" }), []string{"manifest " + manifest, "manifest " + manifest}, "as a csv file of its rows"},
		"a file of another day":     {claim(func(m *Manifest) { m.Files[0].Key = strings.Replace(m.Files[0].Key, day, "2026-11-20", 1) }), []string{"manifest " + manifest, "missing v1/jsonl/drop_date=2026-11-20/", "stray " + jsonl}, "which lie elsewhere"},
		"another sha claimed":       {claim(func(m *Manifest) { m.Files[1].SHA256 = strings.Repeat("0", 64) }), []string{"manifest " + manifest, "differs " + columns}, ""},
		"entries of something else": {claim(func(m *Manifest) { m.Entries[0].Meta.ContentLength++ }), []string{"manifest " + manifest}, "its entries name"},
		"entries not in S3":         {entry(func(e *CopyEntry) { e.URL = strings.Replace(e.URL, "s3://", "http://", 1) }), []string{"manifest " + manifest}, "of another place"},
		"entries of no bucket":      {entry(func(e *CopyEntry) { e.URL = "s3://" + parquetRoot + "x" }), []string{"manifest " + manifest}, "of another place"},
		"entries not mandatory":     {entry(func(e *CopyEntry) { e.Mandatory = false }), []string{"manifest " + manifest}, "not mandatory"},
		"an entry twice":            {claim(func(m *Manifest) { m.Entries = append(m.Entries, m.Entries...) }), []string{"manifest " + manifest}, "its entries name"},
		"one format only":           {claim(func(m *Manifest) { m.Files = m.Files[:1]; m.Entries = []CopyEntry{} }), []string{"manifest " + manifest, "stray " + columns}, "it names no parquet file"},
		"one report only":           {claim(func(m *Manifest) { m.Reports = m.Reports[:1] }), []string{"manifest " + manifest, "stray v1/_quality/"}, "it names 0 reports in json, not one"},
		"a report twice":            {claim(func(m *Manifest) { m.Reports = append(m.Reports, m.Reports[0]) }), []string{"manifest " + manifest}, "report.html twice"},
		"no zone":                   {claim(func(m *Manifest) { m.Zone = "" }), []string{"manifest " + manifest}, "its zone"},
		"another zone":              {claim(func(m *Manifest) { m.Zone = "Asia/Atlantis" }), []string{"manifest " + manifest}, "its zone"},
		"no changes":                {without("changes"), []string{"differs v1/_quality/", "manifest " + manifest, "manifest " + manifest, "rows_differ " + manifest, "rows_differ " + manifest}, "it has no changes"},
		"as if of long ago": {without("changes", "reports", "entries", "supersedes", "previous", "revised", "taken_down", "running"), []string{
			"manifest " + manifest, "manifest " + manifest, "manifest " + manifest, "manifest " + manifest, "manifest " + manifest, "manifest " + manifest, "manifest " + manifest, "manifest " + manifest,
			"manifest " + manifest, "manifest " + manifest, "manifest " + manifest, "rows_differ " + manifest, "rows_differ " + manifest, "stray v1/_quality/", "stray v1/_quality/",
		}, "it has no previous"},
		"no ledger key":             {text(`"ledger": {`, `"book": {`), []string{"differs v1/_quality/", "manifest " + manifest}, "it has no sources.vtcnews.ledger"},
		"gaps that are null":        {claim(func(m *Manifest) { m.Gaps = nil }), []string{"manifest " + manifest}, "its gaps is null"},
		"a key twice":               {text(`"reason": "",`, `"reason": "", "reason": "",`), []string{"manifest " + manifest}, "its key reason stands there twice"},
		"a key below twice":         {text(`"watched": false,`, `"watched": true, "watched": false,`), []string{"manifest " + manifest}, "its key sources.vtcnews.watched stands there twice"},
		"a key in capitals":         {text(`"running": true,`, `"Running": false, "running": true,`), []string{"manifest " + manifest}, `its key running is also there as "Running"`},
		"a key unknown, twice":      {text(`"running": true,`, `"new": {"a": 1, "a": 2}, "running": true,`), []string{"manifest " + manifest}, "its key new.a stands there twice"},
		"a later attache's":         {text(`"running": true,`, `"new": {"a": [null, {"b": 2}]}, "running": true,`), nil, ""},
		"rejects elsewhere":         {claim(func(m *Manifest) { m.Rejects.Key = w0 }), []string{"manifest " + manifest, "missing " + w0, "stray v1/rejects/"}, "which lies elsewhere"},
		"reports elsewhere":         {claim(func(m *Manifest) { m.Reports[0].Key = w0 }), []string{"manifest " + manifest, "missing " + w0, "stray v1/_quality/"}, "which lies elsewhere"},
		"a reason for nothing":      {claim(func(m *Manifest) { m.Supersedes = new(0) }), []string{"manifest " + manifest}, "does not supersede"},
		"a window that ends first":  {claim(func(m *Manifest) { m.Window.To = m.Window.From.Add(-time.Second) }), []string{"manifest " + manifest}, "ends before it begins"},
		"a ledger that lies":        {claim(func(m *Manifest) { m.Sources["vtcnews"].Ledger.Opened["new"]++ }), []string{"ledger " + manifest}, "does not add up"},
		"a ledger of another day":   {book(func(l *article.Ledger) { l.Day = "2026-11-20" }), []string{"ledger " + manifest}, `the ledger of the day "2026-11-20"`},
		"less than nothing":         {book(func(l *article.Ledger) { l.Opened["new"]--; l.Opened["revisit"] = -1; l.CarriedOut -= 2 }), []string{"ledger " + manifest}, `the kind "revisit" is not known, or -1`},
		"an unknown kind of work":   {book(func(l *article.Ledger) { l.Opened["new"]--; l.Opened["other"] = 1 }), []string{"ledger " + manifest}, `the kind "other" is not known`},
		"an unknown outcome":        {book(func(l *article.Ledger) { l.Opened["new"]++; l.Closed["lost"] = 1 }), []string{"ledger " + manifest}, `the outcome "lost" is not known`},
		"more reasons than cases":   {book(func(l *article.Ledger) { l.Missing = []article.Missing{{Outcome: article.Failed, Count: 1}} }), []string{"ledger " + manifest}, "it gives reasons for 1 failed, but closed 0 so"},
		"numbers that overflow":     {book(func(l *article.Ledger) { l.CarriedIn = math.MaxInt; l.CarriedOut = math.MaxInt; l.Opened["new"] = 3 }), []string{"ledger " + manifest, "ledger " + manifest}, "carried in is not known, or 9223372036854775807"},
		"more kept than there are":  {book(func(l *article.Ledger) { l.Opened["new"]++; l.Closed[article.Revised] = 1 }), []string{"ledger " + manifest}, "source vtcnews has 3 rows, its ledger made 4"},
		"fewer kept than there are": {book(func(l *article.Ledger) { l.Opened["new"]--; l.Closed[article.Stored]-- }), nil, ""},
		"another's ledger":          {claim(func(m *Manifest) { m.Sources["vtcnews"].Ledger.Source = "qdnd" }), []string{"ledger " + manifest}, `has the ledger of "qdnd"`},
		"a broken link":             {claim(func(m *Manifest) { m.Previous.SHA256 = strings.Repeat("0", 64) }), []string{"chain " + manifest}, "it was changed"},
		"a link to itself":          {claim(func(m *Manifest) { m.Previous.DropDate = day }), []string{"chain " + manifest}, "which cannot be"},
		"a link to nothing":         {claim(func(m *Manifest) { m.Previous.DropDate = "2026-11-01" }), []string{"chain " + manifest}, "which is not here"},
		"no schema":                 {object(SchemaKey(schema.Version), gone), []string{"schema v1/_schema/"}, "no such object"},
		"another schema":            {object(SchemaKey(schema.Version), flipped), []string{"schema v1/_schema/"}, "not the schema that was released"},
		"an unknown schema":         {claim(func(m *Manifest) { m.SchemaVersion = "9.0.0" }), []string{"schema " + manifest, "schema v1/_schema/article-9.0.0"}, "use a newer one"},
		"the manifest before edited": {func(t *testing.T, w *world) {
			w.rewrite(t, ManifestKey("2026-11-20", 0), func(m *Manifest) { m.Producer = "somebody else" })
		}, []string{"chain " + manifest}, "it was changed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, threeDays()...)
			c.harm(t, w)
			everywhere(t, w, func(t *testing.T, o Objects) {
				r, err := Verify(t.Context(), o, day)
				if err != nil || r.OK != (c.want == nil) {
					t.Fatalf("%+v, %v", r, err)
				}
				if c.want != nil {
					begins(t, r.Findings, c.want, c.says)
				}
			})
		})
	}
}

// w0 is a key that nothing has.
const w0 = "v1/nowhere"

// claimed is what the manifest says of vtcnews, changed.
func claimed(m *Manifest, change func(*SourceCount)) SourceCount {
	s := m.Sources["vtcnews"]
	change(&s)
	return s
}

// begins wants exactly these findings, the first of which to be told of says says.
func begins(t *testing.T, findings []Finding, want []string, says string) {
	t.Helper()
	have := found(findings)
	slices.Sort(want)
	ok := len(have) == len(want)
	for i := 0; ok && i < len(want); i++ {
		ok = strings.HasPrefix(have[i], want[i])
	}
	if !ok {
		t.Errorf("found %q\n%v, want %q", have, findings, want)
	}
	if !slices.ContainsFunc(findings, func(f Finding) bool {
		return strings.Contains(f.Detail, says) && f.Detail != "" && slices.Contains(Kinds, f.Kind)
	}) {
		t.Errorf("none says %q: %v", says, findings)
	}
}

func TestVerifyBehindALyingProxy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, threeDays()...)
	for name, c := range map[string]struct {
		answer func(*http.Response) error
		want   []string
	}{
		"other bytes": {flip, []string{"differs v1/parquet/"}},
		"out of order": {func(r *http.Response) error {
			r.StatusCode = http.StatusInternalServerError
			return nil
		}, []string{"unreadable v1/parquet/"}},
	} {
		b := through(t, w.s, nil, func(r *http.Response) error {
			if r.Request.Method == http.MethodGet && strings.HasSuffix(r.Request.URL.Path, ".parquet") {
				return c.answer(r)
			}
			return nil
		})
		r, err := Verify(t.Context(), b, day)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		begins(t, r.Findings, c.want, "")
	}
}

func TestVerifyOfWhatIsNotSealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := Verify(t.Context(), w.Bucket, day); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "not sealed") {
		t.Error(err)
	}
	if _, err := VerifyAll(t.Context(), w.Bucket, nil, nil); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "no drop is sealed") {
		t.Error(err)
	}
	if _, err := VerifyAll(t.Context(), w.Bucket, []string{day}, nil); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

// TestVerifyWithoutRoom is no damage.
func TestVerifyWithoutRoom(t *testing.T) {
	t.Parallel()
	w := newWorld(t, threeDays()...)
	full := errors.New("no space left on device")
	v := &verifier{o: w.Bucket, report: &Report{Date: day}}
	ok, err := v.sound(t.Context(), w.manifests[day].Files[0], writerFunc(func([]byte) (int, error) { return 0, full }))
	if ok || !errors.Is(err, full) || !strings.Contains(err.Error(), "set TMPDIR") || len(v.report.Findings) != 0 {
		t.Errorf("%t, %v, %v", ok, err, v.report.Findings)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// TestVerifyEndsWithItsContext at whatever object that is.
func TestVerifyEndsWithItsContext(t *testing.T) {
	t.Parallel()
	w := newWorld(t, threeDays()...)
	everywhere(t, w, func(t *testing.T, o Objects) {
		for n := range 12 {
			ctx, cancel := context.WithCancelCause(t.Context())
			stop := errors.New("enough")
			_, err := Verify(ctx, &stopping{o, n, func() { cancel(stop) }}, day)
			cancel(nil)
			if !errors.Is(err, stop) {
				t.Errorf("stopped at call %d: %v", n, err)
			}
		}
	})
}

// stopping stops at its nth call.
type stopping struct {
	Objects
	n    int
	stop func()
}

func (s *stopping) Get(ctx context.Context, key string) (io.ReadCloser, error) {
	s.called()
	return s.Objects.Get(ctx, key)
}

func (s *stopping) List(ctx context.Context, prefix string) ([]ObjectInfo, error) {
	s.called()
	return s.Objects.List(ctx, prefix)
}

func (s *stopping) called() {
	if s.n--; s.n < 0 {
		s.stop()
	}
}
