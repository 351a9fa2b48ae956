package crawlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"attache/crawlers/transport"
	"attache/internal/warc"
)

// versioned is a document with validators, honoured byte for byte, that notes
// what each request was conditional on.
type versioned struct {
	body, etag, modified string

	mu    sync.Mutex
	asked []string
}

func (v *versioned) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	defer v.mu.Unlock()
	none, since := r.Header.Get("If-None-Match"), r.Header.Get("If-Modified-Since")
	v.asked = append(v.asked, strings.TrimSpace(none+" "+since))
	if v.etag != "" {
		w.Header()["ETag"] = []string{v.etag}
	}
	if v.modified != "" {
		w.Header().Set("Last-Modified", v.modified)
	}
	if none != "" && none == v.etag || none == "" && since != "" && since == v.modified {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	text("text/xml", v.body)(w, r)
}

func (v *versioned) set(body, etag string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.body, v.etag = body, etag
}

func (v *versioned) requests() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.asked)
}

// shelf keeps what is held as the store does: by step, in JSON.
type shelf map[string]map[string]string

func (s shelf) keep(t *testing.T, steps []Step) {
	t.Helper()
	for _, step := range steps {
		s[step.Address] = map[string]string{}
		for list, held := range step.Held {
			text, err := json.Marshal(held)
			if err != nil {
				t.Fatal(err)
			}
			s[step.Address][list] = string(text)
		}
	}
}

func (s shelf) held(step, list string) (h Held, ok bool) {
	text := s[step][list]
	return h, text != "" && json.Unmarshal([]byte(text), &h) == nil
}

// TestNoNewsCostsOneConditionalRequest: the second run over a list with
// validators sends them as they came, and gets no body.
func TestNoNewsCostsOneConditionalRequest(t *testing.T) {
	t.Parallel()
	const date = "Sat, 21 Nov 2026 02:15:00 GMT"
	for name, c := range map[string]struct{ etag, modified, want string }{
		"strong":         {`"a1"`, "", `"a1"`},
		"weak, both":     {`W/"67ab-+/=="`, date, `W/"67ab-+/==" ` + date},
		"no quotes":      {`a1-gzip`, "", `a1-gzip`},
		"a date alone":   {"", date, date},
		"a strange date": {"", "21/11/2026 9:15", "21/11/2026 9:15"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := &versioned{body: rss("tau-tham-cang-3"), etag: c.etag, modified: c.modified}
			s := serve(t, map[string]http.HandlerFunc{"/feed.xml": list.ServeHTTP})
			crawler, shelf := s.crawler(t, source(t)), shelf{}
			found, steps := crawler.Discover(Look{Held: shelf.held})
			if len(found) != 1 || steps[0].Unchanged {
				t.Fatalf("found %v, %+v", found, steps[0])
			}
			shelf.keep(t, steps)
			found, steps = crawler.Discover(Look{Held: shelf.held})
			if len(found) != 0 || !steps[0].Unchanged || steps[0].Err != nil || steps[0].Listed != 0 {
				t.Errorf("the second run found %v, %+v", found, steps[0])
			}
			if got := list.requests(); len(got) != 2 || got[0] != "" || got[1] != c.want {
				t.Errorf("asked %q, want %q", got, c.want)
			}
			if got := steps[0].Held["https://news.example.com/feed.xml"]; got.Polls != 1 || got.Validators != (transport.Validators{ETag: c.etag, LastModified: c.modified}) {
				t.Errorf("held on: %+v", got)
			}
		})
	}
}

// TestServerThatSaysUnchangedForEver: every twentieth poll is unconditional.
func TestServerThatSaysUnchangedForEver(t *testing.T) {
	t.Parallel()
	list := &versioned{body: rss("tau-tham-cang-3"), etag: `"1"`}
	s := serve(t, map[string]http.HandlerFunc{"/feed.xml": list.ServeHTTP})
	crawler, shelf := s.crawler(t, source(t)), shelf{}
	whole := []int{}
	for poll := range 2*fullPoll + 1 {
		_, steps := crawler.Discover(Look{Held: shelf.held})
		if shelf.keep(t, steps); !steps[0].Unchanged {
			whole = append(whole, poll)
		}
	}
	if fmt.Sprint(whole) != "[0 20 40]" {
		t.Errorf("whole at polls %v", whole)
	}
}

