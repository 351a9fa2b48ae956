package sinks

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"attache/internal/article"
	"attache/internal/schema"
)

// world is a bucket with sealed drops, and what the seals wrote in it.
type world struct {
	*Bucket
	s         Settings
	links     map[string]Link // by "date rN"
	last      Link            // of the newest r0
	carried   int             // by vtcnews, out of the newest drop
	manifests map[string]Manifest
}

// plan is a drop to be sealed.
type plan struct {
	date    string
	rev     int
	records []article.Record
	jsonl   func([]string) []string // falsify the rows of a format before they are sealed
	parquet func([]string) []string
	claim   func(*Manifest) // falsifies the manifest
}

// pages is where the pages of all records are.
const pages = "v1/raw/source=vtcnews/fetch_date=2026-11-20/a.warc.gz"

var hanoi = time.FixedZone("ICT", 7*3600)

// record is one with its number as the minute of publication.
func record(id string, revision, minute int) article.Record {
	at := time.Date(2026, 11, 21, 2, minute, 0, 0, time.UTC)
	const text = "Sáng 21/11, ba tàu cập cảng Tiên Sa."
	return article.Record{
		ArticleID: article.ID("vtcnews", id), Revision: revision, ChangeType: article.Added, ChangeReason: article.FromPublisher,
		Source: "vtcnews", URL: "https://vtcnews.example/" + id, CanonicalURL: "https://vtcnews.example/" + id, SchemaVersion: article.SchemaVersion,
		Content:    article.Content{Title: "Tàu hải quân thăm Đà Nẵng", BodyText: text, Tags: []string{"hải quân"}, PublishedAt: &at, Extractor: article.Extractor{Kind: article.ByRules}},
		Countries:  []string{"LA", "VN"},
		BodySHA256: article.SHA256(text), RawRef: &article.RawRef{Segment: pages, Offset: 20},
	}
}

// threeDays are a day without news, one with, and one with more of the same.
func threeDays() []plan {
	again := record("ar1", 2, 1)
	again.ChangeType = article.Changed
	undated := record("ar5", 1, 0)
	undated.PublishedAt = nil
	return []plan{
		{date: "2026-11-19"},
		{date: "2026-11-20", records: []article.Record{record("ar1", 1, 1), record("ar2", 1, 2), record("ar3", 1, 3)}},
		{date: day, records: []article.Record{undated, again, record("ar4", 1, 4)}},
	}
}

