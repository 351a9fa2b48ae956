package topic

import (
	"os"
	"testing"

	"github.com/goccy/go-yaml"
)

// TestOwnArticles decides the articles of our own in testdata.
func TestOwnArticles(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/articles.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string][]struct {
		Yes, Wrong  bool // about defence diplomacy; known to be decided wrongly
		Title, Text string
	}
	if err := yaml.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	d := decider(t)
	for lang, articles := range all {
		for _, a := range articles {
			got := d.Decide(Text{Title: a.Title, Body: a.Text, Language: lang})
			if (got.Match != a.Yes) != a.Wrong {
				t.Errorf("%s: %q: match = %v, score %.3f, signals %v", lang, a.Title, got.Match, got.Score, got.Signals)
			}
		}
	}
}
