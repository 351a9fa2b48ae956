package story_test

import (
	"os"
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
	m := newMeasure()
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
			m.count(pair{base: f.Name, want: want}, p[2], got)
			if got != want {
				t.Logf("%s found, %s labelled: %s, %s and %s: %s, %+v", label(got), p[2], f.Name, p[0], p[1], p[3], story.Similarity(a, b))
			}
		}
	}
	m.hold(t, least{90, 0.99, 0.80}, least{40, 0.95, 0.84})
}
