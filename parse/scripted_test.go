package parse_test

import (
	"encoding/json"
	"strings"
	"testing"

	"attache/parse"
)

// TestScripted: text that only machines are given is taken where readers are
// shown next to none, and said to be.
func TestScripted(t *testing.T) {
	t.Parallel()
	long := strings.TrimSpace(strings.Repeat(ferry, 6))
	for name, c := range map[string]struct {
		told, shown, want string
		noted             bool
	}{
		"lines":            {long + "\n" + "Tea &amp; toast were served.", "<div id=app></div>", long + "\n\nTea & toast were served.", true},
		"mark-up":          {"<p>" + long + "</p><script>x</script><p>" + storm + "</p>", "<div id=app>Loading</div>", long + "\n\n" + strings.TrimSpace(storm), true},
		"a summary":        {ferry, "<div id=app></div>", "", false},
		"the text's start": {long, "<p>" + ferry + "</p>", strings.TrimSpace(ferry), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ld, err := json.Marshal(map[string]string{"@type": "NewsArticle", "headline": "The last ferry", "articleBody": c.told})
			if err != nil {
				t.Fatal(err)
			}
			page := `<html><head><title>The last ferry</title><script type="application/ld+json">` + string(ld) + "</script></head><body>" + c.shown
			got, err := parse.Read(nil, parse.Page{URL: "https://news.example/1", Body: []byte(page)})
			if err != nil {
				t.Fatal(err)
			}
			noted := false
			for _, note := range got.Quality {
				noted = noted || strings.Contains(note.Note, "tells machines")
			}
			if got.BodyText != c.want || noted != c.noted {
				t.Errorf("got %q, noted %v; want %q, %v", got.BodyText, noted, c.want, c.noted)
			}
		})
	}
}
