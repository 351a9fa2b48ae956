package parse_test

import (
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
		golden(t, strings.TrimSuffix(name, ".html")+".json", got)
	}
}
