package queries_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"attache/internal/article"
	"attache/sinks"
	"attache/sinks/embedded"
)

// TestDemo seals a drop with attache demo and lets readers that are not attache's
// work on it: hyparquet through the S3 API, DuckDB over the folder behind that.
func TestDemo(t *testing.T) {
	t.Parallel()
	attache := filepath.Join(t.TempDir(), "attache")
	run(t, exec.CommandContext(t.Context(), "go", "build", "-o", attache, "../cmd/attache"))
	data := t.TempDir()
	var demo struct {
		Drop struct{ Rows int }
		Path string // of the objects
	}
	if err := json.Unmarshal(run(t, exec.CommandContext(t.Context(), attache, "demo", "--json", "--data", data)), &demo); err != nil {
		t.Fatal(err)
	}

	s3, err := embedded.Start(t.Context(), embedded.StartOptions{Command: []string{attache, "s3", "--dir", filepath.Join(data, "s3")}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s3.Close() })
	name := filepath.Base(demo.Path)
	bucket, err := sinks.Open(t.Context(), sinks.Settings{
		Bucket: name, Endpoint: s3.Endpoint, Region: s3.Region, PathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(s3.AccessKey, s3.SecretKey, ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	out := node(t, []string{"AWS_ACCESS_KEY_ID=" + s3.AccessKey, "AWS_SECRET_ACCESS_KEY=" + s3.SecretKey}, "testdata/read.mjs", s3.Endpoint, s3.Region, name)
	footer, parquet := decode(t, out)
	jsonl := landed(t, bucket)
	if len(jsonl) != demo.Drop.Rows || len(parquet) != len(jsonl) || footer.Rows != len(jsonl) {
		t.Fatalf("the demo sealed %d rows; JSONL has %d, Parquet %d, its footer says %d", demo.Drop.Rows, len(jsonl), len(parquet), footer.Rows)
	}
	for i := range jsonl {
		same(t, parquet[i], jsonl[i])
	}
	footer.check(t)

	documented(t, demo.Path)
	ask := func(args ...string) string {
		return string(node(t, nil, append([]string{"run.mjs", "--json", demo.Path}, args...)...))
	}
	for query, want := range map[string]string{
		"duckdb/latest.sql":   `"article_id":"vietnamplus-en:356214","revision":1`,
		"duckdb/partners.sql": `{"partner":"LA","stories":3,"articles":5,"sources":"baotintuc 1, vietnamplus-ru 1, vietnamvn-ar 1, vietnamvn-vi 1, vtcnews 1"`,
		"duckdb/met.sql":      `{"a":"JP","b":"VN"`,
		"duckdb/missing.sql":  `"example":"https://baotintuc.vn/`,
		"duckdb/coverage.sql": `{"source":"vtcnews","watched":1,"silent":0,"with_rows":1`,
		"duckdb/scope.sql":    `{"kind":"out of scope","source":"vtcnews","n":4`,
		"SELECT count(*) AS n, count(DISTINCT article_id) AS a, count(*) FILTER (published_at < first_seen_at) AS t FROM articles": "",
	} {
		got := ask(query)
		if want == "" {
			n, _ := json.Marshal(demo.Drop.Rows)
			want = strings.ReplaceAll(`[{"n":N,"a":N,"t":N}]`, "N", string(n))
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s answers %s, without %s", query, got, want)
		}
	}
	if got := ask("duckdb/search.sql", "words=bo truong quoc phong, lao"); !strings.Contains(got, `"article_id":"vtcnews:ar1051862"`) {
		t.Errorf("the search found %s", got)
	}
}

// documented holds what docs/ANALYSTS.md shows below each command to what the demo gives, but for days,
// hours and the newest titles, which follow from the hour.
func documented(t *testing.T, drops string) {
	t.Helper()
	page, err := os.ReadFile("../docs/ANALYSTS.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile(" node run.mjs ../attache-demo/s3/objects/attache ((?:.+\n)+)\n(?:(?:.+\n)+?\n)??```\n((?:.+\n)+?)```").FindAllStringSubmatch(string(page), -1)
	if commands := strings.Count(string(page), " node run.mjs "); len(shown) != commands || commands < 5 {
		t.Errorf("%d of %d commands show what they print", len(shown), commands)
	}
	titles, hours := regexp.MustCompile(`(?m) +\d{4}-.*$| +first_day.*$`), regexp.MustCompile(`\d{4}-\d\d-\d\d|\d{17}`)
	for _, s := range shown {
		undated := func(text string) string {
			if strings.HasPrefix(s[1], "duckdb/partners.sql") {
				text = titles.ReplaceAllString(text, "")
			}
			return hours.ReplaceAllString(text, "…")
		}
		answer := string(node(t, nil, append([]string{"run.mjs", drops}, words(s[1])...)...))
		if got, want := undated(answer), undated(s[2]); got != want {
			t.Errorf("docs/ANALYSTS.md shows for %s\n%s; the demo gives\n%s", s[1], want, got)
		}
	}
}

func run(t *testing.T, cmd *exec.Cmd) []byte {
	t.Helper()
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Fatalf("%s: %v\n%s", cmd, err, exit.Stderr)
	} else if err != nil {
		t.Fatal(err)
	}
	return out
}

// footer is the first line of read.mjs.
type footer struct {
	Rows     int
	Codecs   []string
	Metadata map[string]string
	IDs      []int
}

// check holds what a file says of itself to the declaration of its rows.
func (f footer) check(t *testing.T) {
	t.Helper()
	fields, err := article.Fields(article.SchemaVersion)
	if err != nil {
		t.Fatal(err)
	}
	if want := ids(fields); !slices.Equal(f.IDs, want) {
		t.Errorf("the columns have the ids %v, declared are %v", f.IDs, want)
	}
	if !slices.Equal(f.Codecs, []string{"ZSTD"}) || f.Metadata["attache.schema_version"] != article.SchemaVersion {
		t.Errorf("codecs %q, metadata %q", f.Codecs, f.Metadata)
	}
}

// ids are those of the columns, in the file's order.
func ids(fields []article.Field) (list []int) {
	for _, f := range fields {
		list = append(list, f.ID)
		if f.List {
			list = append(list, f.Element)
		}
		list = append(list, ids(f.Fields)...)
	}
	return list
}

func decode(t *testing.T, out []byte) (f footer, rows []map[string]any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(out))
	if err := d.Decode(&f); err != nil {
		t.Fatal(err)
	}
	for {
		var row map[string]any
		err := d.Decode(&row)
		if errors.Is(err, io.EOF) {
			return f, rows
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
}

// landed are the rows of the sealed JSONL.
func landed(t *testing.T, bucket *sinks.Bucket) (rows []map[string]any) {
	t.Helper()
	objects, err := bucket.List(t.Context(), "v1/jsonl/")
	if err != nil || len(objects) != 1 {
		t.Fatalf("%v, %v", objects, err)
	}
	body, err := bucket.Get(t.Context(), objects[0].Key)
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	for text, err := range sinks.ReadJSONL(body, 1<<24) {
		var row map[string]any
		if err := errors.Join(err, json.Unmarshal(text, &row)); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

// same compares a row of Parquet with that of the JSONL, field by field.
func same(t *testing.T, got, want map[string]any) {
	t.Helper()
	for field, value := range want {
		if have, ok := got[field]; !ok || !reflect.DeepEqual(have, value) {
			t.Errorf("%s of %v is %#v in Parquet, %#v in JSONL", field, want["article_id"], have, value)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%v has %d fields in Parquet, %d in JSONL", want["article_id"], len(got), len(want))
	}
}
