package crawlers

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"attache/crawlers/transport"
)

// TestDatedLists: the days that may hold news are asked, newest first; today's may
// not exist yet, yesterday's must.
func TestDatedLists(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC) // the 21st in Hanoi
	day := func(n int) string { return fmt.Sprintf("/day-2026-11-%02d.xml", n) }
	for name, c := range map[string]struct {
		days       []int
		after      time.Time
		held       func(_, _ string) (Held, bool)
		want       string
		asked      []int
		err        string
		holdsFirst bool
	}{
		"since the 19th":     {[]int{19, 20, 21}, time.Date(2026, 11, 19, 3, 0, 0, 0, time.UTC), nil, "[21 20 19]", []int{21, 20, 19}, "", true},
		"nothing yet today":  {[]int{19, 20}, time.Date(2026, 11, 19, 3, 0, 0, 0, time.UTC), nil, "[20 19]", []int{21, 20, 19}, "", false},
		"yesterday's is not": {[]int{19, 21}, time.Date(2026, 11, 19, 3, 0, 0, 0, time.UTC), nil, "[21 19]", []int{21, 20, 19}, "day-2026-11-20.xml answers 404", true},
		"no horizon":         {[]int{19, 20, 21}, time.Time{}, nil, "[21 20]", []int{21, 20}, "", true},
		"too far back":       {[]int{21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9}, time.Date(2026, 11, 7, 3, 0, 0, 0, time.UTC), nil, "[21 20 19 18 17 16 15 14 13 12 11 10]", []int{21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10}, "the 3 oldest are left for the next", true},
		"the rest of it": {
			[]int{21, 20, 19, 9, 8, 7},
			time.Date(2026, 11, 7, 3, 0, 0, 0, time.UTC),
			func(_, list string) (Held, bool) { // the days before yesterday, down to the 10th, are done
				return Held{At: now}, list < "https://news.example.com"+day(19) && list >= "https://news.example.com"+day(10)
			},
			"[21 20 19 9 8 7]",
			[]int{21, 20, 19, 9, 8, 7},
			"",
			true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := map[string]http.HandlerFunc{}
			for _, n := range c.days {
				list[day(n)] = text("text/xml", urlset(n))
			}
			s := serve(t, list)
			found, steps := s.crawler(t, source(t, "sitemap: 'https://news.example.com/day-{2006-01-02}.xml'")).Discover(Look{Now: now, After: c.after, Held: c.held})
			if got := fmt.Sprint(ids(found)); got != c.want {
				t.Errorf("found %s, want %s", got, c.want)
			}
			var asked []string
			for _, n := range c.asked {
				asked = append(asked, "news.example.com"+day(n))
			}
			if got := s.requests()[1:]; fmt.Sprint(got) != fmt.Sprint(asked) {
				t.Errorf("asked %v\n want %v", got, asked)
			}
			if err := steps[0].Err; (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("%v does not say %q", err, c.err)
			}
			if _, holds := steps[0].Held["https://news.example.com"+day(21)]; holds != c.holdsFirst || steps[0].Unchanged {
				t.Errorf("holds today's: %t; %+v", holds, steps[0])
			}
		})
	}
}

func TestSitemapsThatRobotsNames(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ robots, want, err string }{
		"two":      {"Sitemap: https://news.example.com/a.xml\nUser-agent: *\nDisallow: /x\nsitemap: https://news.example.com/b.xml", "[1 2 3]", ""},
		"a text":   {"Sitemap: https://news.example.com/c.txt", "[4]", ""},
		"none":     {"User-agent: *", "[]", "names no sitemap"},
		"forbids":  {"User-agent: *\nDisallow: /\nSitemap: https://news.example.com/a.xml", "[]", "forbidden by robots.txt"},
		"an alien": {"Sitemap: https://evil.example/a.xml\nSitemap: https://news.example.com/b.xml", "[3]", "somebody else"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{
				"/robots.txt": text("text/plain", c.robots),
				"/a.xml":      text("text/xml", urlset(1, 2)),
				"/b.xml":      text("text/xml", urlset(3)),
				"/c.txt":      text("text/plain", "https://news.example.com/tin-4.html\n"),
			})
			found, steps := s.crawler(t, source(t, "robots: https://news.example.com/")).Discover(Look{})
			if got := fmt.Sprint(ids(found)); got != c.want {
				t.Errorf("found %s, want %s", got, c.want)
			}
			if err := steps[0].Err; (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("%v does not say %q", err, c.err)
			}
		})
	}
}

