package newsroom

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// now is late on a Saturday in Hà Nội, with a fraction of a second no page prints.
var now = time.Date(2026, time.November, 21, 15, 4, 5, 678_000_000, time.UTC)

// opened is one room for all tests that only read: each page of every publisher is made when a room opens.
// Nobody closes it.
var opened = sync.OnceValues(func() (*Room, error) { return Open(Options{Now: now}) })

func readRoom(t *testing.T) *Room {
	t.Helper()
	r, err := opened()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// openRoom is a room of the test's own.
func openRoom(t *testing.T) *Room {
	t.Helper()
	r, err := Open(Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// visitor reaches r under the real host names, trusts its CA only, follows no
// redirect and undoes no coding.
func visitor(t *testing.T, r *Room) *http.Client {
	t.Helper()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(r.CA()) {
		t.Fatal("CA() is no PEM certificate")
	}
	transport := &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, r.Addr())
		},
		TLSClientConfig:    &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		DisableCompression: true,
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type answer struct {
	*http.Response
	body string
}

func get(t *testing.T, c *http.Client, url string, header ...string) answer {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	a, err := c.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{a, string(body)}
}

func TestEveryStoryAnswersAtItsAddress(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	c := visitor(t, r)
	for _, source := range r.Sources() {
		for _, s := range r.Stories(source) {
			a := get(t, c, s.URL)
			if s.Answers != 0 {
				if a.StatusCode != s.Answers {
					t.Errorf("%s: status %d, want the planted %d", s.URL, a.StatusCode, s.Answers)
				}
				continue
			}
			if a.StatusCode != http.StatusOK || !strings.Contains(a.body, "</html>") {
				t.Errorf("%s: status %d, %d bytes", s.URL, a.StatusCode, len(a.body))
			}
			if a.Header.Get("ETag") == "" || a.Header.Get("Last-Modified") == "" {
				t.Errorf("%s: no validators: %v", s.URL, a.Header)
			}
		}
	}
}

func TestSameNowSameBytes(t *testing.T) {
	t.Parallel()
	a, b := openRoom(t), openRoom(t)
	for _, source := range a.Sources() {
		one, two := a.shown.Load().sites[source].pages, b.shown.Load().sites[source].pages
		if !slices.Equal(sortedKeys(one), sortedKeys(two)) {
			t.Errorf("%s: other addresses", source)
		}
		if !maps.EqualFunc(one, two, func(p, q page) bool { return string(p.body) == string(q.body) && p.etag == q.etag }) {
			t.Errorf("%s: other bytes", source)
		}
	}
}

func TestValidatorsAndCodings(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	c := visitor(t, r)
	url := r.Stories("vtcnews")[0].URL
	first := get(t, c, url)
	for _, h := range [][]string{
		{"If-None-Match", first.Header.Get("ETag")},
		{"If-Modified-Since", first.Header.Get("Last-Modified")},
	} {
		if a := get(t, c, url, h...); a.StatusCode != http.StatusNotModified || a.body != "" {
			t.Errorf("%s: status %d, %d bytes; want 304", h[0], a.StatusCode, len(a.body))
		}
	}
	for accept, want := range map[string]string{
		"gzip": "gzip", "br, gzip": "br", "gzip;q=1.0, BR ; q=0.5": "br", "br;q=0, gzip": "gzip", "zstd": "", "identity": "", "": "",
	} {
		a := get(t, c, url, "Accept-Encoding", accept)
		if coding := a.Header.Get("Content-Encoding"); coding != want || unpacked(t, a) != first.body {
			t.Errorf("accepting %q: got %q and %d bytes", accept, coding, len(a.body))
		}
	}
	if a := get(t, c, "https://www.vietnam.vn/sitemap.xml", "Accept-Encoding", "gzip, br, zstd"); a.Header.Get("Content-Encoding") != "zstd" || !strings.Contains(unpacked(t, a), "<sitemapindex") {
		t.Errorf("Vietnam.vn sends %q", a.Header.Get("Content-Encoding"))
	}
	if a := get(t, c, "https://www.vietnamplus.vn/rss/home.rss"); a.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("VietnamPlus' feed comes as %q, want gzip unasked", a.Header.Get("Content-Encoding"))
	}
}

func TestOtherAddresses(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	c := visitor(t, r)
	for _, host := range r.Hosts() {
		if a := get(t, c, "https://"+host+"/robots.txt"); strings.Contains(host, "api.") {
			if a.StatusCode != http.StatusOK || a.body != "" {
				t.Errorf("%s/robots.txt: status %d: %s", host, a.StatusCode, a.body)
			}
		} else if a.StatusCode != http.StatusOK || !strings.HasPrefix(a.body, "User-agent: *\nAllow: /\n") {
			t.Errorf("%s/robots.txt: status %d: %s", host, a.StatusCode, a.body)
		}
	}
	if a := get(t, c, "https://vtcnews.vn/nowhere.html"); a.StatusCode != http.StatusNotFound || !strings.Contains(a.body, "<h1>404</h1>") {
		t.Errorf("unknown path: status %d: %s", a.StatusCode, a.body)
	}
	moved := get(t, c, "https://www.vtcnews.vn/quan-su-49.html?a=b")
	if moved.StatusCode != http.StatusMovedPermanently || moved.Header.Get("Location") != "https://vtcnews.vn/quan-su-49.html?a=b" {
		t.Errorf("alias: status %d to %q", moved.StatusCode, moved.Header.Get("Location"))
	}
	if _, err := c.Get("https://example.com/"); err == nil {
		t.Error("example.com was given a certificate")
	}
	seen := r.Requests()
	last := seen[len(seen)-1]
	want := Request{
		Time: last.Time, Ended: last.Ended, Host: "www.vtcnews.vn", Path: "/quan-su-49.html?a=b", UserAgent: "Go-http-client/1.1",
		Status: 301, Bytes: int64(len(moved.body)),
	}
	if last != want || last.Time.IsZero() {
		t.Errorf("recorded %+v, want %+v", last, want)
	}
}

func TestNowIsNeeded(t *testing.T) {
	t.Parallel()
	if _, err := Open(Options{}); err == nil || !strings.Contains(err.Error(), "Options.Now") {
		t.Errorf("got %v", err)
	}
}
