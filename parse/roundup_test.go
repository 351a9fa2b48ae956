package parse_test

import (
	"fmt"
	"strings"
	"testing"

	"attache/parse"
)

// TestRoundUp: what is made of links, what repeats itself and what has long lists
// at its foot is read whole.
func TestRoundUp(t *testing.T) {
	t.Parallel()
	var points, plan, piers, entries strings.Builder
	for i := range 6 {
		fmt.Fprintf(&points, `<li><a href="/%d">The council of borough %d wants its tram line back after all</a>. The mayor told us so, and nobody in the hall objected.</li>`, i, i)
		fmt.Fprintf(&plan, "<h3>Day %d</h3><p>Walk for forty minutes before breakfast, then eat two eggs, a slice of toast and half an orange.</p><p>Rest for hour %d.</p>", i, i)
	}
	for i := range 20 {
		fmt.Fprintf(&piers, "<p>It was no better at pier %d. %s</p>", i, storm)
	}
	for i := range 200 {
		fmt.Fprintf(&entries, `<li><a href="/w/%d">Another lighthouse of the coast, the %d.</a></li>`, i, i)
	}
	for name, c := range map[string]struct {
		body   string
		phrase string
		times  int
	}{
		"points half of link text": {"<ol>" + points.String() + "</ol>", "nobody in the hall", 6},
		"a paragraph repeated":     {"<div>" + plan.String() + "</div>", "two eggs", 6},
		"lists at the foot":        {"<div><div><p>" + ferry + ferry + "</p></div>" + piers.String() + "<div><ul>" + entries.String() + "</ul></div></div>", "wind tore slate", 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parse.Read(nil, parse.Page{URL: "https://news.example/1", Body: []byte("<html><title>Harbour news of today</title><body><h1>Harbour news of today</h1>" + c.body)})
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(got.BodyText, c.phrase); n != c.times {
				t.Errorf("%q %d times, want %d, in %q", c.phrase, n, c.times, got.BodyText)
			}
		})
	}
}
