package warc_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"attache/crawlers/transport"
	"attache/internal/capture"
	"attache/internal/warc"
)

const story = "<p>Hai nước nhất trí mở rộng hợp tác quốc phòng.</p>"

// TestAnIndependentReader writes a segment through the whole transport, and lets
// npm's warcio read it. It needs node and npm, and the npm registry once.
func TestAnIndependentReader(t *testing.T) {
	t.Parallel()
	segment, refs := crawl(t)
	records := read(t, segment)

	if first := records[0]; first.Headers["WARC-Type"] != "warcinfo" || first.Headers["WARC-Filename"] != filepath.Base(segment) {
		t.Errorf("it begins with %v", first.Headers)
	}
	responses := make(map[string]record)
	for i, r := range records {
		if r.Protocol != "WARC/1.1" || r.Headers["Content-Length"] != strconv.Itoa(r.Length) {
			t.Errorf("record %d: %s, %d bytes: %v", i, r.Protocol, r.Length, r.Headers)
		}
		if want := r.Headers["WARC-Block-Digest"]; r.BlockDigest != want || r.Again.Block != want {
			t.Errorf("record %d: block digests %s, %s, %s", i, want, r.BlockDigest, r.Again.Block)
		}
		if r.Headers["WARC-Type"] != "response" {
			continue
		}
		if want := r.Headers["WARC-Payload-Digest"]; r.PayloadDigest != want || r.Again.Payload != want {
			t.Errorf("record %d: payload digests %s, %s, %s", i, want, r.PayloadDigest, r.Again.Payload)
		}
		path := strings.TrimPrefix(r.Headers["WARC-Target-URI"], "https://news.example.com")
		if request := records[i+1]; request.Headers["WARC-Type"] != "request" || request.Headers["WARC-Concurrent-To"] != r.Headers["WARC-Record-ID"] ||
			request.Statusline != "GET "+path+" HTTP/1.1" || request.HTTP["host"] != "news.example.com" {
			t.Errorf("the request of %s: %+v", path, request)
		}
		if at := r.Headers["WARC-IP-Address"]; at != "127.0.0.1" {
			t.Errorf("%s came from %q", path, at)
		}
		if _, err := time.Parse(time.RFC3339Nano, r.Headers["WARC-Date"]); err != nil {
			t.Error(err)
		}
		responses[path] = r
	}
	for path, want := range map[string]struct{ status, text, truncated string }{
		"/robots.txt": {"HTTP/1.1 404 Not Found", "404 page not found\n", ""},
		"/plain":      {"HTTP/1.1 200 OK", story, ""},
		"/gzip":       {"HTTP/1.1 200 OK", story, ""},
		"/br":         {"HTTP/1.1 200 OK", story, ""},
		"/chunked":    {"HTTP/1.1 200 OK", story + story, ""},
		"/moved":      {"HTTP/1.1 301 Moved Permanently", "", ""},
		"/same":       {"HTTP/1.1 304 Not Modified", "", ""},
		"/cut":        {"HTTP/1.1 200 OK", story, "disconnect"},
	} {
		got, ok := responses[path]
		if !ok {
			t.Errorf("%s is missing", path)
			continue
		}
		if got.Statusline != want.status || got.Text != want.text || got.Headers["WARC-Truncated"] != want.truncated {
			t.Errorf("%s: %+v", path, got)
		}
		if said := got.HTTP["content-length"]; said != "" && want.text != "" && said != strconv.Itoa(len(want.text)) && got.HTTP["content-encoding"] == "" {
			t.Errorf("%s: %s bytes by its head", path, said)
		}
		if ref, ok := refs[path]; ok && ref.Offset != got.Offset {
			t.Errorf("%s is at %d, the reference says %d", path, got.Offset, ref.Offset)
		}
	}
	if len(responses) != 8 || len(refs) != 5 {
		t.Errorf("%d answers, %d references", len(responses), len(refs))
	}
}

