package crawlers

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"attache/crawlers/transport"
)

// cut promises more than it sends.
func cut(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Length", "100000")
		_, _ = w.Write([]byte(body))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

func zip(t *testing.T, body string) string { return pack(t, "gzip", body) }

// pack is a body in a content coding.
func pack(t *testing.T, coding, body string) string {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		w, _ = zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
	}
	if _, err := io.WriteString(w, body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// packed answers in a Content-Encoding nobody need have asked for.
func packed(coding, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Encoding", coding)
		_, _ = w.Write([]byte(body))
	}
}

// TestNothingIsCutSilently: colly's own limits hand over the first part.
func TestNothingIsCutSilently(t *testing.T) {
	t.Parallel()
	const limit = 100_000
	full := strings.Repeat("a", limit)
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string // the body
		err    string // or what the message says
	}{
		"at the limit": {page(full), full, ""},
		"one over":     {page(full + "a"), "", "larger than 100000 bytes"},
		"far over, unannounced": {func(w http.ResponseWriter, _ *http.Request) {
			for range 50 {
				_, _ = w.Write([]byte(full))
				_ = http.NewResponseController(w).Flush()
			}
		}, "", "larger than 100000 bytes"},
		"gzip at the limit":    {packed("gzip", zip(t, full)), full, ""},
		"a gzip bomb":          {packed("gzip", strings.Repeat(zip(t, strings.Repeat("\x00", limit)), 50)), "", "larger than 100000 bytes"},
		"cut on the way":       {cut("<p>Hai nước"), "", "unexpected EOF"},
		"gzip cut on the way":  {packed("gzip", zip(t, full)[:60]), "", "unexpected EOF"},
		"gzip broken":          {packed("gzip", "no gzip at all"), "", "gzip: invalid header"},
		"packed twice":         {packed("gzip, br", pack(t, "br", zip(t, full))), full, ""},
		"packed thrice":        {packed("gzip, gzip, gzip", zip(t, zip(t, zip(t, full)))), "", "packed 3 times"},
		"by an old name":       {packed("X-GZIP", zip(t, full)), full, ""},
		"br":                   {packed("br", pack(t, "br", full)), full, ""},
		"a br bomb":            {packed("br", pack(t, "br", strings.Repeat(full, 50))), "", "larger than 100000 bytes"},
		"br cut on the way":    {packed("br", pack(t, "br", full)[:10]), "", "unexpected EOF"},
		"zstd":                 {packed("zstd", pack(t, "zstd", full)), full, ""},
		"a zstd bomb":          {packed("zstd", pack(t, "zstd", strings.Repeat(full, 50))), "", "larger than 100000 bytes"},
		"zstd cut on the way":  {packed("zstd", pack(t, "zstd", full)[:10]), "", "unexpected EOF"},
		"packed unasked":       {packed("deflate", "abc"), "", `packed as "deflate"`},
		"a slip of the server": {packed("utf-8", "<p>a"), "<p>a", ""},
		"nothing":              {page(""), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"/hai-nuoc-dien-tap-7.html": c.answer})
			got, err := s.crawler(t, source(t), func(o *transport.Options) { o.MaxBody = limit }).Fetch(article, transport.Validators{})
			switch {
			case c.err == "" && err != nil:
				t.Error(err)
			case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
				t.Errorf("%d bytes and the error %v, which does not say %q", len(got.Body), err, c.err)
			case c.err != "" && VerdictOf(err) != Again:
				t.Errorf("verdict %s", VerdictOf(err))
			case string(got.Body) != c.want:
				t.Errorf("%d bytes, not %d", len(got.Body), len(c.want))
			}
		})
	}
}

