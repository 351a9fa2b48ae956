package crawlers

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"attache/crawlers/transport"
)

// rss is a feed of items, each "slug-number" or "slug-number|pubDate".
func rss(items ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Tin</title>`)
	for _, item := range items {
		name, date, _ := strings.Cut(item, "|")
		fmt.Fprintf(&b, "<item><title>Tin %s</title><link>https://news.example.com/%s.html</link>", name, name)
		if date != "" {
			fmt.Fprintf(&b, "<pubDate>%s</pubDate>", date)
		}
		b.WriteString("</item>")
	}
	b.WriteString("</channel></rss>")
	return b.String()
}

func ids(found []Listed) (ids []string) {
	for _, l := range found {
		ids = append(ids, strings.TrimPrefix(l.ID, "news:"))
	}
	return ids
}

func TestStepsFailApart(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]http.HandlerFunc{
		"/a.xml": text("text/xml", "<html><body>Bảo trì</body></html>"),
		"/b.xml": status(500),
		"/c.xml": text("text/xml", `<urlset><url><loc>https://news.example.com/tau-tham-cang-3.html</loc></url></urlset>`),
		"/d.html": page(`<ul><li><a href="/tau-tham-cang-3.html">Tàu thăm cảng</a><li><a href="tuan-tra-4.html#top">Tuần
			tra</a><li><a href="/video/5">Video</a><li><a href="https://evil.example/x-6.html">x</a><li><a>không</a></ul>`),
		"/e.xml": text("text/xml", rss("hoi-dam-5", "hoi-dam-moi-5")),
	})
	found, steps := s.crawler(t, source(t,
		"feed: https://news.example.com/a.xml",
		"feed: https://news.example.com/b.xml",
		"news_sitemap: https://news.example.com/c.xml",
		"listing: {url: 'https://news.example.com/d.html', item: li, link: a}",
		"feed: https://news.example.com/e.xml",
	)).Discover(Look{})
	want := []Listed{
		{ID: "news:3", URL: "https://news.example.com/tau-tham-cang-3.html", Title: "Tàu thăm cảng"},
		{ID: "news:4", URL: "https://news.example.com/tuan-tra-4.html", Title: "Tuần tra"},
		{ID: "news:5", URL: "https://news.example.com/hoi-dam-5.html", Title: "Tin hoi-dam-5"},
	}
	if !reflect.DeepEqual(found, want) {
		t.Errorf("found %+v", found)
	}
	for i, want := range []struct {
		kind   string
		listed int
		err    string
	}{
		{"feed", 0, "is no feed"},
		{"feed", 0, "answers 500"},
		{"news_sitemap", 1, ""},
		{"listing", 2, ""},
		{"feed", 2, ""},
	} {
		got := steps[i]
		if got.Kind != want.kind || got.Listed != want.listed || (got.Err == nil) != (want.err == "") ||
			got.Err != nil && !strings.Contains(got.Err.Error(), want.err) {
			t.Errorf("step %d: %+v, want %+v", i, got, want)
		}
	}
}

// TestDatesAndHorizon: what any step dates before the horizon is old, whichever
// step listed it first; what none dates may be new.
func TestDatesAndHorizon(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]http.HandlerFunc{
		"/a.xml": text("text/xml", rss("khong-ngay-1", "sau-moi-2", "sau-cu-3", "dung-luc-4|Sat, 21 Nov 2026 07:00:00 +0700", "truoc-5|Sat, 21 Nov 2026 06:59:59 +0700")),
		"/b.xml": text("text/xml", rss("sau-moi-2|Sat, 21 Nov 2026 09:00:00 +0700", "sau-cu-3|Fri, 20 Nov 2026 09:00:00 +0700", "truoc-5")),
		"/c.xml": text("text/xml", rss("sau-moi-2|Mon, 02 Nov 2026 09:00:00 +0700")),
	})
	found, _ := s.crawler(t, source(t,
		"feed: https://news.example.com/a.xml", "feed: https://news.example.com/b.xml", "feed: https://news.example.com/c.xml",
	)).Discover(Look{After: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)})
	if got := fmt.Sprint(ids(found)); got != "[1 2 4]" {
		t.Fatalf("found %s", got)
	}
	if got := found[1].Published.UTC(); !got.Equal(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)) {
		t.Errorf("dated %s, not by the first step that dates it", got)
	}
}

// TestOldEntriesTakeNoPlaces: the bound is on what is new, and it is told.
func TestOldEntriesTakeNoPlaces(t *testing.T) {
	t.Parallel()
	sitemap := func(from, n int, date string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "<url><loc>https://news.example.com/a-%d.html</loc><lastmod>%s</lastmod></url>", from+i, date)
		}
		return b.String()
	}
	after := time.Date(2026, 11, 14, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct{ old, recent, want int }{
		"many old ones": {maxListed + 10, 3, 3},
		"too many":      {0, maxListed + 1, maxListed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"/s.xml": text("text/xml",
				"<urlset>"+sitemap(1, c.old, "2026-10-01")+sitemap(100_000, c.recent, "2026-11-20")+"</urlset>")})
			found, steps := s.crawler(t, source(t, "sitemap: https://news.example.com/s.xml"),
				func(o *transport.Options) { o.MaxBody = 8 << 20 }).Discover(Look{After: after})
			if len(found) != c.want || (steps[0].Err != nil) != (c.recent > maxListed) {
				t.Errorf("found %d, error %v", len(found), steps[0].Err)
			}
		})
	}
}
