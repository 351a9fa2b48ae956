package crawlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"attache/seeds"
)

// archived is a source with an archive of every shape.
func archived(t *testing.T) *seeds.Source {
	t.Helper()
	src := source(t, "sitemap: 'https://news.example.com/news-{2006-1}.xml'", "feed: https://news.example.com/feed.xml")
	src.Archive = source(t,
		"listing: {url: 'https://news.example.com/thoi-su/d{02-01-2006}.htm', item: li, link: a, next: a.next, max_pages: 9}",
		"sitemap: https://news.example.com/sitemap.xml",
		"listing: {url: 'https://news.example.com/thoi-su.htm', item: li, link: a, published: i, next: a.next, max_pages: 9}",
	).Discover
	return src
}

func days(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestArchive(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	for _, c := range []struct{ from, to, want string }{
		{"2026-10-31", "2026-11-02", "/thoi-su/d02-11-2026.htm 2026-11-02..2026-11-03, /news-2026-11.xml 2026-11-01..2026-11-03, /thoi-su/d01-11-2026.htm 2026-11-01..2026-11-02, " +
			"/news-2026-10.xml 2026-10-31..2026-11-01, /thoi-su/d31-10-2026.htm 2026-10-31..2026-11-01, /sitemap.xml 2026-10-31..2026-11-03, /thoi-su.htm 2026-10-31..2026-11-03"},
		{"2026-11-05", "2026-11-05", "/news-2026-11.xml 2026-11-05..2026-11-06, /thoi-su/d05-11-2026.htm 2026-11-05..2026-11-06, /sitemap.xml 2026-11-05..2026-11-06, /thoi-su.htm 2026-11-05..2026-11-06"},
		{"2026-11-06", "2026-11-05", ""},
	} {
		var got []string
		for _, u := range s.crawler(t, archived(t)).Archive(days(t, c.from), days(t, c.to)) {
			zone := archived(t).Zone
			got = append(got, fmt.Sprintf("%s %s..%s", strings.TrimPrefix(u.Address, "https://news.example.com"), u.From.In(zone).Format(time.DateOnly), u.To.In(zone).Format(time.DateOnly)))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s to %s:\n got %s\nwant %s", c.from, c.to, strings.Join(got, ", "), c.want)
		}
	}
	if units := s.crawler(t, source(t)).Archive(days(t, "2026-11-01"), days(t, "2026-11-05")); len(units) != 0 {
		t.Errorf("a feed is no archive: %v", units)
	}
}

func TestReadUnit(t *testing.T) {
	t.Parallel()
	item := func(n int, date string) string {
		return fmt.Sprintf(`<li><a href="/tin-%d.html">Tin</a> <i>%s</i>`, n, date)
	}
	more := func(to string) string { return `<a class=next href="` + to + `">Xem thêm</a>` }
	s := serve(t, map[string]http.HandlerFunc{
		"/news-2026-11.xml": text("text/xml", `<urlset><url><loc>https://news.example.com/tin-1.html</loc><lastmod>2026-11-02</lastmod></url>`+
			`<url><loc>https://news.example.com/tin-2.html</loc><lastmod>2026-11-04</lastmod></url>`+ // before the 4th, or on it
			`<url><loc>https://news.example.com/tin-3.html</loc><lastmod>2026-11-20</lastmod></url>`+ // changed later
			`<url><loc>https://news.example.com/tin-4.html</loc></url></urlset>`),
		"/thoi-su/d04-11-2026.htm": page(item(1, "") + item(2, "") + more("trang-2.htm")),
		"/thoi-su/trang-2.htm":     page(item(2, "") + item(3, "")),
		"/sitemap.xml":             text("text/xml", index("a-2026-12.xml", "a-2026-11.xml", "a-2026-10.xml")),
		"/a-2026-11.xml":           text("text/xml", urlset(11)),
		"/thoi-su.htm":             page(item(20, "20/11/2026 08:00") + item(19, "19/11/2026 08:00") + more("b.htm")),
		"/b.htm":                   page(item(6, "06/11/2026 08:00") + item(4, "04/11/2026 08:00") + more("c.htm")),
		"/c.htm":                   page(item(3, "03/11/2026 08:00") + item(2, "02/11/2026 08:00") + more("d.htm")),
	})
	crawler := s.crawler(t, archived(t))
	got := map[string]string{}
	for _, u := range crawler.Archive(days(t, "2026-11-04"), days(t, "2026-11-05")) {
		found, err := crawler.ReadUnit(u)
		got[strings.TrimPrefix(u.Address, "https://news.example.com")] = fmt.Sprint(ids(found), err)
	}
	for address, want := range map[string]string{
		"/news-2026-11.xml":        "[2 3 4] <nil>",
		"/thoi-su/d04-11-2026.htm": "[1 2 3] <nil>",
		"/thoi-su/d05-11-2026.htm": "[] https://news.example.com/thoi-su/d05-11-2026.htm answers 404 Not Found",
		"/sitemap.xml":             "[11] <nil>",
		"/thoi-su.htm":             "[4] <nil>",
	} {
		if got[address] != want {
			t.Errorf("%s: %s, want %s", address, got[address], want)
		}
	}
	if s.asked("news.example.com/d.htm") != 0 || s.asked("news.example.com/c.htm") != 1 {
		t.Errorf("it went on: %v", s.requests())
	}
}
