package schema_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"attache/internal/article"
	"attache/internal/schema"
	"attache/sinks"
)

var update = flag.Bool("update", false, "write the drop of a new schema version; those of others stay")

const drops = "testdata/drops"

// Drops of every schema version, as they were written in its time, are read to the
// same records by each way there is.
func TestDropsOfEveryVersionAreRead(t *testing.T) {
	t.Parallel()
	if *update {
		writeDrop(t)
	}
	versions, err := os.ReadDir(drops)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(versions, func(d fs.DirEntry) bool { return d.Name() == schema.Version }) {
		t.Errorf("no drop of version %s: run this test with -update", schema.Version)
	}
	for _, v := range versions {
		t.Run(v.Name(), func(t *testing.T) {
			t.Parallel()
			readDrop(t, v.Name())
		})
	}
}

func readDrop(t *testing.T, version string) {
	root := os.DirFS(filepath.Join(drops, version))
	at := func(key string) []byte {
		raw, err := fs.ReadFile(root, key)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	m, err := sinks.ParseManifest(at(sinks.ManifestKey(dropDay, 0)))
	if err != nil || m.SchemaVersion != version || len(m.Files) != 2 {
		t.Fatalf("%+v, %v", m, err)
	}
	rows := map[string][]string{}
	for _, f := range m.Files {
		raw := at(f.Key)
		if article.SHA256(string(raw)) != f.SHA256 || int64(len(raw)) != f.Bytes {
			t.Errorf("%s is not what its manifest says", f.Key)
		}
		read := sinks.ReadJSONL(bytes.NewReader(raw), 1<<20)
		if f.Format == sinks.FormatParquet {
			if v, err := sinks.ParquetSchemaVersion(bytes.NewReader(raw), f.Bytes); err != nil || v != version {
				t.Errorf("%q, %v", v, err)
			}
			read = sinks.ReadParquet(bytes.NewReader(raw), f.Bytes, 1<<20)
		}
		for row, err := range read {
			if err != nil {
				t.Fatal(err)
			}
			rows[f.Format] = append(rows[f.Format], string(row))
		}
	}
	if len(rows[sinks.FormatJSONL]) != int(m.Rows) || !slices.Equal(rows[sinks.FormatJSONL], rows[sinks.FormatParquet]) {
		t.Errorf("%d rows in JSONL and %d in Parquet, or not the same", len(rows[sinks.FormatJSONL]), len(rows[sinks.FormatParquet]))
	}
	s := compiled(t, at(sinks.SchemaKey(version)))
	var records []article.Record
	for _, row := range rows[sinks.FormatParquet] {
		if err := validate(t, s, row); err != nil {
			t.Errorf("%s\n%v", row, err)
		}
		var r article.Record
		d := json.NewDecoder(bytes.NewReader([]byte(row)))
		d.DisallowUnknownFields() // a later record has all the fields of an earlier one
		if err := d.Decode(&r); err != nil {
			t.Errorf("%s\n%v", row, err)
		}
		records = append(records, r)
	}
	if version == "1.0.0" {
		if want := firstRecords(); !reflect.DeepEqual(records, want) {
			t.Errorf("read:\n%+v\nwritten:\n%+v", records, want)
		}
	}
}

// writeDrop keeps a drop of the current version for those to come. It is written once.
func writeDrop(t *testing.T) {
	root := filepath.Join(drops, schema.Version)
	if _, err := os.Stat(root); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("%s stays as it was written (%v)", root, err)
	}
	put := func(key string, raw []byte) {
		path := filepath.Join(root, filepath.FromSlash(key))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	records := firstRecords()
	rows := func(yield func([]byte, error) bool) {
		for _, r := range records {
			r.SchemaVersion = schema.Version
			if row, err := r.JSON(); !yield(row, err) {
				return
			}
		}
	}
	m := sinks.Manifest{
		SchemaVersion: schema.Version, DropDate: dropDay, Zone: "Asia/Ho_Chi_Minh", Producer: "attache", Running: true, Rows: int64(len(records)),
		SealedAt: seen.Add(24 * time.Hour), Window: sinks.Window{From: seen, To: seen.Add(24 * time.Hour)}, Sources: map[string]sinks.SourceCount{},
	}
	for _, r := range records {
		count := m.Sources[r.Source]
		count.Rows++
		m.Sources[r.Source] = count
	}
	for format, c := range map[string]struct {
		write func(string, iter.Seq2[[]byte, error]) (sinks.File, error)
		key   func(string, int, int, string) string
	}{sinks.FormatParquet: {sinks.WriteParquet, sinks.ParquetKey}, sinks.FormatJSONL: {sinks.WriteJSONL, sinks.JSONLKey}} {
		f, err := c.write(filepath.Join(t.TempDir(), "x"), rows)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(f.Path)
		if err != nil {
			t.Fatal(err)
		}
		key := c.key(dropDay, 0, 0, f.SHA256)
		put(key, raw)
		m.Files = append(m.Files, sinks.ManifestFile{Key: key, Bytes: f.Bytes, SHA256: f.SHA256, Rows: f.Rows, Format: format})
	}
	raw, err := m.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	put(sinks.ManifestKey(dropDay, 0), raw)
	put(sinks.SchemaKey(schema.Version), schema.JSON())
}
