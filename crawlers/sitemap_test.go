package crawlers

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"
)

// index is a sitemap index over the given files, each "path" or "path|lastmod".
func index(files ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for _, f := range files {
		path, date, _ := strings.Cut(f, "|")
		path = strings.Replace("news.example.com/"+path, "news.example.com/../", "", 1)
		fmt.Fprintf(&b, "<sitemap><loc>\n  https://%s\n</loc><lastmod>%s</lastmod></sitemap>", path, date)
	}
	return b.String() + "</sitemapindex>"
}

func urlset(numbers ...int) string {
	var b strings.Builder
	b.WriteString(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for _, n := range numbers {
		fmt.Fprintf(&b, "<url><loc>\n\t https://news.example.com/tin-%d.html </loc></url>", n)
	}
	return b.String() + "</urlset>"
}

func TestSitemapIndex(t *testing.T) {
	t.Parallel()
	list := map[string]http.HandlerFunc{
		"/news-2026-9.xml":   text("text/xml", urlset(9)),
		"/news-2026-10.xml":  text("text/xml", urlset(10)),
		"/news-2026-11.xml":  text("text/xml", urlset(11, 12)),
		"/day-2026-11-20":    text("text/xml", urlset(20)),
		"/day-2026-11-12":    text("text/xml", urlset(21)),
		"/fresh.xml":         text("text/xml", urlset(30)),
		"/stale.xml":         text("text/xml", urlset(31)),
		"/tags.xml":          text("text/xml", urlset(32)),
		"/1265-4.xml":        text("text/xml", urlset(33)),
		"/again-2026-11.xml": text("text/xml", index("news-2026-11.xml")),
	}
	for i := range 5 {
		list[fmt.Sprintf("/deep-%d.xml", i)] = text("text/xml", index(fmt.Sprintf("deep-%d.xml", i+1)))
	}
	var dozens []string
	for i := range maxLists + 2 {
		path := fmt.Sprintf("part%d-2026-11.xml", i)
		list["/"+path] = text("text/xml", urlset(100+i))
		dozens = append(dozens, path)
	}
	for name, c := range map[string]struct {
		files []string
		want  string
		err   string
	}{
		"months":                 {[]string{"news-2026-11.xml", "news-2026-10.xml", "news-2026-9.xml"}, "[11 12]", ""},
		"days":                   {[]string{"day-2026-11-20", "day-2026-11-12"}, "[20]", ""},
		"by the last change":     {[]string{"fresh.xml|2026-11-20T04:04:10.339Z", "stale.xml|2026-10-01", "tags.xml"}, "[30 32]", ""},
		"undated come last":      {[]string{"tags.xml", "news-2026-11.xml", "fresh.xml"}, "[11 12 32 30]", ""},
		"a number like a month":  {[]string{"news-2026-9.xml|2026-11-20T01:00:00Z", "news-2026-10.xml|2026-10-30"}, "[9]", ""},
		"numbers that are none":  {[]string{"1265-4.xml|2026-11-20"}, "[33]", ""},
		"one is missing":         {[]string{"gone-2026-11.xml", "news-2026-11.xml"}, "[11 12]", "answers 404"},
		"an index in an index":   {[]string{"again-2026-11.xml", "news-2026-10.xml"}, "[11 12]", ""},
		"indexes without end":    {[]string{"deep-1.xml"}, "[]", "deep-3.xml is an index below 3 others"},
		"an index of itself":     {[]string{"sitemap.xml", "news-2026-11.xml|2026-11-20"}, "[11 12]", ""},
		"none tells its time":    {[]string{"tags.xml", "fresh.xml"}, "[32 30]", ""},
		"somebody else's":        {[]string{"../evil.example/fresh.xml|2026-11-20", "fresh.xml|2026-11-20"}, "[30]", "a sitemap of somebody else"},
		"a neighbour's":          {[]string{"../www.example.com/fresh.xml|2026-11-20"}, "[30]", ""},
		"more than are followed": {dozens, "[100 101 102 103 104 105 106 107 108 109 110 111]", "2, not read for a day, are left for the next"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mine := maps.Clone(list)
			mine["/sitemap.xml"] = text("application/xml", index(c.files...))
			s := serve(t, mine)
			found, steps := s.crawler(t, source(t, "sitemap: https://news.example.com/sitemap.xml")).
				Discover(Look{After: time.Date(2026, 11, 14, 0, 0, 0, 0, time.UTC)})
			if got := fmt.Sprint(ids(found)); got != c.want {
				t.Errorf("found %s, want %s", got, c.want)
			}
			if err := steps[0].Err; (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("%v does not say %q", err, c.err)
			}
		})
	}
}

// TestMonthEndsEverywhere: a month's file counts until its last day is over in
// every time zone.
func TestMonthEndsEverywhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		path, after string
		want        bool
	}{
		{"news-2026-10.xml", "2026-11-01T12:00:00Z", true},
		{"news-2026-10.xml", "2026-11-02T00:00:01Z", false},
		{"news-2026-12.xml", "2027-01-01T12:00:00Z", true},
		{"2026-11-20", "2026-11-21T12:00:00Z", true},
		{"2026-11-20", "2026-11-22T00:00:01Z", false},
		{"2026-13.xml", "2026-11-22T00:00:00Z", false}, // no month, and no other date
	} {
		after, err := time.Parse(time.RFC3339, c.after)
		if err != nil {
			t.Fatal(err)
		}
		s, _ := Child{Loc: "https://news.example.com/" + c.path}.span(time.UTC)
		if got := s.to.After(after); got != c.want {
			t.Errorf("%s after %s: %t", c.path, c.after, got)
		}
	}
}

// TestBrokenSitemaps: what stands before the mistake counts, and the mistake is told.
func TestBrokenSitemaps(t *testing.T) {
	t.Parallel()
	whole := urlset(1, 2)
	for name, c := range map[string]struct {
		body, want string
		fine       bool
	}{
		"whole":               {whole, "[1 2]", true},
		"unknown entities":    {strings.ReplaceAll(whole, "</loc>", "</loc><x>&nbsp;&hellip;</x>"), "[1 2]", true},
		"cut":                 {whole[:len(whole)-30], "[1]", false},
		"a control character": {strings.Replace(whole, "tin-2", "tin\x01-2", 1), "[1]", false},
		"a web page":          {"<html><urlset>", "[]", false},
		"a feed":              {rss("tin-1"), "[]", false},
		"text":                {"Bảo trì", "[]", false},
		"empty":               {"", "[]", false},
		"nothing listed":      {urlset(), "[]", true},
		"one URL a line":      {"\xef\xbb\xbfhttps://news.example.com/tin-1.html\r\n\r\n https://news.example.com/tin-2.html", "[1 2]", true},
		"lines of other text": {"https://news.example.com/tin-1.html\nxem thêm\n", "[1]", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"/s.xml": text("text/xml", c.body)})
			found, steps := s.crawler(t, source(t, "sitemap: https://news.example.com/s.xml")).Discover(Look{})
			if got := fmt.Sprint(ids(found)); got != c.want || (steps[0].Err == nil) != c.fine {
				t.Errorf("found %s, want %s: %v", got, c.want, steps[0].Err)
			}
		})
	}
}
