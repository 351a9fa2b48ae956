package sinks

import (
	"encoding/json"
	"strings"
	"testing"

	"attache/internal/article"
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
	bodiless := func(rows []string) []string {
		var r article.Record
		if err := json.Unmarshal([]byte(rows[1]), &r); err != nil {
			t.Fatal(err)
		}
		r.BodyText, r.BodySHA256 = "", article.SHA256("")
		row, err := r.JSON()
		if err != nil {
			t.Fatal(err)
		}
		rows[1] = string(row)
		return rows
	}
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
		"an unknown change":       {edited(`"change_type":"changed"`, `"change_type":"rewritten"`), nil, []string{"bad_rows " + jsonl}, `change_type "rewritten" is none of added, changed, withdrawn`},
		"an unknown reason":       {edited(`"change_reason":"publisher"`, `"change_reason":"me"`), nil, []string{"bad_rows " + jsonl}, `change_reason "me"`},
		"an unknown precision":    {edited(`"published_precision":null`, `"published_precision":"year"`), nil, []string{"bad_rows " + jsonl}, `published_precision "year"`},
		"an unknown reader":       {edited(`"kind":"rules"`, `"kind":"guess"`), nil, []string{"bad_rows " + jsonl}, `extractor.kind "guess"`},
		"an unknown place":        {edited(`"signals":[]`, `"signals":[{"kind":"act","text":"thăm","place":"caption"}]`), nil, []string{"bad_rows " + jsonl}, `topic.signals.place "caption"`},
		"another body":            {edited("ba tàu cập cảng", "hai tàu cập cảng"), nil, []string{"bad_rows " + jsonl}, "body_sha256 is not that of body_text"},
		"a score below 0":         {edited(`"score":0`, `"score":-0.1`), nil, []string{"bad_rows " + jsonl}, "topic.score -0.1"},
		"a score above 1":         {edited(`"score":0`, `"score":1.5`), nil, []string{"bad_rows " + jsonl}, "topic.score 1.5"},
		"accents apart":           {edited("Tàu", "Ta\u0300u"), nil, []string{"bad_rows " + jsonl}, "title is not in the normal form NFC"},
		"accents apart in a tag":  {edited(`["hải quân"]`, `["x","ha`+"\u0309"+`i"]`), nil, []string{"bad_rows " + jsonl}, "tags is not in the normal form NFC"},
		"countries unsorted":      {edited(`["LA","VN"]`, `["VN","LA"]`), nil, []string{"bad_rows " + jsonl}, "countries are not sorted"},
		"an act twice":            {edited(`"acts":[]`, `"acts":["visit","visit"]`), nil, []string{"bad_rows " + jsonl}, "acts are not sorted, or one is there twice"},
		"another's capture":       {edited("v1/raw/source=vtcnews/", "v1/raw/source=qdnd/"), nil, []string{"bad_rows " + jsonl}, "is not in the captures of its source"},
		"no capture's key":        {edited(pages, ""), nil, []string{"bad_rows " + jsonl}, "is not in the captures of its source"},
		"before its capture":      {edited(`"offset":20`, `"offset":-1`), nil, []string{"bad_rows " + jsonl}, "at -1 is not in the captures"},
		"withdrawn with a page":   {edited(`"change_type":"changed"`, `"change_type":"withdrawn"`), nil, []string{"bad_rows " + jsonl}, "it was withdrawn and has a raw_ref"},
		"no title":                {edited("Tàu hải quân thăm Đà Nẵng", ""), nil, []string{"bad_rows " + jsonl}, "title or body_text is empty"},
		"no body":                 {bodiless, nil, []string{"bad_rows " + jsonl}, "title or body_text is empty"},
		"a takedown with text":    {edited(`"change_reason":"publisher"`, `"change_reason":"takedown"`), nil, []string{"bad_rows " + jsonl}, "it was taken down and has "},
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
		where := strings.TrimSuffix(m.Entries[0].URL, m.Files[1].Key)
		m.Files[0].Key, m.Files[1].Key = JSONLKey(day, 0, 0, digest(text)), ParquetKey(day, 0, 0, digest(text))
		m.Entries[0].URL, m.Entries[0].Meta.ContentLength = where+m.Files[1].Key, int64(len(text))
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

// TestVerifyOfTombstones: the rows and the manifest say the same of what was taken down.
func TestVerifyOfTombstones(t *testing.T) {
	t.Parallel()
	down := func(id string) TakenDown { return TakenDown{ArticleID: "vtcnews:" + id, Reason: "a court said so"} }
	named := func(ids ...string) func(*Manifest) {
		return func(m *Manifest) {
			for _, id := range ids {
				m.TakenDown = append(m.TakenDown, down(id))
			}
		}
	}
	for name, c := range map[string]struct {
		claim func(*Manifest)
		want  []string
		says  string
	}{
		"sound":       {named("ar1"), nil, ""},
		"not named":   {named(), []string{"bad_rows v1/jsonl/", "bad_rows v1/parquet/"}, "row 2: vtcnews:ar1 revision 2 was taken down, which the manifest does not say"},
		"whole":       {named("ar1", "ar4"), []string{"bad_rows v1/jsonl/", "bad_rows v1/parquet/", "rows_differ " + ManifestKey(day, 0)}, "row 3: vtcnews:ar4 revision 1 is whole"},
		"not there":   {named("ar1", "ar9"), []string{"rows_differ " + ManifestKey(day, 0)}, "vtcnews:ar9 was taken down, which has no row"},
		"there twice": {named("ar1", "ar1"), []string{"manifest " + ManifestKey(day, 0)}, "twice as taken down"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plans := threeDays()
			plans[2].records[1].Redact("a court said so")
			plans[2].claim = c.claim
			r, err := Verify(t.Context(), newWorld(t, plans...).Bucket, day)
			if err != nil || r.OK != (c.want == nil) {
				t.Fatalf("%+v, %v", r, err)
			}
			if c.want != nil {
				begins(t, r.Findings, c.want, c.says)
			}
		})
	}
}

// TestTombstonesHaveNothing: what Redact empties is what verification wants empty.
func TestTombstonesHaveNothing(t *testing.T) {
	t.Parallel()
	var whole article.Record
	if err := json.Unmarshal([]byte(recordRow(t, 1, full)), &whole); err != nil {
		t.Fatal(err)
	}
	h, err := newHeadReader(article.SchemaVersion)
	if err != nil {
		t.Fatal(err)
	}
	read := func(r article.Record) {
		row, err := r.JSON()
		if err == nil {
			_, err = h.scanner.scan(row, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	whole.Lede = new("Mở đầu")
	read(whole)
	for _, column := range redacted {
		if h.empty(column) {
			t.Errorf("the whole record has no %s to show that it goes", column)
		}
	}
	whole.Redact("x")
	read(whole)
	if left := h.leftOver(); left != "" {
		t.Error(left)
	}
}
