package parse_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attache/parse"
	"attache/seeds"
)

// TestFixtures reads real markup with invented words: testdata/pages/<source>.html,
// made by "attache sources fixture", gives the record beside it.
func TestFixtures(t *testing.T) {
	t.Parallel()
	sources, err := seeds.Load("")
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob("testdata/pages/*.html")
	if err != nil || len(names) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, name := range names {
		page, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		src := find(t, sources, strings.TrimSuffix(filepath.Base(name), ".html"))
		got, err := parse.Read(src, parse.Page{URL: src.Home, Body: page})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got.Extractor.RulesVersion = ""
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(got); err != nil {
			t.Fatal(err)
		}
		file := strings.TrimSuffix(name, ".html") + ".json"
		if *update {
			if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if b.String() != string(want) {
			t.Errorf("%s reads differently now; if that is right, run: go test ./parse -run Fixtures -update\n%s", name, firstDifference(b.String(), string(want)))
		}
	}
}
