package crawlers

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func FuzzSitemap(f *testing.F) {
	f.Add([]byte(urlset(1, 2)))
	f.Add([]byte(index("a-2026-11.xml|2026-11-20", "b.xml")))
	f.Add([]byte(`<urlset><url><loc>x</loc><news:news><news:publication_date>2026-11-20</news:publication_date></news:news></url>`))
	f.Add([]byte("\xff\xfe<\x00u\x00r\x00l\x00s\x00e\x00t\x00>\x00"))
	f.Add([]byte("https://news.example.com/a-1.html\r\n\r\nhttps://news.example.com/a-2.html"))
	f.Fuzz(func(t *testing.T, body []byte) {
		entries, children, err := readSitemap(Page{URL: "https://news.example.com/s.xml", Body: body}, time.UTC)
		if len(entries)+len(children) > maxEntries {
			t.Errorf("%d entries", len(entries)+len(children))
		}
		if err != nil && err.Error() == "" {
			t.Error("an error that says nothing")
		}
		for _, c := range children {
			if s, ok := c.span(time.UTC); ok && s.to.IsZero() {
				t.Errorf("%q says when it ends, and does not", c.Loc)
			}
		}
	})
}

func FuzzFeed(f *testing.F) {
	f.Add([]byte(rss("tin-1|Sat, 21 Nov 2026 09:15:00 +0700")), "text/xml; charset=utf-8")
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/a"/></entry></feed>`), "")
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1.1","items":[{"url":"x"}]}`), "application/feed+json")
	f.Add([]byte("\xfe\xff\x00<\x00r\x00s\x00s\x00>"), "text/xml")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		text, err := xmlText(Page{Body: body, ContentType: contentType})
		if err != nil {
			return
		}
		if !utf8.Valid(text) {
			t.Errorf("not UTF-8: %q", text)
		}
		if feed, err := parseFeed(text); err == nil && feed == nil {
			t.Error("neither a feed nor an error")
		}
	})
}

func FuzzLists(f *testing.F) {
	f.Add([]byte(`{"data":{"contents":[{"url":"/tin-1.html","date":1786939764}],"load_more":true}}`))
	f.Add([]byte(`<base href="/b/"><li><a href="tin-1.html">Tin</a><time>21/11/2026 9:15</time></li><a class=next href="?p=2">`))
	f.Add([]byte("[[[[{}"))
	src := source(f, "json: {url: 'https://news.example.com/', items: data.contents, link: url, published: date, next: data.load_more}",
		"listing: {url: 'https://news.example.com/', item: li, link: a, published: time, next: a.next}")
	f.Fuzz(func(t *testing.T, body []byte) {
		r := &reader{Crawler: &Crawler{source: src}}
		page := Page{URL: "https://news.example.com/", Body: body}
		for _, read := range []func() (leaf, error){
			func() (leaf, error) { l, _, err := r.document(page, src.Discover[0].JSON); return l, err },
			func() (leaf, error) { return r.leaf(page, src.Discover[1].Listing) },
		} {
			l, err := read()
			if err == nil && l.next != "" && !strings.HasPrefix(l.next, "http") {
				t.Errorf("next is %q", l.next)
			}
			for _, e := range l.items {
				if _, ok := r.listed(e); ok && e.URL == "" {
					t.Error("nothing is an article")
				}
			}
		}
	})
}
