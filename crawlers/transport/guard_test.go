package transport

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	g := &guard{resolve: map[string]string{"10.0.0.7": "127.0.0.1:1", "news.example.com": "127.0.0.1:1"}}
	ctx := With(t.Context(), Policy{Source: "news", Ports: []int{8080}})
	for address, why := range map[string]string{ // "" is allowed
		"https://news.example.com/":        "",
		"http://news.example.com:80/":      "",
		"https://news.example.com:443/":    "",
		"https://news.example.com:8080/":   "",
		"https://news.example.com:8443/":   "port",
		"http://news.example.com:22/":      "port",
		"http://other.example.com:99999/":  "port",
		"http://8.8.8.8/":                  "",
		"https://[2606:4700::1111]/":       "",
		"https://news.24h.example/":        "",
		"https://1.2.3.4.example.com/":     "",
		"http://10.0.0.7/":                 "", // the operator's exception
		"http://10.0.0.8/":                 "public",
		"http://127.0.0.1/":                "public",
		"http://127.0.0.1.:8080/":          "public",
		"http://127.1/":                    "disguise",
		"http://2130706433/":               "disguise",
		"http://0x7f000001/":               "disguise",
		"http://0X7F.1/":                   "disguise",
		"http://0177.0.0.1/":               "disguise",
		"http://127.0.0.0x1./":             "disguise",
		"http://169.254.169.254/latest/":   "public",
		"http://１２７.０.０.１/":                "public", // full-width, as browsers and net/http read them
		"http://[::1]/":                    "public",
		"http://[::ffff:10.1.1.1]/":        "public",
		"http://[fe80::1%25eth0]/":         "public",
		"ftp://news.example.com/":          "port",
		"http://user:pass@127.0.0.1:8080/": "public",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		err = g.judge(ctx, u)
		if why == "" && err != nil || why != "" && (!errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), why)) {
			t.Errorf("%s: %v, want %q", address, err, why)
		}
	}
}

// TestProxy: the operator's proxy may stand on loopback; what is asked of it may not.
func TestProxy(t *testing.T) {
	t.Parallel()
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.String())
		_, _ = io.WriteString(w, "by way of the proxy")
	}))
	defer proxy.Close()
	at, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	polite, err := New(Options{UserAgent: "attache/test", MaxBody: 1 << 20, Timeout: wait, Proxy: at})
	if err != nil {
		t.Fatal(err)
	}
	defer polite.Close()
	r := &rig{Transport: polite}
	if _, body, err := r.get(t.Context(), "http://news.example.com/a.html"); err != nil || body != "by way of the proxy" {
		t.Errorf("%q, %v", body, err)
	}
	for _, address := range []string{
		"http://intranet/", "http://LOCALHOST./", "http://a.localhost/", "http://metadata.google.internal/", "http://nas.local./", "http://.local/",
		"http://127.0.0.1/", "http://127.1/", "http://169.254.169.254/", proxy.URL, "http://news.example.com:3128/",
	} {
		if _, body, err := r.get(t.Context(), address); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %q, %v", address, body, err)
		}
	}
	if got := strings.Join(asked, " "); got != "http://news.example.com/robots.txt http://news.example.com/a.html" {
		t.Errorf("the proxy was asked for %s", got)
	}
	own := &guard{proxied: true, resolve: map[string]string{"intranet": "127.0.0.1:1"}}
	for address, fine := range map[string]bool{"http://intranet/": true, "http://local.example/": true, "http://[2606:4700::1111]/": true, "http://8.8.8.8/": true, "http://wiki/": false} {
		if err := own.judge(t.Context(), mustParse(t, address)); (err == nil) != fine {
			t.Errorf("%s: %v", address, err)
		}
	}
}
