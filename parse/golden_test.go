package parse_test

import (
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/newsroom"
	"attache/parse"
	"attache/seeds"
)

var update = flag.Bool("update", false, "rewrite testdata/golden from what is read now; look at every change")

// edition is the time of the newsroom all golden records are of.
var edition = time.Date(2026, time.October, 8, 2, 30, 17, 0, time.UTC)

// TestGolden reads one page of each source as the newsroom serves it.
func TestGolden(t *testing.T) {
	t.Parallel()
	sources, err := seeds.Load("")
	if err != nil {
		t.Fatal(err)
	}
	room := openRoom(t)
	for _, id := range room.Sources() {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			story := richest(t, room, id)
			got, err := parse.Read(find(t, sources, id), served(t, room, story))
			if err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("testdata", "golden", id+".json"), got)
		})
	}
}

// golden holds a reading to the record in file, or with -update writes it.
func golden(t *testing.T, file string, got parse.Reading) {
	t.Helper()
	got.Extractor.RulesVersion = "" // moves with every byte of the source file
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(got); err != nil {
		t.Fatal(err)
	}
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
		t.Errorf("%s reads differently now; if that is right, run: go test ./parse -run %s -update\n%s", file, t.Name(), firstDifference(b.String(), string(want)))
	}
}

// openRoom opens the newsroom at the time of edition.
func openRoom(t testing.TB) *newsroom.Room {
	t.Helper()
	room, err := newsroom.Open(newsroom.Options{Now: edition})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = room.Close() })
	return room
}

// richest is the newest story about defence that has the most to read.
func richest(t testing.TB, room *newsroom.Room, source string) (best newsroom.Story) {
	t.Helper()
	most := -1
	for _, s := range room.Stories(source) {
		if n := len(s.Body) + 3*len(s.Images) + len(s.Authors) + len(s.Tags); s.Defence && s.Answers == 0 && n > most {
			best, most = s, n
		}
	}
	if most < 0 {
		t.Fatalf("%s has no story about defence", source)
	}
	return best
}

// served is the page of a story as the newsroom sends it.
func served(t testing.TB, room *newsroom.Room, story newsroom.Story) parse.Page {
	t.Helper()
	answer := httptest.NewRecorder()
	room.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, story.URL, nil))
	if answer.Code != http.StatusOK {
		t.Fatalf("%s: status %d", story.URL, answer.Code)
	}
	return parse.Page{URL: story.URL, ContentType: answer.Header().Get("Content-Type"), Body: answer.Body.Bytes(), FetchedAt: edition}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return "got  " + g[i] + "\nwant " + w[i]
		}
	}
	return "one is longer than the other"
}