// TestValidatorsOfTheSameBody: a server that renews them must not be asked by old ones.
func TestValidatorsOfTheSameBody(t *testing.T) {
	t.Parallel()
	list := &versioned{body: rss("tau-tham-cang-3")}
	s := serve(t, map[string]http.HandlerFunc{"/feed.xml": list.ServeHTTP})
	crawler, shelf := s.crawler(t, source(t)), shelf{}
	for i := range 4 {
		list.set(list.body, fmt.Sprintf(`W/"%d"`, i))
		_, steps := crawler.Discover(Look{Held: shelf.held})
		shelf.keep(t, steps)
	}
	if got := fmt.Sprint(list.requests()); got != `[ W/"0" W/"1" W/"2"]` {
		t.Errorf("asked %s", got)
	}
}

// TestFailedListsAreForgotten: a list that could not be read is asked for whole.
func TestFailedListsAreForgotten(t *testing.T) {
	t.Parallel()
	list := &versioned{body: rss("tau-tham-cang-3"), etag: `"1"`}
	s := serve(t, map[string]http.HandlerFunc{"/feed.xml": list.ServeHTTP})
	crawler, shelf := s.crawler(t, source(t)), shelf{}
	for i, body := range []string{rss("tau-tham-cang-3"), "<html>Bảo trì", rss("tau-tham-cang-3", "tuan-tra-4")} {
		list.set(body, fmt.Sprintf(`"%d"`, i))
		_, steps := crawler.Discover(Look{Held: shelf.held})
		shelf.keep(t, steps)
		if failed := steps[0].Err != nil; failed != (i == 1) || failed != (len(steps[0].Held) == 0) {
			t.Errorf("run %d: %+v", i, steps[0])
		}
	}
	if got := fmt.Sprint(list.requests()); got != `[ "0" ]` {
		t.Errorf("asked %s", got)
	}
}

// TestConditionsBelongToOneAddress: a redirect is asked plainly, what it leads to
// conditionally, as long as it leads there.
func TestConditionsBelongToOneAddress(t *testing.T) {
	t.Parallel()
	old, there, elsewhere := &versioned{etag: `"1"`}, &versioned{body: rss("tau-tham-cang-3"), etag: `"1"`}, &versioned{body: rss("tuan-tra-4"), etag: `"1"`}
	var mu sync.Mutex
	to := "/there.xml"
	s := serve(t, map[string]http.HandlerFunc{
		"/feed.xml": func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			old.asked = append(old.asked, r.Header.Get("If-None-Match"))
			redirect(to)(w, r)
		},
		"/there.xml": there.ServeHTTP, "/elsewhere.xml": elsewhere.ServeHTTP,
	})
	crawler, shelf := s.crawler(t, source(t)), shelf{}
	var results []string
	for _, next := range []string{"/there.xml", "/there.xml", "/elsewhere.xml"} {
		mu.Lock()
		to = next
		mu.Unlock()
		found, steps := crawler.Discover(Look{Held: shelf.held})
		shelf.keep(t, steps)
		results = append(results, fmt.Sprint(len(found), steps[0].Unchanged))
	}
	if fmt.Sprint(results) != "[1 false 0 true 1 false]" {
		t.Errorf("found %v", results)
	}
	if got := fmt.Sprintf("%q %q %q", old.asked, there.requests(), elsewhere.requests()); got != `["" "" ""] ["" "\"1\""] [""]` {
		t.Errorf("asked %s", got)
	}
}

