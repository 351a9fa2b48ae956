package story_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"attache/internal/story"
	"attache/internal/strictyaml"
)

// family is one event as several desks told it, and other events told in its
// form. Who wrote testdata/unseen.yaml knew neither the verdict's rules nor the
// other texts.
type family struct {
	Name  string            `yaml:"name"`
	Lang  string            `yaml:"lang"`
	Texts map[string]string `yaml:"texts"` // the first paragraph is the headline
	Pairs [][4]string       `yaml:"pairs"` // two texts, the label, what was done
}

func (f family) text(key string) text {
	title, body, _ := strings.Cut(f.Texts[key], "\n\n")
	return text{ID: f.Name + " " + key, Language: f.Lang, Title: title, Body: strings.Split(strings.TrimSpace(body), "\n\n")}
}

func families(t *testing.T) []family {
	t.Helper()
	data, err := os.ReadFile("testdata/unseen.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Families []family `yaml:"families"`
	}
	if err := strictyaml.Decode("unseen.yaml", data, &all); err != nil {
		t.Fatal(err)
	}
	return all.Families
}

// TestUnseenPairs counts what Compare and the keys make of the families, by
// halves: oneLength was chosen on the one, the other had no say in anything.
func TestUnseenPairs(t *testing.T) {
	t.Parallel()
	type figures struct{ linked, duplicates matrix }
	halves := map[bool]*figures{true: {}, false: {}}
	kinds := map[string]map[story.Verdict]int{}
	for _, f := range families(t) {
		for _, p := range f.Pairs {
			a, b := f.text(p[0]).sketch(), f.text(p[1]).sketch()
			got := story.Compare(a, b)
			if common(a.Keys(), b.Keys()) < 2 {
				got = story.None // it would not be looked up
			}
			want, known := map[string]story.Verdict{"duplicate": story.Duplicate, "version": story.Same, "retold": story.None, "other": story.None}[p[2]]
			if !known {
				t.Fatalf("%s: label %q", f.Name, p[2])
			}
			half := halves[pair{base: f.Name}.chosen()]
			half.linked.count(want != story.None, got != story.None)
			half.duplicates.count(want == story.Duplicate, got == story.Duplicate)
			if kinds[p[2]] == nil {
				kinds[p[2]] = map[story.Verdict]int{}
			}
			kinds[p[2]][got]++
			if got != want {
				t.Logf("%s found, %s labelled: %s, %s and %s: %s, %+v", label(got), p[2], f.Name, p[0], p[1], p[3], story.Similarity(a, b))
			}
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		n := kinds[kind]
		t.Logf("%-10s duplicate %4d  same %4d  none %4d", kind, n[story.Duplicate], n[story.Same], n[story.None])
	}
	for chosen, f := range halves {
		for name, m := range map[string]*matrix{"linked": &f.linked, "duplicate": &f.duplicates} {
			t.Logf("chosen on %v: %s: %+v precision %.3f recall %.3f", chosen, name, *m, m.precision(), m.recall())
		}
	}
	judged := halves[false]
	hold(t, "linked", &judged.linked, 90, 0.99, 0.80)
	hold(t, "duplicate", &judged.duplicates, 40, 0.95, 0.84)
}
