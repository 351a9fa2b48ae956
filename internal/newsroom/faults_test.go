package newsroom

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mmcdole/gofeed"
)

const (
	vtcFeed    = "https://vtcnews.vn/rss/thoi-su.rss"
	faultField = "X-Newsroom-Fault"
)

// send is get for answers that may break off: it gives what came, and the error.
func send(c *http.Client, url string, header ...string) (answer, error) {
	q, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return answer{}, err
	}
	for i := 0; i < len(header); i += 2 {
		q.Header.Add(header[i], header[i+1])
	}
	a, err := c.Do(q)
	if err != nil {
		return answer{}, err
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	return answer{a, string(body)}, err
}

// TestAnswersOfFaults is what a plain client sees of each fault that ends in a
// whole answer.
func TestAnswersOfFaults(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	c := visitor(t, r)
	story := r.Stories("vtcnews")[0]
	plain := get(t, c, story.URL)
	has := func(what string) func(answer) bool {
		return func(a answer) bool { return strings.Contains(a.body, what) }
	}
	for _, f := range []struct {
		fault  string
		status int
		header []string // what it must have
		holds  func(answer) bool
	}{
		{"status=503", 503, []string{"Content-Type", typeHTML}, has("503 Service Unavailable")},
		{"status:429", 429, nil, has("429 Too Many Requests")},
		{"gone", 410, nil, has("410 Gone")},
		{"status=203", 203, nil, func(a answer) bool { return a.body == plain.body }},
		{"retry_after=30", 200, []string{"Retry-After", "30"}, func(a answer) bool { return a.body == plain.body }},
		{"retry_after=soon", 200, []string{"Retry-After", "soon"}, nil},
		{"not_modified", 304, []string{"ETag", `"for-ever"`}, has("")},
		{"redirect=http://169.254.169.254/latest", 302, []string{"Location", "http://169.254.169.254/latest"}, has("")},
		{"redirect_loop", 302, []string{"Location", strings.TrimPrefix(story.URL, "https://vtcnews.vn") + "?round=1"}, has("")},
		{"challenge", 403, []string{"Cf-Mitigated", "challenge", "Server", "cloudflare"}, has("Just a moment...")},
		{"challenge=javascript", 503, nil, has("location.reload()")},
		{"challenge=consent", 200, nil, has("Click to continue")},
		{"empty", 200, []string{"Content-Length", "0"}, func(a answer) bool { return a.body == "" }},
		{"garbage", 200, []string{"Content-Type", typeHTML}, func(a answer) bool { return len(a.body) == 8<<10 && !strings.Contains(a.body, "<html") }},
		{"charset=header", 200, []string{"Content-Type", "text/html; charset=windows-1252"}, func(a answer) bool { return a.body == plain.body }},
		{"charset=meta", 200, []string{"Content-Type", "text/html"}, has(`charset="windows-1252`)},
		{"big=3MB", 200, []string{"Content-Type", typeHTML}, func(a answer) bool { return len(a.body) > 2_999_900 && len(a.body) <= 3_000_000 && a.ContentLength < 0 }},
	} {
		a, err := send(c, story.URL, faultField, f.fault)
		if err != nil || a.StatusCode != f.status || f.holds != nil && !f.holds(a) {
			t.Errorf("%s: status %d, %v: %.300s", f.fault, a.StatusCode, err, a.body)
			continue
		}
		for i := 0; i < len(f.header); i += 2 {
			if got := a.Header.Get(f.header[i]); got != f.header[i+1] {
				t.Errorf("%s: %s is %q, want %q", f.fault, f.header[i], got, f.header[i+1])
			}
		}
	}
}

