package crawlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"attache/crawlers/transport"
)

// TestEveryChildHasItsTurn: of an index with more lists than a run reads, those
// that waited longest are next, so that two runs see all; clocks that were ahead do
// not make one wait for years.
func TestEveryChildHasItsTurn(t *testing.T) {
	t.Parallel()
	for name, named := range map[string]string{"untold": "post-sitemap%d.xml", "of this month": "post%d-2026-11.xml"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list, news := map[string]http.HandlerFunc{}, 0
			var files []string
			for i := range maxLists + 3 {
				path := fmt.Sprintf(named, i+1)
				list["/"+path] = func(w http.ResponseWriter, r *http.Request) { text("text/xml", urlset(100+i+news))(w, r) }
				files = append(files, path)
			}
			list["/sitemap.xml"] = (&versioned{body: index(files...), etag: `"1"`}).ServeHTTP
			s := serve(t, list)
			crawler, shelf, seen := s.crawler(t, source(t, "sitemap: https://news.example.com/sitemap.xml")), shelf{}, map[string]bool{}
			now := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
			run := func(at time.Time, want, err string) {
				t.Helper()
				found, steps := crawler.Discover(Look{Now: at, After: at.AddDate(0, 0, -7), Held: shelf.held})
				shelf.keep(t, steps)
				for _, l := range found {
					seen[l.ID] = true
				}
				if got := fmt.Sprint(len(found), len(seen)); got != want {
					t.Errorf("found %s, want %s", got, want)
				}
				if got := steps[0].Err; (got == nil) != (err == "") || got != nil && !strings.Contains(got.Error(), err) {
					t.Errorf("%v does not say %q", got, err)
				}
			}
			run(now, "12 12", "3, not read for a day, are left")
			run(now.Add(time.Hour), "12 15", "")
			news = 1000
			run(now.Add(2*time.Hour), "12 27", "")
			run(now.Add(3*time.Hour), "12 30", "")
			if name == "untold" {
				run(now.AddDate(3, 0, 0), "12 30", "3, not read for a day, are left")
				news = 2000
				run(now.Add(4*time.Hour), "12 42", "")
				run(now.Add(5*time.Hour), "12 45", "")
			}
		})
	}
}

// TestMonthThatIsANumber: a child whose name looks like a month long past is read as
// long as it changes, also on the day of its last change and when the index stays as
// it is.
func TestMonthThatIsANumber(t *testing.T) {
	t.Parallel()
	child := &versioned{body: urlset(1), etag: `"1"`}
	root := &versioned{body: index("post-2026-1.xml|2026-02-01", "post-2026-2.xml|2026-11-21"), etag: `"i"`}
	s := serve(t, map[string]http.HandlerFunc{"/sitemap.xml": root.ServeHTTP, "/post-2026-2.xml": child.ServeHTTP})
	crawler, shelf := s.crawler(t, source(t, "sitemap: https://news.example.com/sitemap.xml")), shelf{}
	now := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	var results []string
	for i, at := range []time.Time{now, now.Add(time.Hour), now.AddDate(0, 0, 3), now.AddDate(0, 0, 4)} {
		if i == 1 {
			child.set(urlset(1, 2), `"2"`)
		}
		found, steps := crawler.Discover(Look{Now: at, After: now.AddDate(0, 0, -7), Held: shelf.held})
		if steps[0].Err != nil {
			t.Fatal(steps[0].Err)
		}
		shelf.keep(t, steps)
		results = append(results, fmt.Sprint(ids(found)))
	}
	if got := fmt.Sprint(results, len(child.requests())); got != "[[1] [1 2] [] []] 3" {
		t.Errorf("found and asked %s", got)
	}
}

// TestListReadByAClockAhead is not over before its day is.
func TestListReadByAClockAhead(t *testing.T) {
	t.Parallel()
	list := &versioned{body: urlset(1)}
	s := serve(t, map[string]http.HandlerFunc{"/day-2026-11-21.xml": list.ServeHTTP})
	crawler, shelf := s.crawler(t, source(t, "sitemap: 'https://news.example.com/day-{2006-01-02}.xml'")), shelf{}
	now := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	_, steps := crawler.Discover(Look{Now: now.AddDate(0, 0, 3), After: now, Held: shelf.held})
	shelf.keep(t, steps)
	list.set(urlset(1, 2, 3), "")
	found, _ := crawler.Discover(Look{Now: now, After: now, Held: shelf.held})
	if got := fmt.Sprint(ids(found)); got != "[1 2 3]" {
		t.Errorf("found %s", got)
	}
}

