package schema_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"attache/internal/article"
	"attache/internal/schema"
)

func TestGeneratedFilesAreCurrent(t *testing.T) {
	t.Parallel()
	files, err := schema.Generated()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf(`%s is stale (%v): run "go generate ./internal/schema"`, name, err)
		}
	}
}

// What is released stays: the rows of a version never change their form. Wording may
// get better without a new version; the released file keeps the old.
func TestReleasedSchemaIsFrozen(t *testing.T) {
	t.Parallel()
	made, err := schema.MakeJSON(schema.Version)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(form(t, made), form(t, schema.JSON())) {
		t.Errorf("the record is no longer that of schema version %s, which is released: give article.SchemaVersion the next number", schema.Version)
	}
}

// form is a schema without what only explains.
func form(t *testing.T, raw []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	var strip func(any, bool)
	strip = func(v any, names bool) {
		switch is := v.(type) {
		case map[string]any:
			if !names {
				delete(is, "description")
				delete(is, "examples")
			}
			for key, in := range is {
				strip(in, key == "properties" && !names)
			}
		case []any:
			for _, in := range is {
				strip(in, false)
			}
		}
	}
	strip(v, false)
	return v
}

func compiled(t *testing.T, raw []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, row string) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(row))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

func TestJSONSchemaTakesRecordsAndNothingElse(t *testing.T) {
	t.Parallel()
	s := compiled(t, schema.JSON())
	r := article.Record{ChangeType: article.Added, ChangeReason: article.FromPublisher}
	r.Extractor.Kind = article.ByRules
	raw, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	row := string(raw)
	if err := validate(t, s, row); err != nil {
		t.Error(err)
	}
	for name, edit := range map[string][2]string{
		"a later field":        {`{`, `{"mood":"calm",`},
		"a later field within": {`{"score":`, `{"mood":"calm","score":`},
	} {
		if err := validate(t, s, strings.Replace(row, edit[0], edit[1], 1)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, edit := range map[string][2]string{
		"a field gone":        {`"title":"",`, ``},
		"a field gone within": {`"score":0,`, ``},
		"null":                {`"title":""`, `"title":null`},
		"null for a list":     {`"tags":[]`, `"tags":null`},
		"another type":        {`"revision":0`, `"revision":"0"`},
		"half a revision":     {`"revision":0`, `"revision":0.5`},
		"too large":           {`"revision":0`, `"revision":2147483648`},
		"another word":        {`"change_type":"added"`, `"change_type":"new"`},
		"no time":             {`"fetched_at":"0001-01-01T00:00:00Z"`, `"fetched_at":"yesterday"`},
		"not in UTC":          {`"fetched_at":"0001-01-01T00:00:00Z"`, `"fetched_at":"2026-11-21T07:00:00+07:00"`},
		"another element":     {`"tags":[]`, `"tags":[1]`},
		"another struct":      {`"images":[]`, `"images":[{"url":"x"}]`},
		"null for a struct":   {`"topic":{`, `"topic":null,"x":{`},
	} {
		broken := strings.Replace(row, edit[0], edit[1], 1)
		if broken == row {
			t.Errorf("%s: nothing changed", name)
		}
		if err := validate(t, s, broken); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// Columns, in order, as readers of Parquet see them.
func TestParquetColumns(t *testing.T) {
	t.Parallel()
	s, err := schema.Parquet(schema.Version)
	if err != nil {
		t.Fatal(err)
	}
	fields, err := article.Fields(schema.Version)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Fields()) != len(fields) {
		t.Fatalf("%d columns for %d fields", len(s.Fields()), len(fields))
	}
	for i, f := range fields {
		c := s.Fields()[i]
		if c.Name() != f.Name || c.ID() != f.ID || c.Optional() != f.Nullable || c.Leaf() != (f.Type != article.Struct && !f.List) {
			t.Errorf("column %s, id %d, null %v; declared is %+v", c.Name(), c.ID(), c.Optional(), f)
		}
	}
	text := strings.Join(strings.Fields(s.String()), " ")
	for _, part := range []string{
		"required binary article_id (STRING) = 1;", "required int32 revision (INT(32,true)) = 2;", "optional binary lede (STRING) = 9;",
		"optional int64 published_at (TIMESTAMP(isAdjustedToUTC=true,unit=MICROS)) = 22;", "required boolean backfilled = 43;", "required double score = 49;",
		"required group tags (LIST) = 15 { repeated group list { required binary element (STRING) = 16; } }",
		"optional group raw_ref = 59 { required binary segment (STRING) = 60; required int64 offset (INT(64,true)) = 61; }",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in %s", part, text)
		}
	}
	if leaf, ok := s.Lookup("images", "list", "element", "caption"); !ok || leaf.Node.ID() != 20 || leaf.Node.Optional() != true {
		t.Errorf("%+v", leaf)
	}
	if _, err := schema.Parquet("1.99.0"); err == nil {
		t.Error("a version not yet made")
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	files, err := schema.Generated()
	if err != nil {
		t.Fatal(err)
	}
	sql := string(files["queries/athena/create.sql"])
	for _, c := range regexp.MustCompile(`COMMENT '(.*)'`).FindAllStringSubmatch(sql, -1) {
		if len(c[1]) > 255 || strings.ContainsAny(c[1], "';\\") || c[1] == "" {
			t.Errorf("the catalogue does not take the comment %q", c[1])
		}
	}
	for _, part := range []string{
		"  `published_at` timestamp COMMENT", "  `published_at` string COMMENT", "  `images` array<struct<url:string,caption:string,credit:string>> COMMENT",
		"struct<field:string,`by`:string>", "  `raw_ref` struct<segment:string,offset:bigint> COMMENT", "  `backfilled` boolean COMMENT", "  `revision` int COMMENT",
	} {
		if !strings.Contains(sql, part) {
			t.Errorf("no %q in the tables", part)
		}
	}
	fields, err := article.Fields(schema.Version)
	if err != nil {
		t.Fatal(err)
	}
	page, views := string(files["docs/DICTIONARY.md"]), string(files["queries/duckdb/articles.sql"])
	for _, f := range fields {
		if !strings.Contains(page, "\n| `"+f.Name+"` | ") || !strings.Contains(views, " articles."+f.Name+" IS '") {
			t.Errorf("%s is not in the dictionary, or not described in the views", f.Name)
		}
		for _, in := range f.Fields {
			dot := "."
			if f.List {
				dot = "[]."
			}
			if !strings.Contains(page, "\n| `"+f.Name+dot+in.Name+"` | ") {
				t.Errorf("%s.%s is not in the dictionary", f.Name, in.Name)
			}
		}
	}
	for line := range strings.Lines(page) {
		if n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|"); strings.HasPrefix(line, "| `") && n != 6 && n != 5 {
			t.Errorf("the row has %d bars: %s", n, line)
		}
	}
}
