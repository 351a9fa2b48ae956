package sinks

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"attache/internal/article"
	"attache/internal/schema"
)

// recordRow is the JSON of a record of number n; what change does not set is at its barest.
func recordRow(t testing.TB, n int, change func(*article.Record)) string {
	t.Helper()
	r := article.Record{ArticleID: fmt.Sprintf("vtcnews:ar%06d", n), Revision: 1, Source: "vtcnews", SchemaVersion: article.SchemaVersion}
	if change != nil {
		change(&r)
	}
	raw, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// full has something everywhere, and text that JSON writes in its own way.
func full(r *article.Record) {
	at := time.Date(2026, 11, 21, 2, 30, 0, 123456000, time.UTC)
	r.ChangeType, r.ChangeReason = article.Changed, article.FromRules
	r.URL, r.CanonicalURL = "https://vtcnews.vn/a?b=1&c=2", "https://vtcnews.vn/a"
	r.Title, r.Lede, r.BodyText = "Tàu \"hải quân\" <b> \u2028\u2029", new(""), "Một.\n\nHai\t\\ / \r\b\f\x00\x1f\x7f \ufffd 😀."
	r.Authors, r.Tags, r.Section = []string{"Minh An", ""}, []string{"زيارة", "访问"}, new("Quân sự")
	r.Images = []article.Image{{URL: "a", Caption: new("c")}, {URL: "b", Credit: new("d")}, {}}
	r.PublishedAt, r.ModifiedAt, r.FirstSeenAt, r.FetchedAt = &at, new(at.Add(time.Microsecond)), at, time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)
	r.PublishedPrecision, r.PublishedRaw, r.PublishedZone = new("minute"), new("21/11"), new("+07:00")
	r.Attribution = &article.Attribution{Text: "Theo TTXVN", URL: new("https://x.example")}
	r.Extractor = article.Extractor{Kind: article.ByRules, RulesVersion: "0a", Fields: []article.Answer{{Field: "title", By: "h1"}, {Field: "body_text", By: "p"}}}
	r.Quality = []article.Note{{Field: "published_at", Note: "n"}}
	r.Countries, r.Acts, r.Backfilled = []string{"LA", "VN"}, []string{"visit"}, true
	r.Topic = article.Topic{Score: 1e-9, Signals: []article.Signal{{Kind: "act", Text: "访问", Place: "title"}}}
	r.DuplicateOf, r.SameStory = new("x:1"), []string{"y:2"}
	r.BodySHA256, r.RunID, r.RawRef = "e3", "01", &article.RawRef{Segment: "s", Offset: 1<<62 + 1}
}

func writeParquet(t testing.TB, rows iter.Seq2[[]byte, error]) (File, []byte) {
	t.Helper()
	f, err := WriteParquet(filepath.Join(t.TempDir(), "x.parquet"), rows)
	if err != nil {
		t.Fatal(err)
	}
	raw := slurp(t, f.Path)
	if digest(raw) != f.SHA256 || int64(len(raw)) != f.Bytes {
		t.Errorf("on disk are %d bytes with %s; said %+v", len(raw), digest(raw), f)
	}
	return f, raw
}

func slurp(t testing.TB, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func readParquet(raw []byte) ([]string, error) {
	return collect(ReadParquet(bytes.NewReader(raw), int64(len(raw)), 1<<20))
}

func TestParquetThereAndBack(t *testing.T) {
	t.Parallel()
	var mixed []string
	for i := range 3000 { // many pages of levels, runs of all lengths
		mixed = append(mixed, recordRow(t, i, func(r *article.Record) {
			if i%7 < 3 || i > 2000 {
				full(r)
				r.PublishedAt = nil
			}
			for j := range i % 13 {
				r.Tags = append(r.Tags, fmt.Sprint("tag ", i*j%1000))
				r.Images = append(r.Images, article.Image{URL: fmt.Sprint(j), Caption: new("c")})
			}
			r.BodyText = strings.Repeat(fmt.Sprint("chữ ", i, " "), i%200)
		}))
	}
	for name, rows := range map[string][]string{
		"none":  nil,
		"bare":  {recordRow(t, 1, nil)},
		"full":  {recordRow(t, 1, full)},
		"both":  {recordRow(t, 2, nil), recordRow(t, 1, full)},
		"long":  {recordRow(t, 1, func(r *article.Record) { r.BodyText = strings.Repeat("\n", 400_000) })},
		"mixed": mixed,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, raw := writeParquet(t, rowsOf(rows...))
			b, again := writeParquet(t, rowsOf(rows...))
			if a.Rows != int64(len(rows)) || b.SHA256 != a.SHA256 || !bytes.Equal(raw, again) {
				t.Errorf("same rows, other files: %+v, %+v", a, b)
			}
			if got, err := readParquet(raw); err != nil || !slices.Equal(got, rows) {
				t.Errorf("%d of %d rows come back as they were, %v", len(got), len(rows), err)
			}
			version, err := ParquetSchemaVersion(bytes.NewReader(raw), a.Bytes)
			if err != nil || version != schema.Version {
				t.Errorf("%q, %v", version, err)
			}
		})
	}
}

