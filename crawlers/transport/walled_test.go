package transport

import (
	"net/http"
	"strings"
	"testing"
)

func TestWalled(t *testing.T) {
	t.Parallel()
	const page = "https://gazette.example/1.html"
	html := http.Header{"Content-Type": {"text/html; charset=utf-8"}}
	wall := `<html><title>gazette</title><body><p>Please enable JavaScript and cookies to continue.</p></body></html>`
	for name, c := range map[string]struct {
		address, body string
		status        int
		header        http.Header
		want          bool
	}{
		"a wall":              {page, wall, 200, html, true},
		"by its header":       {page, "", 403, http.Header{"Cf-Mitigated": {"challenge"}}, true},
		"by its host":         {"https://consent.gazette.example/", "", 200, html, true},
		"an article about it": {page, wall + strings.Repeat("<p>The readers of the paper were asked to do so by a page.</p>", 100), 200, html, false},
		"a feed":              {page, wall, 200, http.Header{"Content-Type": {"application/rss+xml"}}, false},
		"empty":               {page, "", 200, html, false},
		"no address":          {"::", wall, 200, html, false},
	} {
		if seen := Walled(c.address, c.status, c.header, []byte(c.body)); (seen != "") != c.want {
			t.Errorf("%s: %q", name, seen)
		}
	}
}
