package trees_test

import (
	"strings"
	"testing"

	"attache/parse/internal/trees"
)

var traits = []string{"long", "linked"}

// TestLearn: what holds only for things with one trait and not the other takes
// two splits to tell, and comes back the same from its text.
func TestLearn(t *testing.T) {
	t.Parallel()
	var examples []trees.Example
	for i := range 400 {
		long, linked := float64(i%20), float64(i/20%2)
		holds := 0.0
		if long > 9 && linked == 0 {
			holds = 1
		}
		examples = append(examples, trees.Example{Traits: []float64{long, linked}, Holds: holds, Weight: 1})
	}
	learned := trees.Learn(traits, examples)
	again, err := trees.Parse("# a comment\n\n"+learned.String(), traits)
	if err != nil {
		t.Fatal(err)
	}
	if learned.String() != again.String() {
		t.Error("the text is read as something else")
	}
	for _, e := range examples {
		for _, f := range []*trees.Forest{learned, again} {
			if got := f.Sum(e.Traits) > 0; got != (e.Holds > 0) {
				t.Errorf("%v: got %v", e.Traits, got)
			}
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"0.5":                        "",
		"long:3 -1 linked:0.5 2 -2":  "",
		"long:3 -1":                  "it ends early",
		"long:3 -1 1 1":              "is more than a tree",
		"wide:3 -1 1":                `no trait "wide"`,
		"long:x -1 1":                "invalid syntax",
		"linked:0.5 long:2 1 2 long": "invalid syntax",
	} {
		_, err := trees.Parse(text, traits)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