// newWorld seals the plans in a bucket of their own.
func newWorld(t *testing.T, plans ...plan) *world {
	t.Helper()
	s := settings()
	w := &world{Bucket: open(t, s), s: s, links: map[string]Link{}, manifests: map[string]Manifest{}}
	if err := w.EnsureBucket(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.put(t, SchemaKey(schema.Version), schema.JSON())
	w.put(t, pages, make([]byte, 21))
	for _, p := range plans {
		w.seal(t, p)
	}
	return w
}

func (w *world) put(t *testing.T, key string, body []byte) {
	t.Helper()
	if _, err := w.PutBytes(t.Context(), key, body, ""); err != nil {
		t.Fatal(err)
	}
}

func (w *world) seal(t *testing.T, p plan) {
	t.Helper()
	from, err := time.ParseInLocation(time.DateOnly, p.date, hanoi)
	if err != nil {
		t.Fatal(err)
	}
	m := Manifest{
		SchemaVersion: schema.Version, DropDate: p.date, Zone: "Asia/Ho_Chi_Minh", Rev: p.rev, Producer: "attache test", Running: true,
		Window: Window{From: from, To: from.AddDate(0, 0, 1)}, SealedAt: from.AddDate(0, 0, 1).Add(time.Duration(5+p.rev) * time.Minute), Changes: map[string]int64{}, Sources: map[string]SourceCount{},
	}
	if w.last.DropDate != "" {
		m.Previous = &w.last
	}
	if p.rev > 0 {
		before := w.links[ManifestKey(p.date, p.rev-1)]
		m.Supersedes, m.Reason, m.Previous = new(p.rev-1), "a file was damaged", &before
	}
	opened := len(p.records) + 1
	ledger := &article.Ledger{Day: p.date, Source: "vtcnews", CarriedIn: w.carried, Opened: map[string]int{"new": opened}, Closed: map[article.Outcome]int{article.Stored: len(p.records)}, CarriedOut: w.carried + 1, Missing: []article.Missing{}}
	w.rows(t, p, &m)
	s := m.Sources["vtcnews"]
	s.Ledger = ledger
	m.Sources["vtcnews"] = s
	if p.claim != nil {
		p.claim(&m)
	}
	for format, text := range map[string][]byte{FormatJSON: reportOn(t, m), FormatHTML: []byte("a report on " + p.date)} {
		m.Reports = append(m.Reports, ManifestFile{Key: QualityKey(p.date, p.rev, format), Bytes: int64(len(text)), SHA256: digest(text), Format: format})
		w.put(t, QualityKey(p.date, p.rev, format), text)
	}
	raw, err := m.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	w.put(t, ManifestKey(p.date, p.rev), raw)
	link := Link{p.date, p.rev, digest(raw)}
	w.links[ManifestKey(p.date, p.rev)], w.manifests[p.date] = link, m
	if p.rev == 0 {
		w.last, w.carried = link, ledger.CarriedOut
	}
	w.point(t, Latest{p.date, p.rev, ManifestKey(p.date, p.rev), m.Rows})
}

// reportOn is what a report tells of a drop.
func reportOn(t testing.TB, m Manifest) []byte {
	t.Helper()
	head := m.head()
	for id, s := range m.Sources {
		head.Sources = append(head.Sources, reportSource{id, s.Rows, s.Ledger})
	}
	text, err := json.Marshal(head)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// rows lands the rows in both formats, and the rejects.
func (w *world) rows(t *testing.T, p plan, m *Manifest) {
	t.Helper()
	var lines []string
	var all, of span
	for _, r := range p.records {
		raw, err := r.JSON()
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(raw))
		var at time.Time
		if r.PublishedAt != nil {
			at = *r.PublishedAt
		}
		all.add(at)
		of.add(at)
		m.Changes[string(r.ChangeType)]++
	}
	m.Rows = int64(len(lines))
	m.Sources["vtcnews"] = SourceCount{Rows: m.Rows, Oldest: of.oldest, Newest: of.newest, Rules: []string{}}
	jsonl, columns := lines, lines
	if p.jsonl != nil {
		jsonl = p.jsonl(slices.Clone(lines))
	}
	if p.parquet != nil {
		columns = p.parquet(slices.Clone(lines))
	}
	land := func(f File, err error, format string, key func(string, int, int, string) string) ManifestFile {
		if err != nil {
			t.Fatal(err)
		}
		named := ManifestFile{Key: key(p.date, p.rev, 0, f.SHA256), Bytes: f.Bytes, SHA256: f.SHA256, Rows: f.Rows, Format: format}
		if _, err := w.Put(t.Context(), Object{Key: named.Key, Path: f.Path, SHA256: f.SHA256, Bytes: f.Bytes}); err != nil {
			t.Fatal(err)
		}
		return named
	}
	dir := t.TempDir()
	f, err := WriteJSONL(filepath.Join(dir, "jsonl"), rowsOf(jsonl...))
	m.Files = append(m.Files, land(f, err, FormatJSONL, JSONLKey))
	f, err = WriteParquet(filepath.Join(dir, "parquet"), rowsOf(columns...))
	m.Files = append(m.Files, land(f, err, FormatParquet, ParquetKey))
	m.Entries = []CopyEntry{{URL: w.URL(m.Files[1].Key), Mandatory: true, Meta: CopyMeta{m.Files[1].Bytes}}}
	if len(lines) > 0 {
		f, err = WriteJSONL(filepath.Join(dir, "rejects"), rowsOf(`{"reason":"no title"}`))
		m.Rejects = new(land(f, err, FormatJSONL, RejectsKey))
	}
	for i := range m.Files {
		m.Files[i].Rows, m.Files[i].Oldest, m.Files[i].Newest = m.Rows, all.oldest, all.newest
	}
}

func (w *world) point(t *testing.T, l Latest) {
	t.Helper()
	raw, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Advance(t.Context(), LatestKey, raw, func([]byte) bool { return true }); err != nil {
		t.Fatal(err)
	}
}

// key is that of the day's file of a format.
func (w *world) key(date, format string) string {
	files := w.manifests[date].Files
	return files[slices.IndexFunc(files, func(f ManifestFile) bool { return f.Format == format })].Key
}

// edit changes an object behind the service's back; nil removes it, and an object
// that is not there is made.
func (w *world) edit(t *testing.T, key string, change func([]byte) []byte) {
	t.Helper()
	path := onDisk(w.Bucket, key)
	raw, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if raw = change(raw); raw == nil {
		err = os.Remove(path)
	} else if err = os.MkdirAll(filepath.Dir(path), 0o755); err == nil {
		err = os.WriteFile(path, raw, 0o600) // in place: its attributes stay
	}
	if err != nil {
		t.Fatal(err)
	}
}

// rewrite changes what a manifest says, and its report with it.
func (w *world) rewrite(t *testing.T, key string, change func(*Manifest)) {
	t.Helper()
	w.edit(t, key, func(raw []byte) []byte {
		m, err := ParseManifest(raw)
		if err != nil {
			t.Fatal(err)
		}
		change(&m)
		for i, f := range m.Reports {
			if text := reportOn(t, m); f.Format == FormatJSON {
				m.Reports[i].Bytes, m.Reports[i].SHA256 = int64(len(text)), digest(text)
				w.edit(t, f.Key, func([]byte) []byte { return text })
			}
		}
		if raw, err = json.Marshal(m); err != nil { // as it is, contradictions and all
			t.Fatal(err)
		}
		return raw
	})
}

// copied is the bucket's objects in a folder of their own.
func (w *world) copied(t *testing.T) *Dir {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(dir, os.DirFS(onDisk(w.Bucket, ""))); err != nil {
		t.Fatal(err)
	}
	d, err := OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// found is the findings, sorted, each as "kind key".
func found(findings []Finding) (all []string) {
	slices.SortFunc(findings, func(a, b Finding) int { return cmp.Compare(a.String(), b.String()) })
	for _, f := range findings {
		all = append(all, string(f.Kind)+" "+f.Key)
	}
	slices.Sort(all)
	return all
}