func TestSeveralFaultsAtOnce(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	c := visitor(t, r)
	a := get(t, c, vtcFeed+"?newsroom=status:503&newsroom=retry_after:%2B90s")
	at, err := http.ParseTime(a.Header.Get("Retry-After"))
	if left := time.Until(at); a.StatusCode != http.StatusServiceUnavailable || err != nil || left > 91*time.Second || left < 60*time.Second {
		t.Errorf("status %d, Retry-After %q, in %v", a.StatusCode, a.Header.Get("Retry-After"), left)
	}
	b, err := send(c, vtcFeed, faultField, "challenge=consent", faultField, "status=429")
	if err != nil || b.StatusCode != http.StatusTooManyRequests || !strings.Contains(b.body, "Click to continue") {
		t.Errorf("%d %v %s", b.StatusCode, err, b.body)
	}
}

func TestRequestsForUnknownFaults(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	c := visitor(t, r)
	for fault, want := range map[string]string{
		"sttaus=503":          `a request cannot ask for "sttaus"; it can for status, retry_after`,
		"status=many":         `status: "many": write a number from 100 to 599`,
		"status":              "status: a value is missing",
		"reset=no":            `reset: "no": write true, or leave the line out`,
		"layout=new":          `"new": write one of classes, bare`,
		"slow_body=fast":      `"fast": write a time such as 30s or 2h`,
		"big=-1":              `write a size such as 100MB`,
		"dns_rebind=1.2.3.4":  "cannot ask for",
		"withdraw=500":        `"500": write 404 or 410`,
		"withdraw=410":        "no article has the address " + vtcFeed,
		"correct=a=b":         "write the old words, => and the new ones",
		"publish=nobody 2":    `no source is called "nobody"`,
		"advance=-2h":         "write a time such as",
		"redirect=http://%zz": "invalid URL escape",
	} {
		a, err := send(c, vtcFeed, faultField, fault)
		if err != nil || a.StatusCode != http.StatusBadRequest || !strings.Contains(a.body, want) {
			t.Errorf("%s: %d %v %s", fault, a.StatusCode, err, a.body)
		}
	}
}

// overHTTP2 and overHTTP1 run a test over both.
func overBoth(t *testing.T, test func(t *testing.T, r *Room, c *http.Client)) {
	t.Parallel()
	for _, name := range []string{"HTTP/1.1", "HTTP/2.0"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := openRoom(t)
			c := visitor(t, r)
			if name == "HTTP/2.0" {
				transport := c.Transport.(*http.Transport).Clone()
				transport.ForceAttemptHTTP2 = true
				t.Cleanup(transport.CloseIdleConnections)
				c.Transport = transport
			}
			if a := get(t, c, vtcFeed); a.Proto != name {
				t.Fatalf("it speaks %s", a.Proto)
			}
			test(t, r, c)
		})
	}
}

func TestReset(t *testing.T) {
	overBoth(t, func(t *testing.T, r *Room, c *http.Client) {
		if _, err := send(c, vtcFeed, faultField, "reset"); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("got %v, want a reset connection", err)
		}
		if a := get(t, c, vtcFeed); a.StatusCode != http.StatusOK {
			t.Errorf("after it: %d", a.StatusCode)
		}
		seen := r.Requests()
		if i := slices.IndexFunc(seen, func(q Request) bool { return q.Status == 0 && q.Bytes == 0 }); i < 0 {
			t.Errorf("recorded %+v", seen)
		}
	})
}

func TestTruncated(t *testing.T) {
	overBoth(t, func(t *testing.T, _ *Room, c *http.Client) {
		whole := get(t, c, vtcFeed)
		a, err := send(c, vtcFeed, faultField, "truncated")
		if err == nil || a.ContentLength != int64(len(whole.body)) || len(a.body) != len(whole.body)/2 {
			t.Errorf("%v: %d of %d bytes promised", err, len(a.body), a.ContentLength)
		}
		// As far as HTTP can tell, half a gzip stream is a whole answer.
		b, err := send(c, vtcFeed, faultField, "truncated_gzip")
		if err != nil || b.Header.Get("Content-Encoding") != "gzip" || b.ContentLength != int64(len(b.body)) {
			t.Fatalf("%v: %v", err, b.Header)
		}
		if _, err := io.ReadAll(unpacker(t, "gzip", strings.NewReader(b.body))); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("it unpacks with %v", err)
		}
	})
}