// Readers skip what they need not read by what the file declares.
func TestParquetIsLaidOutForReaders(t *testing.T) {
	t.Parallel()
	var rows []string
	for i := range 20 { // 20 MB of JSON
		rows = append(rows, recordRow(t, i, func(r *article.Record) {
			r.URL, r.CanonicalURL, r.BodyText = fmt.Sprint("u", i), fmt.Sprint("c", i), strings.Repeat("chữ ", 200_000)
		}))
	}
	_, raw := writeParquet(t, rowsOf(rows...))
	f, err := parquet.OpenFile(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if f.NumRows() != 20 || len(f.RowGroups()) != 2 {
		t.Errorf("%d rows in %d groups", f.NumRows(), len(f.RowGroups()))
	}
	if v, ok := f.Lookup(schemaKey); !ok || v != schema.Version {
		t.Errorf("of schema %q", v)
	}
	for _, group := range f.RowGroups() {
		var order []string
		for _, c := range group.SortingColumns() {
			order = append(order, strings.Join(c.Path(), "."))
			if !c.NullsFirst() || c.Descending() {
				t.Errorf("%v", c)
			}
		}
		if !slices.Equal(order, sortedBy) {
			t.Errorf("sorted by %v", order)
		}
	}
	for name, there := range map[string]string{"article_id": "vtcnews:ar000019", "url": "u19", "canonical_url": "c19"} {
		leaf, _ := f.Schema().Lookup(name)
		chunk := f.RowGroups()[1].ColumnChunks()[leaf.ColumnIndex]
		index, err := chunk.ColumnIndex()
		if err != nil || index.NumPages() == 0 || chunk.BloomFilter() == nil {
			t.Fatalf("%s: %v, %v", name, index, err)
		}
		for value, want := range map[string]bool{there: true, "gone": false} {
			if got, err := chunk.BloomFilter().Check(parquet.ValueOf(value)); err != nil || got != want {
				t.Errorf("%s: is %s there? %v, %v", name, value, got, err)
			}
		}
	}
	for _, c := range f.Metadata().RowGroups[0].Columns {
		if c.MetaData.Codec != codecZstd {
			t.Errorf("%v is packed by %v", c.MetaData.PathInSchema, c.MetaData.Codec)
		}
	}
}

func TestWriteParquetRefuses(t *testing.T) {
	t.Parallel()
	good, broken := recordRow(t, 5, nil), errors.New("the store went away")
	edit := func(old, by string) iter.Seq2[[]byte, error] {
		bad := strings.Replace(recordRow(t, 6, nil), old, by, 1)
		if bad == recordRow(t, 6, nil) {
			t.Errorf("%s: nothing changed", by)
		}
		return rowsOf(good, bad)
	}
	later := func(change func(*article.Record)) iter.Seq2[[]byte, error] {
		return rowsOf(good, recordRow(t, 5, change))
	}
	for name, c := range map[string]struct {
		rows iter.Seq2[[]byte, error]
		says string
	}{
		"failing":          {func(yield func([]byte, error) bool) { _ = yield([]byte(good), nil) && yield(nil, broken) }, broken.Error()},
		"empty":            {rowsOf(good, ""), `row 2 is no record of schema version 1.0.0: byte 0: "article_id" is expected, there is ""`},
		"no JSON":          {edit(`{`, ``), `byte 0: "article_id" is expected`},
		"a key too many":   {edit(`"url"`, `"mood":"calm","url"`), `"url" is expected, there is "\"mood\":`},
		"too many at last": {edit(`"1.0.0"}`, `"1.0.0","mood":"calm"}`), `no further field is expected, there is ",\"mood\"`},
		"a key missing":    {edit(`"title":"",`, ``), `"title" is expected, there is "\"lede\"`},
		"too many within":  {edit(`"score":0`, `"score":0,"mood":1`), `"signals" is expected`},
		"another order":    {edit(`"tags":[],"images":[]`, `"images":[],"tags":[]`), `"tags" is expected`},
		"something after":  {edit(`"1.0.0"}`, `"1.0.0"}{}`), "the end of the row is expected"},
		"null":             {edit(`"title":""`, `"title":null`), "a value of type string for title is expected"},
		"null for a list":  {edit(`"tags":[]`, `"tags":null`), "the list tags is expected"},
		"a number as text": {edit(`"revision":1`, `"revision":"1"`), "type int for revision"},
		"text as a number": {edit(`"title":""`, `"title":1`), "type string for title"},
		"too large":        {edit(`"revision":1`, `"revision":2147483648`), "type int for revision"},
		"half":             {edit(`"revision":1`, `"revision":1.5`), "type int for revision"},
		"one and a zero":   {edit(`"revision":1`, `"revision":01`), "type int for revision"},
		"too exact":        {edit(`"score":0`, `"score":0.30000000000000000001`), "type double for score"},
		"no number":        {edit(`"score":0`, `"score":NaN`), "type double for score"},
		"no bool":          {edit(`"backfilled":false`, `"backfilled":0`), "type boolean for backfilled"},
		"nanoseconds":      {edit(`"0001-01-01T00:00:00Z"`, `"2026-11-21T02:30:00.123456789Z"`), "type timestamp for first_seen_at"},
		"another zone":     {edit(`"0001-01-01T00:00:00Z"`, `"2026-11-21T07:00:00+07:00"`), "type timestamp for first_seen_at"},
		"no time":          {edit(`"0001-01-01T00:00:00Z"`, `"2026-02-30T00:00:00Z"`), "type timestamp for first_seen_at"},
		"no UTF-8":         {edit(`"title":""`, "\"title\":\"\xff\""), "not UTF-8"},
		"half a pair":      {edit(`"title":""`, `"title":"\ud83d"`), "type string for title"},
		"no escape":        {edit(`"title":""`, `"title":"\x"`), "type string for title"},
		"line feed":        {edit(`"title":""`, "\"title\":\"\n\""), "type string for title"},
		"cut in an escape": {rowsOf(`{"article_id":"\u00`), "type string for article_id"},
		"cut in a list":    {rowsOf(recordRow(t, 1, nil)[:strings.Index(good, `"tags":[`)+8]), "type string for tags"},
		"too long":         {later(func(r *article.Record) { r.BodyText = strings.Repeat("x", maxParquetRow) }), "row 2 has 167"},
		"by source":        {later(func(r *article.Record) { r.Source = "vnanet" }), "row 2 comes too late"},
		"by time":          {rowsOf(recordRow(t, 1, full), recordRow(t, 2, nil)), "row 2 comes too late"},
		"by id":            {later(func(r *article.Record) { r.ArticleID = "vtcnews:ar000004" }), "row 2 comes too late"},
		"by revision":      {later(func(r *article.Record) { r.Revision = -1 }), "row 2 comes too late"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "f")
			if err := os.WriteFile(path, []byte("before"), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := WriteParquet(path, c.rows)
			if err == nil || !strings.Contains(err.Error(), c.says) || (name == "failing") != errors.Is(err, broken) {
				t.Errorf("%v; is to say %q", err, c.says)
			}
			left, _ := os.ReadDir(dir)
			if got, _ := os.ReadFile(path); string(got) != "before" || len(left) != 1 {
				t.Errorf("left %q and %d files", got, len(left))
			}
		})
	}
}

// In the order of a drop, with what is next to the same.
func TestParquetTakesTheOrderOfDrops(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	row := func(source, id string, revision int, published *time.Time) string {
		return recordRow(t, 0, func(r *article.Record) {
			r.Source, r.ArticleID, r.Revision, r.PublishedAt = source, id, revision, published
		})
	}
	rows := []string{
		row("a", "a:2", 1, nil), row("a", "a:2", 2, nil), row("a", "a:3", 1, nil),
		row("a", "a:1", 1, new(at.AddDate(-100, 0, 0))), row("a", "a:1", 2, &at), row("a", "a:1", 2, &at), row("a", "a:1", 3, &at),
		row("b", "b:1", 1, nil), row("đ", "", 0, nil),
	}
	_, raw := writeParquet(t, rowsOf(rows...))
	if got, err := readParquet(raw); err != nil || !slices.Equal(got, rows) {
		t.Errorf("%d rows, %v", len(got), err)
	}
}
