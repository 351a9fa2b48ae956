package topic

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// TestChangesFlip does what explanations say would flip decisions.
func TestChangesFlip(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/articles.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string][]struct{ Title, Text string }
	if err := yaml.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	d := decider(t)
	told := 0
	for lang, articles := range all {
		for _, a := range articles {
			text := Text{Title: a.Title, Body: a.Text, Language: lang}
			e := d.Explain(text)
			if got := d.Decide(text); got.Score != e.Score || got.Match != e.Match {
				t.Fatalf("%s: decided %v, explained %v", a.Title, got.Score, e.Score)
			}
			for _, term := range e.Terms {
				place := map[string]string{"title": e.Title, "lede": e.Lede, "body": e.Body}[term.Place]
				if place[term.Start:term.End] != term.Text {
					t.Errorf("%s: %+v stands elsewhere", a.Title, term)
				}
			}
			for _, c := range e.Changes {
				if told++; (c.Score >= e.Threshold) == e.Match {
					t.Errorf("%s: %+v flips nothing", a.Title, c)
				}
				if c.What == "without" && !e.Match {
					r := d.read(text)
					left := r.without(func(t term) bool { return slices.Contains(c.Texts, strings.ToLower(t.text)) && t.kind == against })
					if left.score() != c.Score {
						t.Errorf("%s: %+v gives %v", a.Title, c, left.score())
					}
				}
			}
			if len(e.Changes) == 0 {
				t.Errorf("%s: nothing would flip a score of %v", a.Title, e.Score)
			}
		}
	}
	if told == 0 {
		t.Error("no change was told")
	}
}

func TestThresholdOfItsOwn(t *testing.T) {
	t.Parallel()
	d := decider(t)
	text := Text{Title: "Frigate of France calls at Jakarta", Language: "en"}
	score := d.Decide(text).Score
	if d.At(0) != d || !d.At(score).Decide(text).Match || d.At(min(score+0.001, 1)).Decide(text).Match && score < 1 {
		t.Errorf("a threshold of its own is not kept; score %v", score)
	}
}