// TestSlow runs on a clock of its own.
func TestSlow(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	synctest.Test(t, func(t *testing.T) {
		for fault, want := range map[string]time.Duration{"slow_header=5s": 5 * time.Second, "slow_body=40s": 40 * time.Second} {
			began, w := time.Now(), httptest.NewRecorder()
			q := httptest.NewRequest(http.MethodGet, vtcFeed, nil)
			q.Header.Set(faultField, fault)
			r.ServeHTTP(w, q)
			if took := time.Since(began); took < want*9/10 || took > want*11/10 || !strings.HasSuffix(w.Body.String(), "</rss>") {
				t.Errorf("%s: %v, %d bytes", fault, took, w.Body.Len())
			}
		}
	})
}

// TestSlowEndsWithTheClient wants nothing to wait for a client that has left.
func TestSlowEndsWithTheClient(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	for _, fault := range []string{"slow_header=1h", "slow_body=1h"} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			began := time.Now()
			defer func() {
				if recover() != http.ErrAbortHandler || time.Since(began) != time.Second { //nolint:errorlint // the very value is what net/http knows
					t.Errorf("%s: it took %v", fault, time.Since(began))
				}
			}()
			q := httptest.NewRequestWithContext(ctx, http.MethodGet, vtcFeed, nil)
			q.Header.Set(faultField, fault)
			r.ServeHTTP(httptest.NewRecorder(), q)
		})
	}
}

func TestBombs(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	c := visitor(t, r)
	for coding, most := range map[string]int{"gzip": 40 << 10, "br": 2 << 10, "zstd": 2 << 10} {
		a, err := send(c, vtcFeed, faultField, coding+"_bomb=32MiB")
		if err != nil || a.Header.Get("Content-Encoding") != coding || len(a.body) > most {
			t.Errorf("%s: %v, %v, %d bytes", coding, err, a.Header, len(a.body))
			continue
		}
		n, err := io.Copy(io.Discard, unpacker(t, coding, strings.NewReader(a.body)))
		if err != nil || n != 32<<20 {
			t.Errorf("%s: unpacks to %d bytes: %v", coding, n, err)
		}
		var small bytes.Buffer
		if err := bombs[coding](&small, 5_000_000); err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(unpacker(t, coding, &small))
		if err != nil || len(text) != 5*piece || len(bytes.TrimLeft(text, " ")) != 0 {
			t.Errorf("%s: %d bytes, %v", coding, len(text), err)
		}
	}
}

// TestRedirectLoop has a plain client give up.
func TestRedirectLoop(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	c := visitor(t, r)
	c.CheckRedirect = nil
	if _, err := c.Get(vtcFeed + "?a=b&newsroom=redirect_loop"); err == nil || !strings.Contains(err.Error(), "stopped after 10 redirects") {
		t.Errorf("got %v", err)
	}
	paths := map[string]bool{}
	for _, q := range r.Requests() {
		paths[q.Path] = true
	}
	if len(paths) != 2 {
		t.Errorf("a circle of %d: %v", len(paths), paths)
	}
}

