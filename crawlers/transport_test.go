package crawlers

import (
	"net/http"
	"strings"
	"testing"

	"attache/crawlers/transport"
)

func TestCollySettingsInTheEnvironmentAreRefused(t *testing.T) {
	t.Setenv("COLLY_IGNORE_ROBOTSTXT", "1")
	_, err := transport.New(options())
	if err == nil || !strings.Contains(err.Error(), "COLLY_IGNORE_ROBOTSTXT") || !strings.Contains(err.Error(), "unset it") {
		t.Errorf("the message does not help: %v", err)
	}
}

func TestProxiesInTheEnvironmentAreIgnored(t *testing.T) {
	proxy := trap(t)
	for _, name := range []string{"HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy"} {
		t.Setenv(name, proxy.URL)
	}
	s := serve(t, map[string]http.HandlerFunc{"/hai-nuoc-dien-tap-7.html": page("<h1>Hai nước diễn tập</h1>")})
	if _, err := s.crawler(t, source(t)).Fetch(article, transport.Validators{}); err != nil {
		t.Error(err)
	}
}

func TestNoCrawlerWithoutName(t *testing.T) {
	t.Parallel()
	o := options()
	o.UserAgent = ""
	if _, err := transport.New(o); err == nil {
		t.Error("a transport without a User-Agent was made")
	}
}

// TestWhatIsSent: the same honest name with every request, robots.txt included.
func TestWhatIsSent(t *testing.T) {
	t.Parallel()
	check := func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if got := r.UserAgent(); got != options().UserAgent {
				t.Errorf("%s: User-Agent %q", r.URL, got)
			}
			next(w, r)
		}
	}
	s := serve(t, map[string]http.HandlerFunc{
		"/robots.txt": check(text("text/plain", "")),
		"/hai-nuoc-dien-tap-7.html": check(func(w http.ResponseWriter, r *http.Request) {
			if got := r.Header.Get("Accept-Language"); got != "vi, *;q=0.5" {
				t.Errorf("Accept-Language %q", got)
			}
			page("<h1>Hai nước diễn tập</h1>")(w, r)
		}),
	})
	if _, err := s.crawler(t, source(t)).Fetch(article, transport.Validators{}); err != nil {
		t.Error(err)
	}
}

// TestFailuresAreNotVisits: colly marks an address as visited before it is
// fetched, and would never fetch it again.
func TestFailuresAreNotVisits(t *testing.T) {
	t.Parallel()
	there := false
	s := serve(t, map[string]http.HandlerFunc{"/hai-nuoc-dien-tap-7.html": func(w http.ResponseWriter, r *http.Request) {
		if !there {
			http.NotFound(w, r)
			return
		}
		page("<h1>Hai nước diễn tập</h1>")(w, r)
	}})
	c := s.crawler(t, source(t))
	if _, err := c.Fetch(article, transport.Validators{}); VerdictOf(err) != Gone {
		t.Error(err)
	}
	there = true
	if _, err := c.Fetch(article, transport.Validators{}); err != nil {
		t.Error(err)
	}
}
