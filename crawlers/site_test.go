package crawlers

import (
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"attache/crawlers/transport"
	"attache/seeds"
)

// site is a publisher at news.example.com and its neighbours, over loopback TLS.
type site struct {
	*httptest.Server
	mu   sync.Mutex
	seen []string // host and path of each request, in order
}

// serve answers by host and path ("news.example.com/robots.txt"), or by path
// alone; everything else is a 404.
func serve(t *testing.T, pages map[string]http.HandlerFunc) *site {
	t.Helper()
	s := &site{}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.seen = append(s.seen, r.Host+r.RequestURI)
		s.mu.Unlock()
		for _, address := range []string{r.Host + r.URL.Path, r.URL.Path} {
			if page := pages[address]; page != nil {
				page(w, r)
				return
			}
		}
		http.NotFound(w, r)
	}))
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func (s *site) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

// asked counts the requests for an address.
func (s *site) asked(address string) int {
	n := 0
	for _, got := range s.requests() {
		if got == address {
			n++
		}
	}
	return n
}

// transport reaches the site, and its neighbours by their names; each change is
// made to the options first.
func (s *site) transport(t *testing.T, changes ...func(*transport.Options)) *transport.Transport {
	t.Helper()
	o := options()
	at := s.Listener.Addr().String()
	o.Resolve = map[string]string{"news.example.com": at, "www.example.com": at, "other.example.com": at}
	o.Roots = x509.NewCertPool()
	o.Roots.AddCert(s.Certificate())
	for _, change := range changes {
		change(&o)
	}
	polite, err := transport.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(polite.Close)
	return polite
}

// crawler works for src against the site.
func (s *site) crawler(t *testing.T, src *seeds.Source, changes ...func(*transport.Options)) *Crawler {
	t.Helper()
	return New(t.Context(), s.transport(t, changes...), src)
}

func options() transport.Options {
	return transport.Options{
		UserAgent: "attache/test (+desk@example.org)",
		Timeout:   30 * time.Second,
		MaxBody:   1 << 20,
		RobotsFor: time.Hour,
	}
}

// source is the publisher's file with the given steps of discovery. Articles
// are news.example.com/<slug>-<number>.html.
func source(t testing.TB, discover ...string) *seeds.Source {
	t.Helper()
	if discover == nil {
		discover = []string{"feed: https://news.example.com/feed.xml"}
	}
	src, err := seeds.Parse("news.yaml", fmt.Appendf(nil, `
id: news
name: News
home: https://news.example.com/
language: vi
timezone: Asia/Ho_Chi_Minh
schedule: "@hourly"
discover:
  - %s
article_url: '^https?://(?:news|www)\.example\.com/[a-z-]+-(?P<id>\d+)\.html$'
rules: [{evidence: inferred, title: [h1], body: [article]}]
`, strings.Join(discover, "\n  - ")))
	if err != nil {
		t.Fatal(err)
	}
	src.Pace = seeds.Pace{} // the test site needs no manners
	return src
}

// text answers with a body of the given type.
func text(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = io.WriteString(w, body)
	}
}

func page(body string) http.HandlerFunc { return text("text/html; charset=utf-8", body) }

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusMovedPermanently) }
}

// transportFunc is an http.RoundTripper.
type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
