package sinks

import (
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attache/internal/article"
	"attache/internal/schema"
)

// BenchmarkVerify reads a day of many articles of about 4 KB in both formats, from a
// folder.
func BenchmarkVerify(b *testing.B) {
	const rows = 20_000
	dir := b.TempDir()
	records := func() iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			for n := range rows {
				r := record(fmt.Sprintf("ar%06d", n), 1, n/3600)
				r.BodyText = strings.Repeat(fmt.Sprintf("Hai nước nhất trí hợp tác quốc phòng, đợt %d. ", n*n), 70)
				r.BodySHA256 = article.SHA256(r.BodyText)
				if !yield(r.JSON()) {
					return
				}
			}
		}
	}
	first, last := record("", 1, 0).PublishedAt, record("", 1, (rows-1)/3600).PublishedAt
	m := Manifest{SchemaVersion: article.SchemaVersion, DropDate: day, Zone: "UTC", Rows: rows, Changes: map[string]int64{"added": rows}}
	m.Sources = map[string]SourceCount{"vtcnews": {Rows: rows, Oldest: first, Newest: last}}
	put := func(key string, body []byte) {
		path := filepath.Join(dir, filepath.FromSlash(key))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(path, body, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	for _, format := range []string{FormatHTML, FormatJSON} {
		m.Reports = append(m.Reports, ManifestFile{Key: QualityKey(day, 0, format), Bytes: 2, SHA256: digest([]byte("{}")), Format: format})
		put(QualityKey(day, 0, format), []byte("{}"))
	}
	put(SchemaKey(schema.Version), schema.JSON())
	land := func(f File, err error, key func(string, int, int, string) string, format string) {
		if err != nil {
			b.Fatal(err)
		}
		named := ManifestFile{Key: key(day, 0, 0, f.SHA256), Bytes: f.Bytes, SHA256: f.SHA256, Rows: f.Rows, Format: format, Oldest: first, Newest: last}
		m.Files = append(m.Files, named)
		path := filepath.Join(dir, filepath.FromSlash(named.Key))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.Rename(f.Path, path); err != nil {
			b.Fatal(err)
		}
	}
	f, err := WriteJSONL(filepath.Join(dir, "a"), records())
	land(f, err, JSONLKey, FormatJSONL)
	f, err = WriteParquet(filepath.Join(dir, "b"), records())
	land(f, err, ParquetKey, FormatParquet)
	raw, err := m.Marshal()
	if err != nil {
		b.Fatal(err)
	}
	put(ManifestKey(day, 0), raw)
	d, err := OpenDir(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	b.ReportAllocs()
	for b.Loop() {
		if r, err := Verify(b.Context(), d, day); err != nil || !r.OK {
			b.Fatalf("%v, %v", r.Findings, err)
		}
	}
	b.ReportMetric(2*rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
