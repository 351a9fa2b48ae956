package newsroom

import (
	"bytes"
	"compress/gzip"
	"net"
	"net/http"
	"strings"
	"time"
)

// ServeHTTP answers for every host: a page, 301 from an alias, 404 with a page
// that says so, 304 when the client has the page, 421 for a foreign host.
func (r *Room) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	seen := &witness{ResponseWriter: w}
	defer func(begun time.Time) {
		r.record(Request{Time: begun, Host: hostname(q), Path: q.URL.RequestURI(), UserAgent: q.UserAgent(), Status: seen.status})
	}(time.Now())
	d := r.hosts[hostname(q)]
	switch {
	case d == nil:
		http.Error(seen, "this newsroom does not play "+hostname(q), http.StatusMisdirectedRequest)
	case q.Method != http.MethodGet && q.Method != http.MethodHead:
		seen.Header().Set("Allow", "GET, HEAD")
		http.Error(seen, "only GET and HEAD", http.StatusMethodNotAllowed)
	case hostname(q) != d.Host && q.URL.Path != "/robots.txt":
		http.Redirect(seen, q, "https://"+d.Host+q.URL.RequestURI(), http.StatusMovedPermanently)
	default:
		d.find(q.URL).serve(seen, q)
	}
}

func (p page) serve(w http.ResponseWriter, q *http.Request) {
	h := w.Header()
	h.Set("Content-Type", p.kind)
	body := p.body
	if !p.gzipOnly {
		h.Set("Vary", "Accept-Encoding")
	}
	if p.gzipOnly || strings.Contains(q.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = gzipped(body)
	}
	if p.missing {
		w.WriteHeader(http.StatusNotFound)
		if q.Method != http.MethodHead {
			_, _ = w.Write(body) // the client has gone; nobody to tell
		}
		return
	}
	h.Set("ETag", p.etag)
	http.ServeContent(w, q, "", p.modified, bytes.NewReader(body))
}

// gzipped never fails: it writes to memory.
func gzipped(body []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(body)
	_ = z.Close()
	return b.Bytes()
}

func hostname(q *http.Request) string {
	if host, _, err := net.SplitHostPort(q.Host); err == nil {
		return host
	}
	return q.Host
}

// witness notes the status that was sent.
type witness struct {
	http.ResponseWriter
	status int
}

func (w *witness) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *witness) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}
