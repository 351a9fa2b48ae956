package sinks

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"attache/internal/schema"
)

// held is objects in memory.
type held map[string][]byte

func (h held) Get(_ context.Context, key string) (io.ReadCloser, error) {
	body, ok := h[key]
	if !ok {
		return nil, ErrNotFound
	}
	return io.NopCloser(bytes.NewReader(body)), nil
}

func (h held) List(_ context.Context, prefix string) (all []ObjectInfo, err error) {
	for key, body := range h {
		if strings.HasPrefix(key, prefix) {
			all = append(all, ObjectInfo{key, int64(len(body))})
		}
	}
	slices.SortFunc(all, func(x, y ObjectInfo) int { return cmp.Compare(x.Key, y.Key) })
	return all, nil
}

func (held) String() string { return "memory" }

// FuzzVerify: whatever the manifests and the rows are, verification comes to an end and
// says so in findings of the closed vocabulary; and a drop is sound only if its rows
// are those its manifest names.
func FuzzVerify(f *testing.F) {
	r := record("ar1", 1, 1)
	r.RawRef = nil
	row, err := r.JSON()
	if err != nil {
		f.Fatal(err)
	}
	rows := string(row)
	const pointer = `{"drop_date":"2026-11-21","rev":0,"manifest":"v1/_manifests/drop_date=2026-11-21/r0.json","rows":1}`
	lines, columns := packed(rows), inColumns(f, rows)
	m := Manifest{
		SchemaVersion: schema.Version, DropDate: day, Zone: "UTC", Running: true, Rows: 1, Changes: map[string]int64{"added": 1},
		Sources: map[string]SourceCount{"vtcnews": {Rows: 1, Oldest: r.PublishedAt, Newest: r.PublishedAt}},
	}
	name := func(body []byte, key, format string, rows int64) ManifestFile {
		return ManifestFile{Key: key, Bytes: int64(len(body)), SHA256: digest(body), Rows: rows, Format: format}
	}
	m.Files = []ManifestFile{name(lines, JSONLKey(day, 0, 0, digest(lines)), FormatJSONL, 1), name(columns, ParquetKey(day, 0, 0, digest(columns)), FormatParquet, 1)}
	for i := range m.Files {
		m.Files[i].Oldest, m.Files[i].Newest = r.PublishedAt, r.PublishedAt
	}
	report := reportOn(f, m)
	for _, format := range []string{FormatHTML, FormatJSON} {
		m.Reports = append(m.Reports, name(report, QualityKey(day, 0, format), format, 0))
	}
	sound, err := m.Marshal()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sound, rows, pointer)
	f.Add(bytes.Replace(sound, []byte(`"changes"`), []byte(`"was"`), 1), rows+"\n"+rows, "null")
	f.Add([]byte(`{"version":1,"schema_version":"1.0.0","drop_date":"2026-11-21","rev":0}`), "{}", "")
	f.Fuzz(func(t *testing.T, manifest []byte, has, latest string) {
		lines, columns := packed(has), inColumns(t, has)
		h := held{SchemaKey(schema.Version): schema.JSON(), ManifestKey(day, 0): manifest, LatestKey: []byte(latest)}
		var m Manifest
		if json.Unmarshal(manifest, &m) == nil {
			for _, named := range m.Named() {
				h[named.Key] = map[string][]byte{FormatJSONL: lines, FormatParquet: columns, FormatHTML: report, FormatJSON: report}[named.Format]
			}
		}
		h[ManifestKey(day, 0)] = manifest
		more := maps.Clone(h)
		more[ManifestKey(day, 1)], more[ManifestKey("2026-11-20", 0)] = []byte(has), []byte(has)
		for _, o := range []held{more, h} {
			a, err := VerifyAll(t.Context(), o, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range a.All() {
				if !slices.Contains(Kinds, found.Kind) || strings.Contains(found.String(), "\n") {
					t.Errorf("%q", found)
				}
			}
			if a.OK && m.Rows != 0 && (has != rows || m.Files[0].SHA256 != digest(lines) && m.Files[0].SHA256 != digest(columns)) {
				t.Errorf("said to be sound: %+v", m)
			}
			if !a.OK && len(o) == len(h) && bytes.Equal(manifest, sound) && has == rows && latest == pointer {
				t.Errorf("said not to be sound: %v", a.All())
			}
		}
	})
}

// inColumns is a file of rows, or none.
func inColumns(t testing.TB, lines string) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := writeRows(&b, rowsOf(strings.Split(lines, "\n")...)); err != nil {
		return nil
	}
	return b.Bytes()
}

// packed is a file of rows.
func packed(lines string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, lines+"\n") // into memory
	_ = z.Close()
	return b.Bytes()
}
