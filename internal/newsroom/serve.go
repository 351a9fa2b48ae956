package newsroom

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"strings"
)

// ServeHTTP answers for every host: a page, 301 from an alias, 404 with a page
// that says so, 304 when the client has the page, 421 for a foreign host; and
// whatever trouble the scenario or the request itself asks for.
func (r *Room) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	seen := r.witness(w, q)
	defer seen.end()
	t, err := r.trouble(q)
	if err != nil {
		http.Error(seen, err.Error(), http.StatusBadRequest)
		return
	}
	d := r.shown.Load().hosts[hostname(q)]
	switch {
	case d == nil:
		http.Error(seen, "this newsroom does not play "+hostname(q), http.StatusMisdirectedRequest)
	case q.Method != http.MethodGet && q.Method != http.MethodHead:
		seen.Header().Set("Allow", "GET, HEAD")
		http.Error(seen, "only GET and HEAD", http.StatusMethodNotAllowed)
	default:
		t.answer(seen, q, func(w http.ResponseWriter, spoil func(page) page) { r.ordinary(w, q, d, spoil) })
	}
}

// ordinary answers with the page, spoilt.
func (r *Room) ordinary(w http.ResponseWriter, q *http.Request, d *domain, spoil func(page) page) {
	if hostname(q) != d.Host && q.URL.Path != "/robots.txt" {
		http.Redirect(w, q, "https://"+d.Host+q.URL.RequestURI(), http.StatusMovedPermanently)
		return
	}
	p := d.find(q.URL)
	if p.allows != nil && !p.allows(q) {
		p = page{kind: typeHTML, status: http.StatusForbidden, body: []byte("<!DOCTYPE html>\n<title>403</title>\n<h1>403 Forbidden</h1>\n")}
	}
	if p.restless {
		p.etag = strings.TrimSuffix(p.etag, `"`) + fmt.Sprintf(`-%d"`, r.asked.Add(1))
	}
	d.serve(w, q, spoil(p))
}

func (d *domain) serve(w http.ResponseWriter, q *http.Request, p page) {
	h := w.Header()
	h.Set("Content-Type", p.kind)
	if !p.gzipOnly {
		h.Set("Vary", "Accept-Encoding")
	}
	coding := d.coding(q.Header.Get("Accept-Encoding"))
	if p.gzipOnly {
		coding = "gzip"
	}
	body := p.body
	if coding != "" {
		h.Set("Content-Encoding", coding)
		body = packed(coding, body)
	}
	if p.status != 0 {
		w.WriteHeader(p.status)
		if q.Method != http.MethodHead {
			_, _ = w.Write(body) // the client has gone; nobody to tell
		}
		return
	}
	if p.etag != "" {
		h.Set("ETag", p.etag)
	}
	http.ServeContent(w, q, "", p.modified, bytes.NewReader(body))
}

func hostname(q *http.Request) string {
	if host, _, err := net.SplitHostPort(q.Host); err == nil {
		return host
	}
	return q.Host
}
