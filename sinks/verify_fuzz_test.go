package sinks

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"attache/internal/article"
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
	row, err := r.JSON()
	if err != nil {
		f.Fatal(err)
	}
	rows := string(row)
	file := packed(rows)
	m := Manifest{SchemaVersion: schema.Version, DropDate: day, Rows: 1, Changes: map[string]int64{"added": 1}, Sources: map[string]SourceCount{"vtcnews": {Rows: 1, Oldest: r.PublishedAt, Newest: r.PublishedAt, Ledger: &article.Ledger{Source: "vtcnews"}}}}
	m.Files = []ManifestFile{{Key: JSONLKey(day, 0, 0, digest(file)), Bytes: int64(len(file)), SHA256: digest(file), Rows: 1, Format: FormatJSONL, Oldest: r.PublishedAt, Newest: r.PublishedAt}}
	manifest, err := m.Marshal()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(manifest, rows, `{"drop_date":"2026-11-21","rev":0,"manifest":"v1/_manifests/drop_date=2026-11-21/r0.json","rows":1}`)
	f.Add(bytes.Replace(manifest, []byte(`"changes"`), []byte(`"was"`), 1), rows+"\n"+rows, "null")
	f.Add([]byte(`{"version":1,"schema_version":"1.0.0","drop_date":"2026-11-21","rev":0}`), "{}", "")
	f.Fuzz(func(t *testing.T, manifest []byte, rows, latest string) {
		file := packed(rows)
		h := held{SchemaKey(schema.Version): schema.JSON(), ManifestKey(day, 0): manifest, ManifestKey(day, 1): []byte(rows), ManifestKey("2026-11-20", 0): []byte(rows), LatestKey: []byte(latest)}
		var m Manifest
		if json.Unmarshal(manifest, &m) == nil {
			for _, named := range m.Named() {
				h[named.Key] = file
			}
		}
		for _, o := range []held{h, {ManifestKey(day, 0): manifest, SchemaKey(schema.Version): schema.JSON(), JSONLKey(day, 0, 0, digest(file)): file, LatestKey: []byte(latest)}} {
			a, err := VerifyAll(t.Context(), o, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range a.All() {
				if !slices.Contains(Kinds, found.Kind) || strings.Contains(found.String(), "\n") {
					t.Errorf("%q", found)
				}
			}
			if a.OK && m.Rows != 0 && (m.Files[0].SHA256 != digest(file) || m.Rows != int64(len(strings.Split(rows, "\n")))) {
				t.Errorf("said to be sound: %+v", m)
			}
		}
	})
}

// packed is a file of rows.
func packed(lines string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, lines+"\n") // into memory
	_ = z.Close()
	return b.Bytes()
}
