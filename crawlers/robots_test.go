package crawlers

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"attache/crawlers/transport"
)

const article = "https://news.example.com/hai-nuoc-dien-tap-7.html"

func TestRobotsAskedFirst(t *testing.T) {
	t.Parallel()
	begin, last := "User-agent: *\n", "Disallow: /hai-nuoc-khac" // cut after "/hai-nu", it would mean ours
	long := begin + strings.Repeat("#", (500<<10)-len(begin)-len("\nDisallow: /hai-nu")) + "\n" + last
	for name, c := range map[string]struct {
		robots http.HandlerFunc
		want   Verdict // "" when the article may be fetched
	}{
		"allowed":      {text("text/plain", "User-agent: *\nDisallow: /rieng/"), ""},
		"denied":       {text("text/plain", "User-agent: *\nDisallow: /hai-"), Denied},
		"denied to us": {text("text/plain", "User-agent: attache\nDisallow: /"), Denied},
		"404 that forbids": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte("User-agent: *\nDisallow: /"))
		}, ""},
		"404":                  {status(404), ""},
		"403":                  {status(403), ""},
		"429":                  {status(429), Busy},
		"500":                  {status(500), Busy},
		"503":                  {status(503), Busy},
		"moved, then denied":   {redirect("https://other.example.com/r.txt"), Denied},
		"moved in a circle":    {redirect("/robots.txt"), ""},
		"cut":                  {cut("User-agent: *\nAllow: /\n"), Busy},
		"longer than is read":  {text("text/plain", long), ""},
		"moved to our network": {redirect("http://127.0.0.1/robots.txt"), Busy},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{
				"news.example.com/robots.txt":               c.robots,
				"other.example.com/r.txt":                   text("text/plain", "User-agent: *\nDisallow: /"),
				"news.example.com/hai-nuoc-dien-tap-7.html": page("<h1>Hai nước diễn tập</h1>"),
			})
			_, err := s.crawler(t, source(t)).Fetch(article, transport.Validators{})
			if c.want == "" && err != nil || c.want != "" && (err == nil || VerdictOf(err) != c.want) {
				t.Errorf("%v, verdict %s; want %q", err, VerdictOf(err), c.want)
			}
			if fetched := s.asked("news.example.com/hai-nuoc-dien-tap-7.html") > 0; fetched != (c.want == "") {
				t.Errorf("fetched: %t", fetched)
			}
			if first := s.requests()[0]; first != "news.example.com/robots.txt" {
				t.Errorf("asked for %s first", first)
			}
		})
	}
}

// TestRobotsOfARedirect: colly asks, if at all, for the first address only.
func TestRobotsOfARedirect(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]http.HandlerFunc{
		"www.example.com/robots.txt":               text("text/plain", "User-agent: *\nDisallow: /"),
		"/hai-nuoc-dien-tap-7.html":                redirect("https://www.example.com/hai-nuoc-dien-tap-7.html"),
		"www.example.com/hai-nuoc-dien-tap-7.html": page("<h1>Hai nước diễn tập</h1>"),
	})
	if _, err := s.crawler(t, source(t)).Fetch(article, transport.Validators{}); !errors.Is(err, transport.ErrRobots) {
		t.Errorf("the redirect led to %v", err)
	}
	if s.asked("www.example.com/hai-nuoc-dien-tap-7.html") != 0 {
		t.Error("a forbidden page was fetched")
	}
}

func TestRobotsAskedOnce(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]http.HandlerFunc{
		"/robots.txt":               text("text/plain", "User-agent: *\nDisallow: /*?print="),
		"/hai-nuoc-dien-tap-7.html": page("<h1>Hai nước diễn tập</h1>"),
	})
	c := s.crawler(t, source(t))
	for range 5 {
		if _, err := c.Fetch(article, transport.Validators{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Fetch(article+"?print=1", transport.Validators{}); VerdictOf(err) != Denied {
		t.Errorf("the query was not looked at: %v", err)
	}
	if n := s.asked("news.example.com/robots.txt"); n != 1 {
		t.Errorf("robots.txt was asked for %d times", n)
	}
	if _, err := c.Fetch("https://www.example.com/hai-nuoc-dien-tap-7.html", transport.Validators{}); err != nil {
		t.Error(err)
	}
	if n := s.asked("www.example.com/robots.txt"); n != 1 {
		t.Errorf("another host's robots.txt was asked for %d times", n)
	}
}
