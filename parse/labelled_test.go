package parse_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"attache/parse"
)

// floors lie a little under what the fallback reader scores on labelled pages of
// others: body F1 by words (by characters where words have no spaces between),
// and the share of titles right but for case and punctuation. docs/READING.md
// has the figures of the full measure.
var floors = map[string]struct{ body, title float64 }{
	"andythefactory":       {0.930, 0.935},
	"chinese-web":          {0.960, 0},
	"fundus":               {0.965, 0.885},
	"newspaper4k-fixtures": {0.970, 0.92},
	"scrapinghub":          {0.968, 0},
}

// TestLabelledPages scores the reader on the labelled pages in the folder that
// ATTACHE_SHARED names, which are other people's and not in the project.
func TestLabelledPages(t *testing.T) {
	t.Parallel()
	shared := os.Getenv("ATTACHE_SHARED")
	sets, err := filepath.Glob(filepath.Join(shared, "eval", "data", "*", "open"))
	if err != nil || shared != "" && len(sets) != len(floors) {
		t.Fatalf("found %d sets, %v; want %d", len(sets), err, len(floors))
	}
	for _, set := range sets {
		name := filepath.Base(filepath.Dir(set))
		if shared == "" {
			break // Glob looked in this folder
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, title := score(t, set)
			t.Logf("body %.3f, title %.3f", body, title)
			if want := floors[name]; body < want.body || title < want.title {
				t.Errorf("body %.3f, want %.3f; title %.3f, want %.3f", body, want.body, title, want.title)
			}
		})
	}
}

func score(t *testing.T, folder string) (body, title float64) {
	t.Helper()
	truths, err := os.Open(filepath.Join(folder, "truth.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer truths.Close()
	var pages, titles float64
	lines := bufio.NewScanner(truths)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var truth struct{ ID, URL, Title, Body string }
		if err := json.Unmarshal(lines.Bytes(), &truth); err != nil {
			t.Fatal(err)
		}
		got, err := parse.Read(nil, parse.Page{URL: truth.URL, Body: labelled(t, filepath.Join(folder, truth.ID+".html"))})
		if err != nil {
			t.Errorf("%s: %v", truth.ID, err)
			continue
		}
		pages++
		body += f1(tokens(truth.Body), tokens(deref(got.Lede)+"\n"+got.BodyText))
		if truth.Title != "" {
			titles++
			if strings.Join(tokens(truth.Title), " ") == strings.Join(tokens(got.Title), " ") {
				title++
			}
		}
	}
	if err := lines.Err(); err != nil || pages == 0 {
		t.Fatalf("%d pages: %v", int(pages), err)
	}
	return body / pages, title / max(titles, 1)
}

func labelled(t *testing.T, name string) []byte {
	t.Helper()
	if page, err := os.ReadFile(name); err == nil {
		return page
	}
	f, err := os.Open(name + ".gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func tokens(text string) (list []string) {
	for word := range strings.FieldsFuncSeq(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) }) {
		if c := []rune(word)[0]; unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
			list = append(list, strings.Split(word, "")...)
		} else {
			list = append(list, word)
		}
	}
	return list
}

// f1 compares two texts as multisets of tokens.
func f1(want, got []string) float64 {
	left := map[string]int{}
	for _, w := range want {
		left[w]++
	}
	both := 0
	for _, g := range got {
		if left[g] > 0 {
			left[g]--
			both++
		}
	}
	return 2 * float64(both) / max(1, float64(len(want)+len(got)))
}
