package parse_test

import (
	"fmt"
	"strings"
	"testing"

	"attache/parse"
	"attache/seeds"
)

// TestLinkedBodies: a body that is a list of links is no article, a body with links is.
func TestLinkedBodies(t *testing.T) {
	t.Parallel()
	src, err := seeds.Parse("gazette.yaml", []byte(`{id: gazette, name: G, home: "https://gazette.example/", language: en, timezone: UTC, schedule: "@hourly",
discover: [{feed: "https://gazette.example/rss"}], article_url: '/story-(?P<id>\d+)$', rules: [{evidence: inferred, title: [h1], body: [".story"]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	sentence := func(n int) string {
		return fmt.Sprintf("The %d delegations met in the morning and went through the plan of work for the coming year together.", n)
	}
	link := func(n int, text string) string { return fmt.Sprintf(`<p><a href="/story-%d">%s</a></p>`, n, text) }
	repeat := func(times int, f func(n int) string) string {
		var b strings.Builder
		for n := 1; n <= times; n++ {
			b.WriteString(f(n))
		}
		return b.String()
	}
	plain := func(n int) string { return "<p>" + sentence(n) + "</p>" }
	headline := func(n int) string { return link(n, fmt.Sprintf("Headline of story number %d", n)) }
	for name, c := range map[string]struct{ body, want string }{
		"an article":              {repeat(4, plain), ""},
		"with links in sentences": {repeat(4, func(n int) string { return `<p>As <a href="/story-9">reported</a>: ` + sentence(n) + "</p>" }), ""},
		"with two related ones":   {repeat(5, plain) + repeat(2, headline), ""},
		"mostly links":            {repeat(1, plain) + repeat(9, func(n int) string { return link(n, sentence(n+1)) }), "the body is mostly links"},
		"with a list below":       {repeat(6, plain) + repeat(4, headline), "the body repeats a list: 4 of 10 paragraphs"},
		"links that lead nowhere": {repeat(6, plain) + repeat(4, func(n int) string { return fmt.Sprintf(`<p><a href="#s%d">Section %d</a></p>`, n, n) }), ""},
	} {
		page := "<html><body><h1>The plan of work</h1><div class=story>" + c.body + "</div></body></html>"
		got, err := parse.Read(src, parse.Page{URL: "https://gazette.example/story-77", Body: []byte(page)})
		if err != nil {
			t.Fatal(err)
		}
		if got.Broken != c.want && (c.want == "" || !strings.HasPrefix(got.Broken, c.want)) {
			t.Errorf("%s: %q, want %q", name, got.Broken, c.want)
		}
	}
}