// TestWireLimit: what is packed badly may cost more on the wire than it holds.
func TestWireLimit(t *testing.T) {
	t.Parallel()
	noise := strings.Repeat(zip(t, ""), 60_000) // 20 bytes each for nothing
	for name, answer := range map[string]http.HandlerFunc{
		"as it comes": packed("gzip", noise),
		"announced": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(noise)))
			packed("gzip", noise)(w, r)
		},
	} {
		s := serve(t, map[string]http.HandlerFunc{"/hai-nuoc-dien-tap-7.html": answer})
		_, err := s.crawler(t, source(t), func(o *transport.Options) { o.MaxWire = 1_000_000 }).Fetch(article, transport.Validators{})
		if err == nil || !strings.Contains(err.Error(), "larger than 1000000 bytes") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestBrokenOff: an answer that ends before its end, in either HTTP.
func TestBrokenOff(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"less than announced": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100000")
			_, _ = io.WriteString(w, "<p>Hai nước")
		},
		"aborted, announced": cut("<p>Hai nước"),
		"aborted, unannounced": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "<p>Hai nước")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		},
		"packed": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			_, _ = io.WriteString(w, pack(t, "br", strings.Repeat("<p>Hai nước", 100))[:20])
		},
	} {
		for _, major := range []int{1, 2} {
			t.Run(name+", HTTP/"+string(rune('0'+major)), func(t *testing.T) {
				t.Parallel()
				s := &site{Server: httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.ProtoMajor != major {
						t.Errorf("asked by %s", r.Proto)
					}
					if r.URL.Path == "/robots.txt" {
						http.NotFound(w, r)
						return
					}
					w.Header().Set("Content-Type", "text/html")
					answer(w, r)
				}))}
				s.EnableHTTP2 = major == 2
				s.Config.ErrorLog = log.New(io.Discard, "", 0) // broken off on purpose
				s.StartTLS()
				defer s.Close()
				page, err := s.crawler(t, source(t)).Fetch(article, transport.Validators{})
				if err == nil || VerdictOf(err) != Again {
					t.Errorf("%q, %v", page.Body, err)
				}
			})
		}
	}
}

// TestCharsetIsLeftToTheReaders: colly converts by a charset it finds in the
// header, and the readers would do it again.
func TestCharsetIsLeftToTheReaders(t *testing.T) {
	t.Parallel()
	for contentType, body := range map[string]string{
		"text/html; charset=windows-1258":                       "<p>H\xe0 N\xf4\xf2i",
		"text/html; charset=windows-1251":                       "<p>\xd5\xe0\xed\xee\xe9",
		"text/html; charset=windows-1251; charset=windows-1251": "<p>\xd5\xe0\xed\xee\xe9",
		"text/html;CHARSET=utf-16le":                            "<\x00p\x00>\x00",
		"text/html; charset=no-such":                            "<p>a",
		"text/html":                                             "<meta charset=windows-1251><p>\xd5\xe0",
	} {
		t.Run(contentType, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"/hai-nuoc-dien-tap-7.html": text(contentType, body)})
			got, err := s.crawler(t, source(t)).Fetch(article, transport.Validators{})
			if err != nil || string(got.Body) != body || got.ContentType != contentType {
				t.Errorf("%q as %q: %v", got.Body, got.ContentType, err)
			}
		})
	}
}

// TestZippedSitemaps: colly unzips by the address alone, without a limit, and
// fails on one that is not zipped.
func TestZippedSitemaps(t *testing.T) {
	t.Parallel()
	const sitemap = `<urlset><url><loc>` + article + `</loc></url></urlset>`
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		err    string
	}{
		"zipped":              {text("application/gzip", zip(t, sitemap)), ""},
		"zipped twice":        {packed("gzip", zip(t, zip(t, sitemap))), ""},
		"zipped by name only": {text("application/xml", sitemap), ""},
		"a bomb":              {text("application/x-gzip", strings.Repeat(zip(t, strings.Repeat(" ", 1<<20)), maxFile>>20+1)), "unzips to more than"},
		"cut":                 {text("application/x-gzip", zip(t, sitemap)[:40]), "unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"/sitemap.xml.gz": c.answer})
			found, steps := s.crawler(t, source(t, "sitemap: https://news.example.com/sitemap.xml.gz")).Discover(Look{})
			if c.err == "" && (steps[0].Err != nil || len(found) != 1) {
				t.Errorf("%v, %v", found, steps[0].Err)
			}
			if c.err != "" && (steps[0].Err == nil || !strings.Contains(steps[0].Err.Error(), c.err)) {
				t.Errorf("%v does not say %q", steps[0].Err, c.err)
			}
		})
	}
}