// TestHeldBelongsToTheStep: two steps may read one list and hold it apart.
func TestHeldBelongsToTheStep(t *testing.T) {
	t.Parallel()
	list := &versioned{body: urlset(1), etag: `"1"`}
	s := serve(t, map[string]http.HandlerFunc{"/robots.txt": text("text/plain", "Sitemap: https://news.example.com/s.xml"), "/s.xml": list.ServeHTTP})
	crawler, shelf := s.crawler(t, source(t, "sitemap: https://news.example.com/s.xml", "robots: https://news.example.com/")), shelf{}
	_, steps := crawler.Discover(Look{Held: shelf.held})
	shelf.keep(t, steps)
	shelf[steps[1].Address] = nil
	_, steps = crawler.Discover(Look{Held: shelf.held})
	if !steps[0].Unchanged || steps[1].Unchanged || fmt.Sprint(list.requests()) != `[  "1" ]` {
		t.Errorf("asked %q; %+v", list.requests(), steps)
	}
}

// TestOneListDoesNotCrowdOutTheOthers: each step has room of its own; what one has no
// room for another may have.
func TestOneListDoesNotCrowdOutTheOthers(t *testing.T) {
	t.Parallel()
	var made strings.Builder
	for i := range maxListed + 500 {
		fmt.Fprintf(&made, "<url><loc>https://news.example.com/x-%d.html</loc><lastmod>2026-11-20T%02d:00:00Z</lastmod></url>", 10_000+i, i%20)
	}
	s := serve(t, map[string]http.HandlerFunc{
		"/made.xml": text("text/xml", "<urlset>"+made.String()+"<url><loc>https://news.example.com/x-3.html</loc><lastmod>2026-11-15</lastmod></url></urlset>"),
		"/feed.xml": text("text/xml", rss("tin-1|Mon, 16 Nov 2026 08:00:00 +0700", "tin-2", "tin-3")),
	})
	found, steps := s.crawler(t, source(t, "sitemap: https://news.example.com/made.xml", "feed: https://news.example.com/feed.xml")).
		Discover(Look{After: time.Date(2026, 11, 14, 0, 0, 0, 0, time.UTC)})
	own := map[string]bool{}
	for _, l := range found {
		own[l.ID] = true
		if strings.Contains(l.URL, "/x-1") && l.Modified.UTC().Hour() < 1 {
			t.Errorf("%s of %s was taken, not what is newer", l.URL, l.Modified)
			break
		}
	}
	if len(found) != maxListed+3 || !own["news:1"] || !own["news:2"] || !own["news:3"] {
		t.Errorf("%d were taken: %t %t %t", len(found), own["news:1"], own["news:2"], own["news:3"])
	}
	if err := steps[0].Err; err == nil || !strings.Contains(err.Error(), ": 500 of this one") || len(steps[0].Held) != 0 {
		t.Errorf("%v; holds %d", err, len(steps[0].Held))
	}
	if steps[1].Err != nil || len(steps[1].Held) != 1 {
		t.Errorf("%+v", steps[1])
	}
}

// TestListsMayBeLarger than pages, but for those that are pages.
func TestListsMayBeLarger(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]http.HandlerFunc{
		"/s.xml":                    text("text/xml", urlset(1)+strings.Repeat(" ", 2<<20)),
		"/feed.xml":                 text("text/xml", rss("tin-3")+strings.Repeat(" ", 2<<20)),
		"/list.json":                text("application/json", `[{"u":"/tin-4.html"}]`+strings.Repeat(" ", 2<<20)),
		"/far.xml":                  func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", fmt.Sprint(maxFile+1)) },
		"/list.html":                page(`<li><a href="/tin-5.html">Tin</a>` + strings.Repeat(" ", 2<<20)),
		"/hai-nuoc-dien-tap-7.html": page("<h1>Hai nước" + strings.Repeat(" ", 2<<20)),
	})
	crawler := s.crawler(t, source(t,
		"sitemap: https://news.example.com/s.xml", "feed: https://news.example.com/feed.xml", "json: {url: https://news.example.com/list.json, items: '@this', link: u}",
		"sitemap: https://news.example.com/far.xml", "listing: {url: https://news.example.com/list.html, item: li, link: a}",
	))
	found, steps := crawler.Discover(Look{})
	if got := fmt.Sprint(ids(found)); got != "[1 3 4]" {
		t.Errorf("found %s", got)
	}
	const larger, page = "the answer is larger than %d bytes", "crawl.max_page says how large a page may be"
	_, err := crawler.Fetch(article, transport.Validators{})
	for i, c := range []struct {
		err    error
		limit  int
		ofPage bool
	}{{steps[0].Err, 0, false}, {steps[1].Err, 0, false}, {steps[2].Err, 0, false}, {steps[3].Err, maxFile, false}, {steps[4].Err, 1 << 20, true}, {err, 1 << 20, true}} {
		if (c.err != nil) != (c.limit > 0) || c.err != nil && (!strings.Contains(c.err.Error(), fmt.Sprintf(larger, c.limit)) || strings.Contains(c.err.Error(), page) != c.ofPage) {
			t.Errorf("%d: %v", i, c.err)
		}
	}
}
