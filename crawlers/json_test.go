package crawlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// zone answers as the CMS of some agencies does: three articles a page from number
// 1 on, and whether there are more; to its own pages only.
func zone(pages int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Referer") != "https://news.example.com/chinh-tri/" || r.Header.Get("Accept") != "application/json" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		var n int
		if _, err := fmt.Sscanf(r.URL.Path, "/api/zone-7-%d.html", &n); err != nil || n < 1 || n > pages {
			http.NotFound(w, r)
			return
		}
		var items []string
		for i := 3*n - 2; i <= 3*n; i++ {
			at := time.Date(2026, 11, 21, 10-i, 0, 0, 0, time.UTC)
			items = append(items, fmt.Sprintf(`{"content_id":%[1]d,"url":"/tin-%[1]d.html","title":"Tin  %[1]d","date":%[2]d}`, i, at.Unix()))
		}
		text("application/json; charset=utf-8", fmt.Sprintf(`{"error_code":0,"data":{"contents":[%s],"load_more":%t}}`, strings.Join(items, ","), n < pages))(w, r)
	}
}

const zoneStep = `json: {url: "https://www.example.com/api/zone-7-{page}.html?phrase=", headers: {Referer: "https://news.example.com/chinh-tri/", Accept: application/json}, ` +
	`items: data.contents, link: url, title: title, published: date, next: data.load_more, stop_after_known: 3, max_pages: 4}`

func TestJSONPages(t *testing.T) {
	t.Parallel()
	whole := func(_, _ string) (Held, bool) { return Held{}, true }
	known := func(id string) bool { return id == "news:4" || id == "news:5" || id == "news:6" }
	for name, c := range map[string]struct {
		pages int
		look  Look
		want  string
		read  int
	}{
		"to the end":               {2, Look{}, "[1 2 3 4 5 6]", 2},
		"as many as allowed":       {9, Look{}, "[1 2 3 4 5 6 7 8 9 10 11 12]", 4},
		"known in a row":           {9, Look{Known: known, Held: whole}, "[1 2 3 4 5 6]", 2},
		"known, never read whole":  {3, Look{Known: known}, "[1 2 3 4 5 6 7 8 9]", 3},
		"older than the watermark": {9, Look{After: time.Date(2026, 11, 21, 6, 30, 0, 0, time.UTC)}, "[1 2 3]", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pages := map[string]http.HandlerFunc{}
			for n := range 12 {
				pages[fmt.Sprintf("www.example.com/api/zone-7-%d.html", n)] = zone(c.pages)
			}
			s := serve(t, pages)
			found, steps := s.crawler(t, source(t, zoneStep)).Discover(c.look)
			if got := fmt.Sprint(ids(found)); got != c.want || steps[0].Err != nil {
				t.Fatalf("found %s, want %s; %+v", got, c.want, steps[0])
			}
			if n := len(s.requests()) - 1; n != c.read {
				t.Errorf("read %d pages, not %d: %v", n, c.read, s.requests())
			}
			if l := found[0]; l.URL != "https://news.example.com/tin-1.html" || l.Title != "Tin 1" || !l.Published.Equal(time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)) {
				t.Errorf("%+v", l)
			}
			if _, ok := steps[0].Held["https://www.example.com/api/zone-7-1.html?phrase="]; !ok || len(steps[0].Held) != 1 {
				t.Errorf("holds %v", steps[0].Held)
			}
		})
	}
}

// TestJSONHosts: numbered pages are the source's own addresses, wherever a host
// redirects them; what a source sends along goes to its own host only.
func TestJSONHosts(t *testing.T) {
	t.Parallel()
	var sent []string
	s := serve(t, map[string]http.HandlerFunc{
		"www.example.com/api": func(w http.ResponseWriter, r *http.Request) {
			sent = append(sent, r.Host+" "+r.Header.Get("X-Zone")+" "+r.Header.Get("Accept"))
			to := "https://news.example.com" + r.RequestURI
			if r.URL.Query().Get("old") == "" {
				to = r.RequestURI + "&old=1"
			}
			http.Redirect(w, r, to, http.StatusMovedPermanently)
		},
		"news.example.com/api": func(w http.ResponseWriter, r *http.Request) {
			sent = append(sent, r.Host+" "+r.Header.Get("X-Zone")+" "+r.Header.Get("Accept"))
			if p := r.URL.Query().Get("p"); p < "4" {
				text("application/json", fmt.Sprintf(`[{"u":"/tin-%s.html"}]`, p))(w, r)
				return
			}
			text("application/json", "[]")(w, r)
		},
	})
	found, steps := s.crawler(t, source(t, `json: {url: "https://www.example.com/api?p={page}", headers: {X-Zone: "7", Accept: application/x-zone}, items: '@this', link: u, max_pages: 9}`)).Discover(Look{})
	if got := fmt.Sprint(ids(found)); got != "[1 2 3]" || steps[0].Err != nil {
		t.Errorf("found %s, %v", got, steps[0].Err)
	}
	if got := strings.Join(sent[:3], ", "); got != "www.example.com 7 application/x-zone, www.example.com 7 application/x-zone, news.example.com  application/json, */*;q=0.5" {
		t.Errorf("sent %s", got)
	}
}