// TestChildrenOfAnUnchangedIndex are asked, each by its own validators; those of
// times past that were read when they were are not.
func TestChildrenOfAnUnchangedIndex(t *testing.T) {
	t.Parallel()
	root := &versioned{body: index("news-2026-11.xml", "news-2026-10.xml", "news-2026-9.xml"), etag: `"i"`}
	month, last, old := &versioned{body: urlset(1), etag: `"m1"`}, &versioned{body: urlset(2), etag: `"l"`}, &versioned{body: urlset(3), etag: `"o"`}
	s := serve(t, map[string]http.HandlerFunc{
		"/sitemap.xml": root.ServeHTTP, "/news-2026-11.xml": month.ServeHTTP, "/news-2026-10.xml": last.ServeHTTP, "/news-2026-9.xml": old.ServeHTTP,
	})
	crawler, shelf := s.crawler(t, source(t, "sitemap: https://news.example.com/sitemap.xml")), shelf{}
	now := time.Date(2026, 11, 1, 3, 0, 0, 0, time.UTC)
	var results []string
	for i := range 4 {
		if i == 2 {
			month.set(urlset(1, 4), `"m2"`)
		}
		found, steps := crawler.Discover(Look{Now: now, After: time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC), Held: shelf.held})
		if steps[0].Err != nil {
			t.Fatal(steps[0].Err)
		}
		results = append(results, fmt.Sprint(ids(found), steps[0].Unchanged, len(steps[0].Held)))
		shelf.keep(t, steps)
		now = now.Add(40 * time.Hour)
	}
	if got := fmt.Sprint(results); got != "[[1 2] false 3 [] true 3 [1 4] false 3 [] true 3]" {
		t.Errorf("found %s", got)
	}
	// October is over everywhere by the 2nd, and to be added to until the 3rd: read that day at
	// two in the morning, it is asked no more.
	for name, c := range map[string]struct {
		list *versioned
		want string
	}{
		"index":     {root, `[ "i" "i" "i"]`},
		"November":  {month, `[ "m1" "m1" "m2"]`},
		"October":   {last, `[ "l"]`},
		"September": {old, `[]`},
	} {
		if got := fmt.Sprint(c.list.requests()); got != c.want {
			t.Errorf("%s: asked %s, want %s", name, got, c.want)
		}
	}
}

// TestUnchangedArticles: the word that a page is as held counts for the article
// itself only, wherever it moved.
func TestUnchangedArticles(t *testing.T) {
	t.Parallel()
	held := transport.Validators{ETag: `"7"`}
	same := &versioned{body: "<h1>Hai nước diễn tập</h1>", etag: `"7"`}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		held   transport.Validators
		want   string
	}{
		"as held":                 {same.ServeHTTP, held, "unchanged"},
		"nothing held":            {same.ServeHTTP, transport.Validators{}, "changed"},
		"held otherwise":          {same.ServeHTTP, transport.Validators{ETag: `"6"`}, "changed"},
		"moved":                   {redirect("/hai-nuoc-ket-thuc-dien-tap-7.html"), held, "unchanged"},
		"leads home":              {redirect("/"), held, "elsewhere"},
		"304 to no condition":     {status(304), transport.Validators{}, "again"},
		"a wall with a validator": {status(403), held, "again"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{
				"/hai-nuoc-dien-tap-7.html": c.answer, "/hai-nuoc-ket-thuc-dien-tap-7.html": same.ServeHTTP, "/": same.ServeHTTP,
			})
			page, err := s.crawler(t, source(t)).Fetch(article, c.held)
			got := map[bool]string{true: "unchanged", false: "changed"}[page.Unchanged]
			if err != nil {
				got = string(VerdictOf(err))
			} else if page.Validators.ETag != `"7"` || page.Unchanged != (page.Body == nil) {
				t.Errorf("%+v", page)
			}
			if got != c.want {
				t.Errorf("%s (%v), want %s", got, err, c.want)
			}
		})
	}
}

// recorder counts what it is given.
type recorder struct{ n int64 }

func (r *recorder) Record(string, warc.Exchange) (warc.Ref, error) {
	r.n++
	return warc.Ref{Segment: "v1/raw/x.warc.gz", Offset: r.n}, nil
}

// TestPagesNameTheirCapture, unchanged ones too.
func TestPagesNameTheirCapture(t *testing.T) {
	t.Parallel()
	same := &versioned{body: "<h1>Hai nước diễn tập</h1>", etag: `"7"`}
	s := serve(t, map[string]http.HandlerFunc{"/hai-nuoc-dien-tap-7.html": same.ServeHTTP})
	crawler := s.crawler(t, source(t), func(o *transport.Options) { o.Recorder = &recorder{} })
	for i, held := range []transport.Validators{{}, {ETag: `"7"`}} {
		page, err := crawler.Fetch(article, held)
		if err != nil {
			t.Fatal(err)
		}
		if want := (warc.Ref{Segment: "v1/raw/x.warc.gz", Offset: int64(i) + 2}); page.Raw == nil || *page.Raw != want { // robots.txt is the first
			t.Errorf("captured at %v, want %v", page.Raw, want)
		}
	}
	if page, err := s.crawler(t, source(t)).Fetch(article, transport.Validators{}); err != nil || page.Raw != nil {
		t.Errorf("%v is kept nowhere: %v", page.Raw, err)
	}
}
