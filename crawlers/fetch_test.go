package crawlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"attache/crawlers/transport"
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
		"leads to another":       {redirect("/tin-khac-8.html"), Elsewhere, ""},
		"leads home":             {redirect("/"), Elsewhere, ""},
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
			got, err := s.crawler(t, source(t)).Fetch(article, transport.Validators{})
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

// TestRedirectsAreBounded: five are followed, to web addresses only.
func TestRedirectsAreBounded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		hops int
		to   string
		want string
	}{
		"five":       {5, "", ""},
		"six":        {6, "", "redirects more than 5 times"},
		"no website": {1, "ftp://news.example.com/hai-nuoc-dien-tap-7.html", "no http(s) address"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hops := map[string]http.HandlerFunc{}
			for i := range c.hops {
				to := c.to
				if to == "" {
					to = fmt.Sprintf("/hop-%d", i+1)
				}
				hops[fmt.Sprintf("/hop-%d", i)] = redirect(to)
			}
			hops["/hai-nuoc-dien-tap-7.html"], hops[fmt.Sprintf("/hop-%d", c.hops-1)] = hops["/hop-0"], redirect(cmp.Or(c.to, "/tin-hai-nuoc-7.html"))
			hops["/tin-hai-nuoc-7.html"] = page("<h1>Hai nước diễn tập</h1>")
			s := serve(t, hops)
			_, err := s.crawler(t, source(t)).Fetch(article, transport.Validators{})
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v does not say %q", err, c.want)
			}
		})
	}
}

// TestVerdictOfErrors: what the transport found out is told as it is.
func TestVerdictOfErrors(t *testing.T) {
	t.Parallel()
	until := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		err  error
		want Error
		says string
	}{
		"quiet": {&transport.Quiet{Host: "news.example.com", Status: 429, Until: until, Reason: "it answers 429"}, Error{Status: 429, Verdict: Busy, Until: until, Host: "news.example.com"}, "left in peace until 2026-11-21T09:00:00Z"},
		"wall":  {&transport.Challenge{Status: 403, Seen: "cf-mitigated"}, Error{Status: 403, Verdict: Walled}, "cf-mitigated"},
		"rules": {transport.ErrRobots, Error{Verdict: Denied}, "forbidden by robots.txt"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, nil)
			crawler := s.crawler(t, source(t))
			crawler.colly.WithTransport(transportFunc(func(*http.Request) (*http.Response, error) { return nil, c.err }))
			_, err := crawler.Fetch(article, transport.Validators{})
			got, ok := errors.AsType[*Error](err)
			if !ok || got.Status != c.want.Status || got.Verdict != c.want.Verdict || got.Host != c.want.Host || !got.Until.Equal(c.want.Until) || !errors.Is(err, c.err) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%#v: %v", got, err)
			}
		})
	}
}

// TestStatusOfErrors: of the last answer, also when its body did not come whole.
func TestStatusOfErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		status int
		want   Verdict
		says   string
	}{
		"leads elsewhere": {redirect("/tin-khac-8.html"), 200, Elsewhere, "not this article"},
		"cut":             {cut("<p>Hai nước"), 200, Again, "7.html: unexpected EOF"},
		"cut, and gone": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.WriteHeader(http.StatusGone)
			_, _ = w.Write([]byte("<p>"))
		}, 410, Gone, "unexpected EOF"},
		"too large":                  {page(strings.Repeat("a", 2<<20)), 200, Again, "larger than"},
		"leads to a cut":             {redirect("/cut"), 200, Again, "unexpected EOF"},
		"forbidden":                  {status(403), 403, Again, "7.html answers 403 Forbidden"},
		"no page":                    {status(202), 202, Again, "7.html answers 202 Accepted"},
		"in a circle":                {redirect("/hai-nuoc-dien-tap-7.html"), 301, Again, "redirects more than 5 times"},
		"hangs up":                   {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 0, Again, "EOF"},
		"leads to nobody":            {redirect("/hangs-up"), 0, Again, "EOF"},
		"leads to where none may go": {redirect("http://10.0.0.1/"), 0, Again, "refused to connect"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{
				"/hai-nuoc-dien-tap-7.html": c.answer, "/tin-khac-8.html": page("<h1>Tin khác"), "/cut": cut("<p>"),
				"/hangs-up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
			})
			_, err := s.crawler(t, source(t)).Fetch(article, transport.Validators{})
			got, ok := errors.AsType[*Error](err)
			if !ok || got.Status != c.status || got.Verdict != c.want || !strings.Contains(err.Error(), c.says) {
				t.Errorf("status %d, verdict %s: %v", got.Status, got.Verdict, err)
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
	got, err := c.Fetch(strings.Replace(article, "https", "http", 1), transport.Validators{})
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
		if _, err := c.Fetch(article, transport.Validators{}); err != nil {
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
	_, err := New(ctx, s.transport(t), source(t)).Fetch(article, transport.Validators{})
	if !errors.Is(err, why) {
		t.Errorf("%v does not say why", err)
	}
	if n := len(s.requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}