func TestJSONShapes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ step, body, want, err string }{
		"the document is the list": {"items: '@this', link: u", `[{"u":"/tin-1.html"},{"u":"https://news.example.com/tin-2.html"}]`, "[1 2]", ""},
		"deeper":                   {"items: a.0.b, link: c.d", `{"a":[{"b":[{"c":{"d":"/tin-1.html"}}]}]}`, "[1]", ""},
		"named next":               {"items: list, link: u, next: more.url, max_pages: 3", `{"list":[{"u":"/tin-1.html"}],"more":{"url":"/two.json"}}`, "[1 2]", ""},
		"next leads away":          {"items: list, link: u, next: more, max_pages: 3", `{"list":[{"u":"/tin-1.html"}],"more":"https://other.example.com/two.json"}`, "[1]", ""},
		"some without":             {"items: '@this', link: u", `[{"u":"/tin-1.html"},{"u":null},{},7]`, "[1]", ""},
		"none today":               {"items: list, link: u", `{"list":[]}`, "[]", ""},
		"another shape":            {"items: data.contents, link: u", `{"articles":[{"u":"/tin-1.html"}]}`, "[]", `"data.contents" names no list`},
		"another link":             {"items: '@this', link: url", `[{"u":"/tin-1.html"}]`, "[]", `no entry has an address at "url"`},
		"HTML":                     {"items: '@this', link: u", `<!doctype html>[{"u":"/tin-1.html"}]`, "[]", "is no JSON"},
		"cut":                      {"items: '@this', link: u", `[{"u":"/tin-1.html"},{"u":"/tin-2`, "[]", "is no JSON"},
		"UTF-16":                   {"items: '@this', link: u", "\xff\xfe[\x00{\x00\"\x00u\x00\"\x00:\x00\"\x00/\x00t\x00-\x001\x00.\x00h\x00t\x00m\x00l\x00\"\x00}\x00]\x00", "[1]", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{
				"/one.json": text("application/json", c.body), "/two.json": text("application/json", `{"list":[{"u":"/tin-2.html"}],"more":{"url":"/one.json"}}`),
			})
			found, steps := s.crawler(t, source(t, "json: {url: https://news.example.com/one.json, "+c.step+"}")).Discover(Look{})
			if got := fmt.Sprint(ids(found)); got != c.want {
				t.Errorf("found %s, want %s", got, c.want)
			}
			if err := steps[0].Err; (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("%v does not say %q", err, c.err)
			}
		})
	}
}

func TestJSONDates(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 8, 17, 4, 9, 24, 0, time.UTC)
	for text, fine := range map[string]bool{
		`1786939764`:                   true,
		`1786939764000`:                true,
		`"1786939764"`:                 true,
		`"/Date(1786939764000)/"`:      true,
		`"/Date(1786939764000+0700)/"`: true,
		`"2026-08-17T11:09:24+07:00"`:  true,
		`"2026-08-17 11:09:24"`:        true, // where the source is
		`"17.08.26 11h09m24"`:          true, // as its file says
		`0`:                            false,
		`-5`:                           false,
		`null`:                         false,
		`true`:                         false,
		`"vừa xong"`:                   false,
		`{}`:                           false,
	} {
		s := serve(t, map[string]http.HandlerFunc{"/one.json": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `[{"u":"/tin-1.html","d":%s}]`, text)
		}})
		found, steps := s.crawler(t, source(t, "json: {url: https://news.example.com/one.json, items: '@this', link: u, modified: d, layouts: ['02.01.06 15h04m05']}")).Discover(Look{})
		if len(found) != 1 {
			t.Fatalf("%s: %v", text, steps[0].Err)
		}
		if got := found[0].Modified; fine && !got.Equal(want) || !fine && !got.IsZero() {
			t.Errorf("%s is %s", text, got)
		}
	}
}
