package crawlers

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"attache/crawlers/transport"
)

// trap is a service of the operator's own network; nothing may reach it.
func trap(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the operator's own service was asked for %s", r.URL)
	}))
	t.Cleanup(s.Close)
	return s
}

// TestOwnNetworkIsRefused however a publisher leads there.
func TestOwnNetworkIsRefused(t *testing.T) {
	t.Parallel()
	inside := trap(t)
	port := inside.Listener.Addr().(*net.TCPAddr).Port
	byName := strings.Replace(inside.URL, "127.0.0.1", "localhost", 1)
	for name, c := range map[string]struct{ to, why string }{
		"redirect to an address": {inside.URL + "/hai-nuoc-dien-tap-7.html", "not a public address"},
		"redirect to a port":     {byName + "/hai-nuoc-dien-tap-7.html", "to port"},
		"redirect to a name":     {"https://localhost/hai-nuoc-dien-tap-7.html", "not a public address"},
		"metadata":               {"http://169.254.169.254/latest/meta-data/", "not a public address"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"/hai-nuoc-dien-tap-7.html": redirect(c.to)})
			_, err := s.crawler(t, source(t)).Fetch(article, transport.Validators{})
			if !errors.Is(err, transport.ErrRefused) || !strings.Contains(err.Error(), c.why) {
				t.Errorf("the redirect to %s gave %v", c.to, err)
			}
		})
	}
	t.Run("sitemap index", func(t *testing.T) {
		t.Parallel()
		s := serve(t, map[string]http.HandlerFunc{"/sitemap.xml": text("text/xml",
			"<sitemapindex><sitemap><loc>"+inside.URL+"/2026-11.xml</loc></sitemap></sitemapindex>")})
		_, steps := s.crawler(t, source(t, "sitemap: https://news.example.com/sitemap.xml")).Discover(Look{})
		if err := steps[0].Err; err == nil || !strings.Contains(err.Error(), "a sitemap of somebody else") {
			t.Errorf("port %d was let through: %v", port, err)
		}
	})
}
