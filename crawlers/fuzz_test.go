package crawlers

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"
)

func FuzzSitemap(f *testing.F) {
	f.Add([]byte(urlset(1, 2)))
	f.Add([]byte(index("a-2026-11.xml|2026-11-20", "b.xml")))
	f.Add([]byte(`<urlset><url><loc>x</loc><news:news><news:publication_date>2026-11-20</news:publication_date></news:news></url>`))
	f.Add([]byte("\xff\xfe<\x00u\x00r\x00l\x00s\x00e\x00t\x00>\x00"))
	f.Fuzz(func(t *testing.T, body []byte) {
		text, err := xmlText(Page{Body: body})
		if err != nil {
			return
		}
		entries, children, err := parseSitemap(bytes.NewReader(text))
		if len(entries)+len(children) > maxEntries+1 {
			t.Errorf("%d entries", len(entries)+len(children))
		}
		if err != nil && err.Error() == "" {
			t.Error("an error that says nothing")
		}
		for _, c := range children {
			c.reach()
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
		_, _ = gofeed.NewParser().Parse(bytes.NewReader(text))
	})
}