// TestZippedFiles: .xml.gz is a kind of file, whatever the server calls it.
func TestZippedFiles(t *testing.T) {
	t.Parallel()
	zip := func(body string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(body))
		_ = z.Close()
		return b.String()
	}
	for name, c := range map[string]struct{ step, contentType, body, err string }{
		"sitemap":    {"sitemap", "application/gzip", zip(urlset(1)), ""},
		"as XML":     {"sitemap", "text/xml", zip(urlset(1)), ""},
		"text":       {"sitemap", "application/x-gzip", zip("https://news.example.com/tin-1.html"), ""},
		"not zipped": {"sitemap", "application/gzip", urlset(1), ""},
		"feed":       {"feed", "application/gzip", zip(rss("tin-1")), ""},
		"cut":        {"sitemap", "application/gzip", zip(urlset(1))[:60], "unexpected EOF"},
		"a bomb":     {"sitemap", "application/gzip", zip(strings.Repeat(" ", maxFile+1)), "unzips to more than"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"/s.xml.gz": text(c.contentType, c.body)})
			found, steps := s.crawler(t, source(t, c.step+": https://news.example.com/s.xml.gz")).Discover(Look{})
			if err := steps[0].Err; (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("%v does not say %q", err, c.err)
			}
			if c.err == "" && fmt.Sprint(ids(found)) != "[1]" {
				t.Errorf("found %v", found)
			}
		})
	}
}

// TestPanicCostsOneStep: a document nobody thought of does not stop the others.
func TestPanicCostsOneStep(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]http.HandlerFunc{"/a.html": page(`<li><a href="/tin-1.html">Tin</a>`), "/b.xml": text("text/xml", rss("tin-2"))})
	src := source(t, "listing: {url: 'https://news.example.com/a.html', item: li, link: a}", "feed: https://news.example.com/b.xml")
	src.Discover[0].Listing.Link.Selector = nil // no loaded source is so
	found, steps := s.crawler(t, src).Discover(Look{})
	if steps[0].Err == nil || !strings.Contains(steps[0].Err.Error(), "attache itself failed") || len(steps[0].Held) != 0 {
		t.Errorf("%+v", steps[0])
	}
	if steps[1].Err != nil || fmt.Sprint(ids(found)) != "[2]" {
		t.Errorf("found %v, %+v", found, steps[1])
	}
}

// TestOtherSpellings: an article listed by several addresses comes once, by the
// one that counts; the other is told.
func TestOtherSpellings(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]http.HandlerFunc{
		"/a.xml": text("text/xml", `<urlset><url><loc>https://m.news.example.com/tau-tham-cang-3.html?utm_source=zalo#doc</loc></url><url><loc>https://news.example.com/tuan-tra-4.html#doc</loc></url></urlset>`),
		"/b.xml": text("text/xml", rss("tau-tham-cang-moi-3")),
	})
	src := source(t, "sitemap: https://news.example.com/a.xml", "feed: https://news.example.com/b.xml")
	src.Spelling.Hosts = map[string]string{"m.news.example.com": "news.example.com"}
	found, _ := s.crawler(t, src).Discover(Look{})
	if fmt.Sprintf("%+v", found) != fmt.Sprintf("%+v", []Listed{
		{ID: "news:3", URL: "https://news.example.com/tau-tham-cang-3.html", As: "https://m.news.example.com/tau-tham-cang-3.html?utm_source=zalo", Title: "Tin tau-tham-cang-moi-3"},
		{ID: "news:4", URL: "https://news.example.com/tuan-tra-4.html"},
	}) {
		t.Errorf("found %+v", found)
	}
}

// TestTooManyEntries: of a feed of 100,000 items a run reads what it may, and says
// what was left.
func TestTooManyEntries(t *testing.T) {
	t.Parallel()
	items := make([]string, 2*maxEntries)
	for i := range items {
		items[i] = fmt.Sprintf("tin-%d", i+1)
	}
	s := serve(t, map[string]http.HandlerFunc{"/feed.xml": text("text/xml", rss(items...))})
	found, steps := s.crawler(t, source(t), func(o *transport.Options) { o.MaxBody = 32 << 20 }).Discover(Look{})
	if len(found) != maxListed || len(steps[0].Held) != 0 {
		t.Errorf("found %d, holds %v", len(found), steps[0].Held)
	}
	for _, want := range []string{"the last 50000 of this list are left", "45000 of this one, the oldest, are left for the next"} {
		if err := steps[0].Err; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}

// TestRestComesLater: what a run had no room for is the next one's, though the list
// has validators and has not changed.
func TestRestComesLater(t *testing.T) {
	t.Parallel()
	items := make([]string, maxListed+7)
	for i := range items {
		items[i] = fmt.Sprintf("tin-%d", i+1)
	}
	list := &versioned{body: rss(items...), etag: `"1"`}
	s := serve(t, map[string]http.HandlerFunc{"/feed.xml": list.ServeHTTP})
	crawler, shelf, known := s.crawler(t, source(t)), shelf{}, map[string]bool{}
	var results []string
	for range 3 {
		found, steps := crawler.Discover(Look{Known: func(id string) bool { return known[id] }, Held: shelf.held})
		shelf.keep(t, steps)
		for _, l := range found {
			known[l.ID] = true
		}
		results = append(results, fmt.Sprint(len(found), len(known), steps[0].Err == nil, steps[0].Unchanged))
	}
	if got := fmt.Sprint(results); got != "[5000 5000 false false 7 5007 true false 0 5007 true true]" {
		t.Errorf("runs: %s", got)
	}
}
