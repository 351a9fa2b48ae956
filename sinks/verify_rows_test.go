package sinks

import (
	"strings"
	"testing"
)

// TestVerifyFindsWrongRows seals rows that are wrong, under a manifest that is true
// to the files.
func TestVerifyFindsWrongRows(t *testing.T) {
	t.Parallel()
	jsonl, columns := "v1/jsonl/drop_date="+day+"/", "v1/parquet/drop_date="+day+"/"
	edited := func(old, now string) func([]string) []string {
		return func(rows []string) []string {
			rows[1] = strings.Replace(rows[1], old, now, 1)
			return rows
		}
	}
	swap := func(rows []string) []string { rows[0], rows[1] = rows[1], rows[0]; return rows }
	twice := func(rows []string) []string { rows[0] = rows[1]; return rows }
	for name, c := range map[string]struct {
		jsonl, parquet func([]string) []string
		want           []string
		says           string
	}{
		"another text in JSONL":   {edited("Tàu", "Xe"), nil, []string{"rows_differ " + columns}, "row 2: vtcnews:ar1 revision 2 is not the same in jsonl.gz"},
		"another text in Parquet": {nil, edited("Tàu", "Xe"), []string{"rows_differ " + columns}, "row 2: "},
		"another article":         {nil, edited("vtcnews:ar1", "vtcnews:ar10"), []string{"rows_differ " + columns}, "vtcnews:ar10 revision 2 is not in jsonl.gz"},
		"out of order":            {swap, nil, []string{"bad_rows " + jsonl}, "row 2: vtcnews:ar5 revision 1 is not in order"},
		"twice":                   {twice, twice, []string{"duplicate " + jsonl, "duplicate " + columns, "rows_differ " + ManifestKey(day, 0), "rows_differ " + ManifestKey(day, 0)}, "row 2: vtcnews:ar1 revision 2 is there twice"},
		"no JSON":                 {edited(`{"article_id"`, `{"article_id`), nil, []string{"bad_rows " + jsonl}, "row 2: "},
		"no UTF-8":                {edited("Tàu", "T\xe0u"), nil, []string{"bad_rows " + jsonl}, "not UTF-8"},
		"another schema version":  {edited(`"schema_version":"1.0.0"`, `"schema_version":"0.9.0"`), nil, []string{"bad_rows " + jsonl}, `schema_version "0.9.0", expected "1.0.0"`},
		"no revision":             {edited(`"revision":2`, `"revision":0`), nil, []string{"bad_rows " + jsonl}, "revision 0 is missing or wrong"},
		"another's identity":      {edited("vtcnews:ar1", "qdnd:ar1"), nil, []string{"bad_rows " + jsonl}, `article_id "qdnd:ar1"`},
		"no source":               {edited(`"source":"vtcnews"`, `"source":""`), nil, []string{"bad_rows " + jsonl}, `source ""`},
		"all wrong": {func(rows []string) []string {
			for i := range rows {
				rows[i] = "[]"
			}
			return rows
		}, nil, []string{"bad_rows " + jsonl}, "(the first of 3)"},
		"a row less": {nil, func(rows []string) []string { return rows[:2] }, []string{"rows_differ " + columns}, "it has 2 rows, the manifest says 3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plans := threeDays()
			plans[2].jsonl, plans[2].parquet = c.jsonl, c.parquet
			everywhere(t, newWorld(t, plans...), func(t *testing.T, o Objects) {
				r, err := Verify(t.Context(), o, day)
				if err != nil {
					t.Fatal(err)
				}
				begins(t, r.Findings, c.want, c.says)
			})
		})
	}
}

// TestVerifyFindsWhatDoesNotUnpack: the bytes are those the manifest names, and no file
// of rows.
func TestVerifyFindsWhatDoesNotUnpack(t *testing.T) {
	t.Parallel()
	text := []byte("as plain as day\n")
	claim := func(m *Manifest) {
		for i := range m.Files {
			m.Files[i].Bytes, m.Files[i].SHA256 = int64(len(text)), digest(text)
		}
		m.Files[0].Key, m.Files[1].Key = JSONLKey(day, 0, 0, digest(text)), ParquetKey(day, 0, 0, digest(text))
		m.Entries = []CopyEntry{{URL: "s3://b/" + m.Files[1].Key, Meta: CopyMeta{int64(len(text))}}}
		m.Rejects.Key, m.Rejects.Bytes, m.Rejects.SHA256 = RejectsKey(day, 0, 0, digest(text)), int64(len(text)), digest(text)
	}
	plans := threeDays()
	plans[2].claim = claim
	w := newWorld(t, plans...)
	for _, f := range w.manifests[day].Named() {
		if f.Bytes == int64(len(text)) {
			w.put(t, f.Key, text)
		}
	}
	want := []string{"schema v1/parquet/", "unreadable v1/jsonl/", "unreadable v1/rejects/", "stray v1/jsonl/", "stray v1/parquet/", "stray v1/rejects/"}
	everywhere(t, w, func(t *testing.T, o Objects) {
		r, err := Verify(t.Context(), o, day)
		if err != nil {
			t.Fatal(err)
		}
		begins(t, r.Findings, want, "not a gzip file")
	})
}
