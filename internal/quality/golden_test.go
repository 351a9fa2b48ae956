package quality_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "rewrite testdata from what is reported now; look at every change, the page in a browser")

// TestGolden holds the report on an invented day to one that was looked at.
func TestGolden(t *testing.T) {
	t.Parallel()
	r := report(invented())
	for name, form := range map[string]func() ([]byte, error){"day.json": r.JSON, "day.html": r.HTML} {
		got, err := form()
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is another now; if that is right, run: go test ./internal/quality -run TestGolden -update", file)
		}
	}
}