// TestLayout wants the text of a page to stay and nothing a rule could hold on to.
func TestLayout(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	c := visitor(t, r)
	for _, source := range r.Sources() {
		l, s := layouts[source], r.Stories(source)[0]
		before := get(t, c, s.URL)
		for _, how := range []string{"classes", "bare"} {
			a, err := send(c, s.URL, faultField, "layout="+how)
			if err != nil || a.Header.Get("ETag") == before.Header.Get("ETag") {
				t.Fatalf("%s: %v, ETag %s", s.URL, err, a.Header.Get("ETag"))
			}
			page := document(t, a.body)
			if page.Find(l.title+", "+l.body+", [itemprop], [datetime]").Length() != 0 {
				t.Errorf("%s: the %s layout keeps what rules know", s.URL, how)
			}
			text := squeeze(page.Find("body").Text())
			for _, p := range append([]string{s.Title}, s.Body...) {
				if p = strings.TrimSuffix(strings.TrimPrefix(p, subhead), "."); !strings.Contains(text, squeeze(p)) {
					t.Errorf("%s: the %s layout lost %q", s.URL, how, p)
				}
			}
			if n := page.Find("script[type='application/ld+json'], meta[property]").Length(); how == "bare" && n != 0 {
				t.Errorf("%s: %d pieces of metadata are left", s.URL, n)
			}
			if page.Find("meta[charset], meta[http-equiv]").Length() == 0 {
				t.Errorf("%s: the %s layout lost its charset", s.URL, how)
			}
		}
	}
}

func TestFeedItems(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	c := visitor(t, r)
	for url, read := range map[string]func(*testing.T, string) string{
		vtcFeed:                            func(_ *testing.T, text string) string { return text },
		"https://baotintuc.vn/thoi-su.rss": func(_ *testing.T, text string) string { return text },
		"https://vietnamnews.vn/rss/politics-laws.rss": fromUTF16,
	} {
		a, err := send(c, url, faultField, "feed_items=2000")
		if err != nil {
			t.Fatal(err)
		}
		feed, err := gofeed.NewParser().ParseString(read(t, a.body))
		if err != nil || len(feed.Items) != 2000 {
			t.Fatalf("%s: %v", url, err)
		}
		links := map[string]bool{}
		for _, item := range feed.Items {
			links[item.Link] = true
			if item.GUID != item.Link {
				t.Fatalf("%s: %s is called %s", url, item.Link, item.GUID)
			}
		}
		if len(links) != 2000 {
			t.Errorf("%s: %d links", url, len(links))
		}
	}
	a, err := send(c, "https://www.vietnam.vn/news-sitemap.xml", faultField, "feed_items=300")
	if err != nil {
		t.Fatal(err)
	}
	var set newsUrlset
	readXML(t, a, &set)
	locs := map[string]bool{}
	for _, u := range set.URLs {
		locs[u.Loc] = true
	}
	if len(locs) != 300 {
		t.Errorf("%d addresses", len(locs))
	}
	if b, err := send(c, vtcFeed, faultField, "feed_items=10000"); err != nil || strings.Count(b.body, "<item>") != 10_000 {
		t.Errorf("%v, %d items", err, strings.Count(b.body, "<item>"))
	}
	// A page that is no list stays as it is.
	if b, err := send(c, r.Stories("vtcnews")[0].URL, faultField, "feed_items=10"); err != nil || b.StatusCode != http.StatusOK || !strings.Contains(b.body, r.Stories("vtcnews")[0].Title) {
		t.Errorf("%v, %d", err, b.StatusCode)
	}
}

// TestHead wants faults not to write bodies where there are none.
func TestHead(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	c := visitor(t, r)
	for _, fault := range []string{"big=1MB", "gzip_bomb=1GB", "challenge", "truncated", "feed_items=9"} {
		q, err := http.NewRequestWithContext(t.Context(), http.MethodHead, vtcFeed, nil)
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set(faultField, fault)
		a, err := c.Do(q)
		if err != nil {
			t.Errorf("%s: %v", fault, err)
			continue
		}
		a.Body.Close()
	}
}

// TestVocabulary holds the list of faults to what can be asked for: every example
// is understood.
func TestVocabulary(t *testing.T) {
	t.Parallel()
	for _, f := range Faults() {
		if f.About == "" || strings.Contains(f.About, "\n") {
			t.Errorf("%s: %q", f.Name, f.About)
		}
		text := "- {host: vtcnews.vn, " + f.Name + ": " + strconv.Quote(f.Example) + "}"
		if _, err := ReadScenario("s.yaml", []byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
