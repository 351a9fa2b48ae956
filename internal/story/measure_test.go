package story_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"attache/internal/story"
)

// matrix counts right and wrong answers.
type matrix struct{ hit, wrong, missed, left int }

func (m *matrix) count(want, got bool) {
	switch {
	case want && got:
		m.hit++
	case got:
		m.wrong++
	case want:
		m.missed++
	default:
		m.left++
	}
}

func (m *matrix) precision() float64 { return float64(m.hit) / float64(max(m.hit+m.wrong, 1)) }
func (m *matrix) recall() float64    { return float64(m.hit) / float64(max(m.hit+m.missed, 1)) }

// measure counts by halves, those that thresholds were chosen on and those that judge
// them, and by kinds of pairs.
type measure struct {
	linked, duplicates map[bool]*matrix // by whether they were chosen on
	kinds              map[string]map[story.Verdict]int
}

func newMeasure() measure {
	return measure{map[bool]*matrix{true: {}, false: {}}, map[bool]*matrix{true: {}, false: {}}, map[string]map[story.Verdict]int{}}
}

func (m measure) count(p pair, kind string, got story.Verdict) {
	m.linked[p.chosen()].count(p.want != story.None, got != story.None)
	m.duplicates[p.chosen()].count(p.want == story.Duplicate, got == story.Duplicate)
	if m.kinds[kind] == nil {
		m.kinds[kind] = map[story.Verdict]int{}
	}
	m.kinds[kind][got]++
}

// least is what the judging half must reach.
type least struct {
	hits              int
	precision, recall float64
}

// hold says the figures, and holds the judging half to the least.
func (m measure) hold(t *testing.T, linked, duplicates least) {
	t.Helper()
	for _, kind := range slices.Sorted(maps.Keys(m.kinds)) {
		n := m.kinds[kind]
		t.Logf("%-60s duplicate %4d  same %4d  none %4d", kind, n[story.Duplicate], n[story.Same], n[story.None])
	}
	for name, of := range map[string]struct {
		halves map[bool]*matrix
		least  least
	}{"linked": {m.linked, linked}, "duplicate": {m.duplicates, duplicates}} {
		for chosen, f := range of.halves {
			t.Logf("chosen on %v: %s: %+v precision %.3f recall %.3f", chosen, name, *f, f.precision(), f.recall())
		}
		if f, want := of.halves[false], of.least; f.precision() < want.precision || f.recall() < want.recall || f.hit < want.hits {
			t.Errorf("%s: %+v: precision %.3f, recall %.3f; want %+v", name, *f, f.precision(), f.recall(), want)
		}
	}
}

// TestPairs holds the verdicts to what docs/STORIES.md says of them, less a
// margin. Run it with -v for the figures.
func TestPairs(t *testing.T) {
	t.Parallel()
	m := newMeasure()
	for _, p := range pairs(t) {
		a, b := p.a.sketch(), p.b.sketch()
		got := story.Compare(a, b)
		if back := story.Compare(b, a); back != got {
			t.Errorf("%s, %s: %q one way, %q the other", p.name, p.base, got, back)
		}
		m.count(p, p.name+", labelled "+label(p.want), got)
		if (got == story.None) != (p.want == story.None) {
			t.Logf("%s found, %s wanted: %s, %s, %+v", label(got), label(p.want), p.name, p.base, story.Similarity(a, b))
		}
		if common := common(a.Keys(), b.Keys()); p.want != story.None && common < 2 {
			t.Errorf("%s, %s: %d keys in common: a look-up would miss it", p.name, p.base, common)
		}
	}
	m.hold(t, least{500, 0.99, 0.98}, least{500, 0.97, 0.97})
}

func label(v story.Verdict) string {
	if v == story.None {
		return "none"
	}
	return string(v)
}

func common(a, b []int64) (n int) {
	for _, x := range a {
		if slices.Contains(b, x) {
			n++
		}
	}
	return n
}

// No two of the written texts are one, though some tell of one event, each in
// its own words.
func TestUnrelated(t *testing.T) {
	t.Parallel()
	all := texts(t)
	sketches := make([]story.Sketch, len(all))
	compared, looked := 0, 0
	for i, a := range all {
		sketches[i] = a.sketch()
		for j := range i {
			if got := story.Compare(sketches[i], sketches[j]); got != story.None {
				t.Errorf("%s: %s and %s", got, a.ID, all[j].ID)
			}
			compared++
			if common(sketches[i].Keys(), sketches[j].Keys()) > 1 {
				looked++
			}
		}
	}
	t.Logf("%d pairs, %d of them with two keys in common", compared, looked)
	if compared < 5000 || looked*500 > compared {
		t.Errorf("%d pairs, %d of them with two keys in common; want 5000 or more, and 1 in 500 at most", compared, looked)
	}
}

// TestOpenTexts looks through the labelled texts of others found in
// $ATTACHE_SHARED/topic. By eye, no two of them are versions of one story.
func TestOpenTexts(t *testing.T) {
	t.Parallel()
	sets, err := filepath.Glob(filepath.Join(os.Getenv("ATTACHE_SHARED"), "topic", "open.jsonl"))
	if err != nil || os.Getenv("ATTACHE_SHARED") == "" {
		sets = nil
	}
	for _, set := range sets {
		data, err := os.ReadFile(set)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		var sketches []story.Sketch
		compared, looked := 0, 0
		for line := range bytes.Lines(data) {
			var r struct{ ID, Lang, Title, Text string }
			if err := json.Unmarshal(line, &r); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, r.ID)
			sketches = append(sketches, text{Language: r.Lang, Title: r.Title, Body: strings.Split(r.Text, "\n")}.sketch())
			i := len(ids) - 1
			for j := range i {
				compared++
				if common(sketches[i].Keys(), sketches[j].Keys()) > 1 {
					looked++
				}
				l := story.Similarity(sketches[i], sketches[j])
				if got := story.Compare(sketches[i], sketches[j]); got != story.None {
					t.Errorf("%s: %s and %s: %+v", got, ids[i], ids[j], l)
				}
				if l.Contained > 0.2 {
					t.Logf("nearest: %s and %s: %+v", ids[i], ids[j], l)
				}
			}
		}
		t.Logf("%d pairs, %d of them with two keys in common", compared, looked)
	}
}
