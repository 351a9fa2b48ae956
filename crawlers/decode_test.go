package crawlers

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"

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

func zip(t *testing.T, body string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(body)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
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
		"packed unasked":       {packed("br", "\x0b\x02\x80abc\x03"), "", `packed as "br"`},
		"a slip of the server": {packed("utf-8", "<p>a"), "<p>a", ""},
		"nothing":              {page(""), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"/hai-nuoc-dien-tap-7.html": c.answer})
			got, err := s.crawler(t, source(t), func(o *transport.Options) { o.MaxBody = limit }).Fetch(article)
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
			got, err := s.crawler(t, source(t)).Fetch(article)
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
		"a bomb":              {text("application/x-gzip", strings.Repeat(zip(t, strings.Repeat(" ", 1<<20)), maxUnzipped>>20+1)), "unzips to more than"},
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
