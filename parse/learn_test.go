package parse

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"attache/parse/internal/trees"
)

var learn = flag.String("learn", "", "a folder of labelled pages, SET/open/truth.jsonl and ID.html beside it: learn trees.txt from them anew")

// lesson is a labelled page: the blocks the forest is asked about and how much
// of each stands in the text people chose.
type lesson struct {
	set, site string
	truth     string
	lede      *string
	byRules   float64 // F1 of what the rules alone keep
	texts     []string
	blocks    []trees.Example
}

func (l *lesson) opening() []string {
	if l.lede == nil {
		return nil
	}
	return []string{*l.lede}
}

// folds are the parts the sites are dealt to: each is judged by what was learned
// on the others.
const folds = 5

// fair is the least the rules alone score on a page to learn from. Below it
// labels are more often cut short than right.
const fair = 0.7

const provenance = `# What speaks for and against a block of text, a tree a line: see internal/trees and traits.go.
# Learned from %d pages that others labelled: scrapinghub/article-extraction-benchmark (MIT), flairNLP/fundus (MIT),
# AndyTheFactory/article-extraction-dataset (Apache-2.0) and newspaper4k (MIT), immortal-autumn/Chinese-Web-Content-Extraction-Dataset (MIT).
# Neither pages nor labels are in this repository. To learn anew: go test ./parse -run TestLearn -learn FOLDER
`

// TestLearn learns the forest and, before it is written, reports how it does on
// sites it did not learn from. Without -learn, what is in place must be readable.
func TestLearn(t *testing.T) {
	if *learn == "" {
		if _, err := trees.Parse(treeText, traitNames); err != nil {
			t.Fatal(err)
		}
		return
	}
	lessons := lessons(t, *learn)
	type mean struct{ rules, trees, n float64 }
	sets := map[string]*mean{}
	for fold := range uint32(folds) {
		forest := learned(lessons, func(l *lesson) bool { return part(l.site) != fold })
		for _, l := range lessons {
			if part(l.site) != fold {
				continue
			}
			chosen := l.opening()
			for i, b := range l.blocks {
				if forest.Sum(b.Traits) > 0 {
					chosen = append(chosen, l.texts[i])
				}
			}
			if sets[l.set] == nil {
				sets[l.set] = new(mean)
			}
			m := sets[l.set]
			m.rules, m.trees, m.n = m.rules+l.byRules, m.trees+overlap(l.truth, strings.Join(chosen, "\n")), m.n+1
		}
	}
	report := fmt.Sprintf(provenance, len(lessons))
	for _, name := range slices.Sorted(maps.Keys(sets)) {
		m := sets[name]
		line := fmt.Sprintf("%s: %.0f pages, on sites left out F1 %.4f, by the rules alone %.4f", name, m.n, m.trees/m.n, m.rules/m.n)
		t.Log(line)
		report += "# " + line + "\n"
	}
	text := report + learned(lessons, func(*lesson) bool { return true }).String()
	if err := os.WriteFile("trees.txt", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func part(site string) uint32 {
	h := fnv.New32()
	_, _ = h.Write([]byte(site))
	return h.Sum32() >> 3 % folds
}

func learned(lessons []*lesson, from func(*lesson) bool) *trees.Forest {
	var examples []trees.Example
	for _, l := range lessons {
		if l.byRules >= fair && from(l) {
			examples = append(examples, l.blocks...)
		}
	}
	return trees.Learn(traitNames, examples)
}

func lessons(t *testing.T, folder string) (list []*lesson) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*", "open", "truth.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no labelled pages in %s: %v", folder, err)
	}
	for _, file := range files {
		truths, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(bytes.NewReader(truths))
		lines.Buffer(nil, 16<<20)
		for lines.Scan() {
			var truth struct{ ID, URL, Body string }
			if err := json.Unmarshal(lines.Bytes(), &truth); err != nil {
				t.Fatal(err)
			}
			if truth.Body != "" {
				l := lessonOf(t, truth.URL, truth.Body, saved(t, filepath.Join(filepath.Dir(file), truth.ID+".html")))
				l.set = filepath.Base(filepath.Dir(filepath.Dir(file)))
				if l.site == "" || strings.HasPrefix(l.site, "example.") {
					l.site = truth.ID // the set does not say where a page is from
				}
				list = append(list, l)
			}
		}
	}
	return list
}

func lessonOf(t *testing.T, address, truth string, page []byte) *lesson {
	t.Helper()
	doc, err := document(Page{Body: page})
	if err != nil {
		t.Fatal(err)
	}
	base, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{doc: doc, src: unknown, base: base}
	r.rules = r.layout()
	r.fields()
	f := r.find()
	kept := r.candidates(f)
	l := &lesson{site: base.Host, truth: truth, lede: r.content.Lede}
	left, size := shingles(truth)
	j := f.jury(kept)
	byRules := l.opening()
	for i := j.first; i < j.end; i++ {
		b := &f.blocks[i]
		if j.kept[i] {
			byRules = append(byRules, b.text)
		}
		if !j.asked(b, l.lede) {
			continue
		}
		here, n := shingles(b.text)
		hit := 0
		for s, times := range here {
			hit += min(times, left[s])
		}
		holds := float64(hit) / float64(max(1, n))
		if n == 1 && strings.Contains(truth, b.text) { // too short for shingles
			holds = 1
		}
		if holds > 0.7 {
			for s, times := range here {
				left[s] -= times
			}
		}
		l.texts = append(l.texts, b.text)
		// Each page counts about the same, however long.
		l.blocks = append(l.blocks, trees.Example{Traits: append([]float64(nil), j.traits(i)...), Holds: holds, Weight: float64(n+2) / float64(size+50)})
	}
	l.byRules = overlap(truth, strings.Join(byRules, "\n"))
	return l
}

func saved(t *testing.T, name string) []byte {
	t.Helper()
	if page, err := os.ReadFile(name); err == nil {
		return page
	}
	zipped, err := os.ReadFile(name + ".gz")
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// shingles counts the runs of four words in a text, of four letters where words
// have no spaces between; a shorter text is one.
func shingles(text string) (counts map[string]int, n int) {
	var words []string
	for word := range strings.FieldsFuncSeq(text, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) }) {
		if c := []rune(word); unicode.In(c[0], unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
			words = append(words, strings.Split(word, "")...)
		} else {
			words = append(words, word)
		}
	}
	counts = map[string]int{}
	for i := 0; i == 0 || i+4 <= len(words); i++ {
		if s := strings.Join(words[i:min(i+4, len(words))], " "); s != "" {
			counts[s]++
			n++
		}
	}
	return counts, n
}

// overlap is the F1 of two texts by their shingles.
func overlap(want, got string) float64 {
	left, n := shingles(want)
	have, m := shingles(got)
	both := 0
	for s, times := range have {
		both += min(times, left[s])
	}
	return 2 * float64(both) / float64(max(1, n+m))
}
