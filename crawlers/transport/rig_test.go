package transport

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"attache/crawlers/transport/wiretest"
	"attache/seeds"
)

const home = "http://news.example.com/"

// rig is a transport before a publisher on a wire. It lives in a synctest bubble.
type rig struct {
	*wiretest.Wire
	*Transport
}

func plug(t *testing.T, answer http.HandlerFunc, changes ...func(*Options)) *rig {
	t.Helper()
	w := wiretest.New(answer)
	o := Options{UserAgent: "attache/test (+desk@example.org)", Timeout: 30 * time.Second, MaxBody: 1 << 20, Wire: w.Connect}
	for _, change := range changes {
		change(&o)
	}
	polite, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return &rig{w, polite}
}

func (r *rig) unplug() {
	r.Transport.Close()
	r.Wire.Close()
}

// get asks as a source with no pace would.
func (r *rig) get(ctx context.Context, address string) (int, string, error) {
	return r.as(ctx, Policy{Source: "news"}, address)
}

// as asks as the source of a policy does, and follows redirects.
func (r *rig) as(ctx context.Context, p Policy, address string) (int, string, error) {
	req, err := http.NewRequestWithContext(With(ctx, p), http.MethodGet, address, nil)
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("X-Source", p.Source)
	resp, err := (&http.Client{Transport: r.Transport}).Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body), err
}

// paths are what was asked for, without robots.txt.
func (r *rig) paths() []string {
	var paths []string
	for _, v := range r.Seen() {
		if !strings.HasSuffix(v.Path, "/robots.txt") {
			paths = append(paths, v.Path)
		}
	}
	return paths
}

func pace(delay time.Duration) seeds.Pace { return seeds.Pace{Delay: seeds.Span(delay)} }

// pass lets time go by.
func pass(d time.Duration) { <-time.After(d) }

// open is a publisher whose robots.txt allows everything.
func open(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		next(w, r)
	}
}

func body(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
}

// answers with each status in turn, the last for ever, and with pairs of headers.
func answers(statuses []int, header ...string) http.HandlerFunc {
	var mu sync.Mutex
	n := 0
	return func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		status := statuses[min(n, len(statuses)-1)]
		n++
		mu.Unlock()
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		for i := 0; i < len(header) && status != http.StatusOK; i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
	}
}

func patience(d time.Duration) func(*Options) { return func(o *Options) { o.Patience = d } }

// memory is a store of back-offs.
type memory struct {
	mu    sync.Mutex
	of    map[string]Backoff
	tells int
	err   error // of both
}

func (m *memory) Backoff(_ context.Context, host string) (Backoff, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.of[host], m.err
}

func (m *memory) SetBackoff(_ context.Context, host string, b Backoff) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.of == nil {
		m.of = make(map[string]Backoff)
	}
	m.of[host] = b
	m.tells++
	return m.err
}

func mustParse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
