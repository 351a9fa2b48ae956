package crawlers

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
)

func TestVerdicts(t *testing.T) {
	t.Parallel()
	body := page("<h1>Hai nước diễn tập</h1>")
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   Verdict // "" for a page
		url    string  // of the page, when it is not the one asked for
	}{
		"a page":                 {body, "", ""},
		"the slug changed":       {redirect("/hai-nuoc-ket-thuc-dien-tap-7.html"), "", "https://news.example.com/hai-nuoc-ket-thuc-dien-tap-7.html"},
		"another host name":      {redirect("https://www.example.com/hai-nuoc-ket-thuc-dien-tap-7.html"), "", "https://www.example.com/hai-nuoc-ket-thuc-dien-tap-7.html"},
		"leads to another":       {redirect("/tin-khac-8.html"), Gone, ""},
		"leads home":             {redirect("/"), Gone, ""},
		"leads in a circle":      {redirect("/hai-nuoc-dien-tap-7.html"), Again, ""},
		"leads to what is gone":  {redirect("/x"), Gone, ""},
		"404":                    {status(404), Gone, ""},
		"410":                    {status(410), Gone, ""},
		"403":                    {status(403), Again, ""},
		"500":                    {status(500), Again, ""},
		"429":                    {status(429), Busy, ""},
		"503":                    {status(503), Busy, ""},
		"202, a challenge":       {status(202), Again, ""},
		"304 to no condition":    {status(304), Again, ""},
		"a status nobody knows":  {status(999), Again, ""},
		"hangs up":               {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, Again, ""},
		"redirect without where": {status(302), Again, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{
				"news.example.com/hai-nuoc-dien-tap-7.html": c.answer,
				"/hai-nuoc-ket-thuc-dien-tap-7.html":        body,
				"/tin-khac-8.html":                          body,
				"/":                                         body,
			})
			got, err := s.crawler(t, source(t)).Fetch(article)
			if c.want != "" {
				if e, ok := errors.AsType[*Error](err); !ok || e.Verdict != c.want || e.Address != article {
					t.Errorf("%v, verdict %s; want %s", err, VerdictOf(err), c.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if c.url == "" {
				c.url = article
			}
			if got.URL != c.url || !strings.Contains(string(got.Body), "diễn tập") || got.FetchedAt.IsZero() {
				t.Errorf("%s, %q at %s", got.URL, got.Body, got.FetchedAt)
			}
		})
	}
}

// TestHTTPToHTTPS: the old form of an address leads to the same article.
func TestHTTPToHTTPS(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]http.HandlerFunc{"/hai-nuoc-dien-tap-7.html": page("<h1>Hai nước diễn tập</h1>")})
	polite := s.transport(t)
	c := New(t.Context(), polite, source(t))
	c.colly.WithTransport(transportFunc(func(r *http.Request) (*http.Response, error) {
		if r.URL.Scheme == "https" {
			return polite.RoundTrip(r)
		}
		return &http.Response{
			StatusCode: http.StatusMovedPermanently,
			Header:     http.Header{"Location": {"https://" + r.URL.Host + r.URL.Path}},
			Body:       http.NoBody,
			Request:    r,
		}, nil
	}))
	got, err := c.Fetch(strings.Replace(article, "https", "http", 1))
	if err != nil || got.URL != article {
		t.Errorf("%s: %v", got.URL, err)
	}
}

// TestSameAddressTwice: colly remembers what it visited; the store decides here.
func TestSameAddressTwice(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]http.HandlerFunc{"/hai-nuoc-dien-tap-7.html": page("<h1>Hai nước diễn tập</h1>")})
	c := s.crawler(t, source(t))
	for range 2 {
		if _, err := c.Fetch(article); err != nil {
			t.Error(err)
		}
	}
}

func TestEndedContextEndsFetches(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("the operator stops attache")
	cancel(why)
	_, err := New(ctx, s.transport(t), source(t)).Fetch(article)
	if !errors.Is(err, why) {
		t.Errorf("%v does not say why", err)
	}
	if n := len(s.requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}
