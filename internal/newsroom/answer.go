package newsroom

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// ordinarily answers as if there were no trouble, but with the page spoilt.
type ordinarily func(w http.ResponseWriter, spoil func(page) page)

// answer writes what q meets to w.
func (t *trouble) answer(w http.ResponseWriter, q *http.Request, ordinary ordinarily) {
	if *t == (trouble{}) {
		ordinary(w, func(p page) page { return p })
		return
	}
	if pause(q.Context(), t.slowHeader) != nil {
		panic(http.ErrAbortHandler)
	}
	if t.reset {
		reset(q.Context())
	}
	header := w.Header()
	if t.retryAfter != "" {
		header.Set("Retry-After", t.retryTime())
	}
	body := io.Writer(w)
	if t.slowBody > 0 {
		body = &drip{ctx: q.Context(), w: w, each: t.slowBody / drops}
	}
	if stream := t.stream(header, ordinary); stream != nil {
		w.WriteHeader(cmp.Or(t.status, http.StatusOK))
		if q.Method != http.MethodHead && stream(body) != nil {
			panic(http.ErrAbortHandler) // the client left; an end would look like a whole body
		}
		return
	}
	a := t.draft(q, ordinary)
	maps.Copy(header, a.header)
	content := a.body.Bytes()
	if t.truncatedGzip && len(content) > 0 {
		if header.Get("Content-Encoding") != "gzip" {
			header.Set("Content-Encoding", "gzip")
			content = packed("gzip", content)
		}
		content = content[:len(content)/2]
	}
	if a.status != http.StatusNotModified {
		header.Set("Content-Length", strconv.Itoa(len(content)))
	}
	w.WriteHeader(a.status)
	if q.Method == http.MethodHead || len(content) == 0 {
		return
	}
	if t.truncated {
		content = content[:len(content)/2]
	}
	_, err := body.Write(content)
	if t.truncated || err != nil {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// draft is an answer in memory, before it is sent.
type draft struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (d *draft) Header() http.Header         { return d.header }
func (d *draft) WriteHeader(status int)      { d.status = cmp.Or(d.status, status) }
func (d *draft) Write(b []byte) (int, error) { d.WriteHeader(http.StatusOK); return d.body.Write(b) }

func (t *trouble) draft(q *http.Request, ordinary ordinarily) *draft {
	a := &draft{header: http.Header{}}
	send := func(status int, html string) {
		a.header.Set("Content-Type", typeHTML)
		a.status = cmp.Or(t.status, status)
		a.body.WriteString(html)
	}
	switch {
	case t.notModified:
		a.header.Set("ETag", `"for-ever"`)
		a.status = http.StatusNotModified
	case t.loop:
		a.header.Set("Location", around(q))
		a.status = cmp.Or(t.status, http.StatusFound)
	case t.redirect != "":
		a.header.Set("Location", t.redirect)
		a.status = cmp.Or(t.status, http.StatusFound)
	case t.challenge != "":
		wall := walls[t.challenge]
		for i := 0; i < len(wall.header); i += 2 {
			a.header.Set(wall.header[i], wall.header[i+1])
		}
		send(wall.status, wall.page(hostname(q)))
	case t.empty:
		send(http.StatusOK, "")
	case t.garbage:
		send(http.StatusOK, noise(8<<10))
	case t.status >= http.StatusBadRequest:
		text := http.StatusText(t.status)
		send(t.status, fmt.Sprintf("<!DOCTYPE html>\n<title>%s</title>\n<h1>%d %s</h1>\n", text, t.status, text))
	default:
		ordinary(a, t.spoil)
		a.status = cmp.Or(t.status, a.status)
	}
	return a
}

// stream is the body of an answer too large to be made before it is sent; nil
// when it is not.
func (t *trouble) stream(h http.Header, ordinary ordinarily) func(io.Writer) error {
	switch {
	case t.bomb != "":
		h.Set("Content-Type", typeHTML)
		h.Set("Content-Encoding", t.bomb)
		return func(w io.Writer) error { return bombs[t.bomb](w, t.bombSize) }
	case t.big > 0:
		h.Set("Content-Type", typeHTML)
		return func(w io.Writer) error { return endless(w, t.big) }
	case t.items > 0:
		var list page
		ordinary(&draft{header: http.Header{}}, func(p page) page { list = p; return p })
		if long := multiplied(list.body, t.items); long != nil {
			h.Set("Content-Type", list.kind)
			return long
		}
	}
	return nil
}

// retryTime is Retry-After as it is sent: +90s becomes a date.
func (t *trouble) retryTime() string {
	if ahead, found := strings.CutPrefix(t.retryAfter, "+"); found {
		if d, err := time.ParseDuration(ahead); err == nil {
			return time.Now().Add(d).UTC().Format(http.TimeFormat)
		}
	}
	return t.retryAfter
}

// around is the other address of a circle of two.
func around(q *http.Request) string {
	values := q.URL.Query()
	if values.Has("round") {
		values.Del("round")
	} else {
		values.Set("round", "1")
	}
	return (&url.URL{Path: q.URL.Path, RawPath: q.URL.RawPath, RawQuery: values.Encode()}).String()
}

// noise is n bytes that are no text, the same each time.
func noise(n int) string {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{}).Read(b) // never fails
	return string(b)
}
