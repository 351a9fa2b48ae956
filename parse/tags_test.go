package parse_test

import (
	"strings"
	"testing"
)

func TestTagsOfAnyHost(t *testing.T) {
	t.Parallel()
	const h1 = `<h1>Ferry late once more</h1>`
	tag := func(tag string) string { return `<meta property="article:tag" content="` + tag + `">` }
	keywords := func(list string) string { return `<meta name="keywords" content="` + list + `">` }
	ld := func(list string) string {
		return `<script type="application/ld+json">{"@type":"NewsArticle","keywords":` + list + `}</script>`
	}
	for _, c := range []struct{ name, head, body, want string }{
		{"a list in one line", keywords("ferry, sea; tide"), h1, "ferry|sea|tide"},
		{"one in each element, commas and all", tag("Salt, Pepper &amp;amp; Co") + tag("Sea"), h1, "Salt, Pepper & Co|Sea"},
		{"the shorter of two lists", keywords("ferry, sea, web, layout-7") + tag("ferry") + tag("sea"), h1, "ferry|sea"},
		{"a list nobody can cut", ld(`"Ferry Sea Tide Wind Rope Sail"`) + keywords("ferry, sea"), h1, "ferry|sea"},
		{"one that has words of Chinese", keywords("渡轮 大海 潮汐"), h1, "渡轮|大海|潮汐"},
		{"of a kind", ld(`["Day: Friday","Subject: Sea","WC: 900-1000","Topic: Ferries","4711"]`), h1, "Sea|Ferries"},
		{"not the site's name", keywords("ferry, Lantern, lantern.example, sea"), h1, "ferry|sea"},
		{"links named tags", "", h1 + `%s<ul class="tag-list"><li><a href="/x/1">#ferry</a></li><li><a href="/x/2">#sea</a></li></ul>`, "ferry|sea"},
		{"links to topics", "", h1 + `%s<p><a href="/topics/ferry">Ferry</a></p><p><a href="/topics/sea">Sea</a></p>`, "Ferry|Sea"},
		{"a single one may lead anywhere", "", h1 + `%s<p><a href="/topics/ferry">Ferry</a></p>`, ""},
		{"links in sentences are none", "", h1 + `<p>They say that the <a href="/tag/ferry" rel="tag">Ferry</a> will be late again tomorrow, and after.</p>%s`, ""},
	} {
		if got := strings.Join(anyHost(t, c.head, strings.ReplaceAll(c.body, "%s", prose)).Tags, "|"); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
