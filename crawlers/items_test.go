package crawlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"attache/crawlers/transport"
)

// TestItemsOfFeeds: what leads to an item is its link, else a guid that is one.
func TestItemsOfFeeds(t *testing.T) {
	t.Parallel()
	channel := func(items string) string { return `<rss version="2.0"><channel>` + items + `</channel></rss>` }
	for name, c := range map[string]struct {
		body, want string
	}{
		"guids that repeat": {channel(`<item><guid>tin</guid><link>https://news.example.com/tin-1.html</link></item><item><guid>tin</guid><link>https://news.example.com/tin-2.html</link></item>`), "[1 2]"},
		"a permalink":       {channel(`<item><guid>https://news.example.com/tin-1.html</guid></item><item><guid isPermaLink="true">https://news.example.com/tin-2.html</guid></item>`), "[1 2]"},
		"no permalink":      {channel(`<item><guid isPermaLink="false">https://news.example.com/tin-1.html</guid></item>`), "[]"},
		"nothing at all":    {channel(`<item><title>Tin</title></item><item><link>https://news.example.com/tin-2.html</link></item><item><guid>83716</guid></item>`), "[2]"},
		"relative":          {channel(`<item><link>/tin-1.html</link></item><item><link>tin-2.html#doc</link></item><item><link>//news.example.com/tin-3.html</link></item>`), "[1 3]"},
		"not the web":       {channel(`<item><link>javascript:more()</link></item><item><link>http://[::1</link></item>`), "[]"},
		"line breaks":       {channel("<item><link>\n https://news.example.com/\n tin-1.html </link></item>"), "[]"},
		"CDATA":             {channel("<item><link><![CDATA[ https://news.example.com/tin-1.html ]]></link></item>"), "[1]"},
		"RDF": {`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"><title>Tin</title></channel>` +
			`<item rdf:about="https://news.example.com/tin-1.html"><title>Tin</title><link>https://news.example.com/tin-1.html</link></item></rdf:RDF>`, "[1]"},
		"Atom": {`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example.com/"><entry><link rel="edit" href="/sua-8.html"/><link rel="alternate" href="tin-1.html"/></entry>` +
			`<entry><id>https://news.example.com/tin-2.html</id></entry></feed>`, "[1]"},
		"JSON Feed": {`{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"url":"/tin-1.html"},{"id":"2"}]}`, "[1]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"/rss/feed.xml": text("text/xml", c.body)})
			found, steps := s.crawler(t, source(t, "feed: https://news.example.com/rss/feed.xml")).Discover(Look{})
			if got := fmt.Sprint(ids(found)); got != c.want || steps[0].Err != nil {
				t.Errorf("found %s, want %s; %+v", got, c.want, steps[0])
			}
		})
	}
}

// TestDeepDocuments: what is nested without end is an error; a stack that
// overflows would end the process.
func TestDeepDocuments(t *testing.T) {
	t.Parallel()
	nested := func(n int) string { return "<rss><channel>" + strings.Repeat("<x:a>", n) }
	for name, c := range map[string]struct{ step, body, err string }{
		"feed":        {"feed: https://news.example.com/list", nested(200_000), "nested more than"},
		"feed, below": {"feed: https://news.example.com/list", nested(maxDepth - 10), "is no feed"},
		"JSON Feed":   {"feed: https://news.example.com/list", `{"version":"https://jsonfeed.org/version/1","items":` + strings.Repeat("[", 200_000), "is no feed"},
		"sitemap":     {"sitemap: https://news.example.com/list", "<urlset><url>" + strings.Repeat("<a>", 200_000), "is no sitemap"},
		"listing":     {"listing: {url: 'https://news.example.com/list', item: li, link: a}", strings.Repeat("<div>", 200_000), "open stack of elements exceeds"},
		"JSON":        {"json: {url: 'https://news.example.com/list', items: data, link: url}", strings.Repeat("[", 200_000), "is no JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"/list": text("", c.body)})
			_, steps := s.crawler(t, source(t, c.step), func(o *transport.Options) { o.MaxBody = 32 << 20 }).Discover(Look{})
			if err := steps[0].Err; err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%v does not say %q", err, c.err)
			}
		})
	}
}