// record is a line of check.mjs.
type record struct {
	Protocol, Statusline, Text string
	Headers, HTTP              map[string]string
	Offset                     int64
	Length                     int
	BlockDigest, PayloadDigest string
	Again                      struct{ Block, Payload string }
}

const warcio = "testdata/warcio"

// install fetches warcio once, for all tests: what npm has begun looks as if it were there.
var install = sync.OnceValue(func() error {
	if _, err := os.Stat(warcio + "/node_modules/.package-lock.json"); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	c := exec.Command("npm", "ci")
	c.Dir = warcio
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w (scripts/test installs what is missing)\n%s", err, out)
	}
	return nil
})

// read is what warcio finds in a segment.
func read(t *testing.T, segment string) []record {
	t.Helper()
	if err := install(); err != nil {
		t.Fatal(err)
	}
	lines := json.NewDecoder(bytes.NewReader(run(t, warcio, "node", "check.mjs", segment)))
	var all []record
	for {
		var r record
		err := lines.Decode(&r)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	if len(all) == 0 {
		t.Fatal("warcio found nothing")
	}
	return all
}

func run(t *testing.T, dir string, name string, args ...string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v (scripts/test installs what is missing)\n%s", cmd, err, said.Bytes())
	}
	return out
}

// crawl fetches answers of every kind and returns the segment they are in.
func crawl(t *testing.T) (segment string, refs map[string]warc.Ref) {
	t.Helper()
	answers := map[string]http.HandlerFunc{
		"/plain": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, story) },
		"/gzip":  packed("gzip"),
		"/br":    packed("br"),
		"/chunked": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, story)
			_ = http.NewResponseController(w).Flush()
			_, _ = io.WriteString(w, story)
		},
		"/moved": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/plain", http.StatusMovedPermanently)
		},
		"/same": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Etag", `W/"7"`)
			w.WriteHeader(http.StatusNotModified)
		},
		"/cut": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5000")
			_, _ = io.WriteString(w, story)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		},
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := answers[r.URL.Path]
		if answer == nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		answer(w, r)
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // /cut
	server.StartTLS()
	defer server.Close()

	dir := t.TempDir()
	store, err := capture.Open(dir, capture.Options{Producer: "attache/test"})
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	polite, err := transport.New(transport.Options{
		UserAgent: "attache/test", Timeout: time.Minute, MaxBody: 1 << 20, Recorder: store, Roots: roots,
		Resolve: map[string]string{"news.example.com": server.Listener.Addr().String()},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer polite.Close()
	ctx := transport.With(t.Context(), transport.Policy{Source: "news", Held: func(string) transport.Validators {
		return transport.Validators{ETag: `W/"7"`}
	}})
	refs = make(map[string]warc.Ref)
	for _, path := range []string{"/plain", "/gzip", "/br", "/chunked", "/moved", "/same", "/cut"} {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://news.example.com"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := polite.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		if (err != nil) != (path == "/cut") {
			t.Fatalf("%s: %v", path, err)
		}
		resp.Body.Close()
		ref, ok := transport.Raw(resp.Header)
		if err != nil || path == "/moved" {
			continue
		}
		if !ok {
			t.Fatalf("%s has no capture", path)
		}
		refs[path], segment = ref, ref.Segment
		if e, err := store.Read(ref, nil); err != nil || e.URL != req.URL.String() {
			t.Errorf("%s: %s, %v", path, e.URL, err)
		} else if again, err := e.Decoded(1 << 20); err != nil || !bytes.Equal(again, text) {
			t.Errorf("%s: fetched %q, kept %q, %v", path, text, again, err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, strings.TrimPrefix(segment, "v1/raw/")), refs
}

func packed(coding string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), coding) {
			http.Error(w, "not asked for", http.StatusNotAcceptable)
			return
		}
		w.Header().Set("Content-Encoding", coding)
		var z io.WriteCloser = brotli.NewWriter(w)
		if coding == "gzip" {
			z = gzip.NewWriter(w)
		}
		_, _ = io.WriteString(z, story)
		_ = z.Close()
	}
}
