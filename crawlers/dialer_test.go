package crawlers

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
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
	for name, to := range map[string]string{
		"redirect to an address": inside.URL + "/hai-nuoc-dien-tap-7.html",
		"redirect to a name":     byName + "/hai-nuoc-dien-tap-7.html",
		"metadata":               "http://169.254.169.254/latest/meta-data/",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"/hai-nuoc-dien-tap-7.html": redirect(to)})
			_, err := s.crawler(t, source(t)).Fetch(article)
			if err == nil || !strings.Contains(err.Error(), "not a public address") {
				t.Errorf("the redirect to %s gave %v", to, err)
			}
		})
	}
	t.Run("sitemap index", func(t *testing.T) {
		t.Parallel()
		s := serve(t, map[string]http.HandlerFunc{"/sitemap.xml": text("text/xml",
			"<sitemapindex><sitemap><loc>"+inside.URL+"/2026-11.xml</loc></sitemap></sitemapindex>")})
		_, steps := s.crawler(t, source(t, "sitemap: https://news.example.com/sitemap.xml")).Discover(Look{})
		if err := steps[0].Err; err == nil || !strings.Contains(err.Error(), "not a public address") {
			t.Errorf("port %d was let through: %v", port, err)
		}
	})
}
