package transport

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"attache/internal/warc"
)

// wait is long enough for loopback on a busy machine.
const wait = 30 * time.Second

// album is a Recorder.
type album struct {
	mu      sync.Mutex
	all     []warc.Exchange
	sources []string
	err     error
}

func (a *album) Record(source string, e warc.Exchange) (warc.Ref, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e.Body = slices.Clone(e.Body)
	a.all, a.sources = append(a.all, e), append(a.sources, source)
	return warc.Ref{Segment: "v1/raw/source=" + source + "/a.warc.gz", Offset: int64(len(a.all))}, a.err
}

// brief says in a line what was recorded, in order, without robots.txt.
func (a *album) brief() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var lines []string
	for _, e := range a.all {
		if !strings.HasSuffix(e.URL, "/robots.txt") {
			path := e.URL[strings.LastIndex(e.URL, "/"):]
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %d %d %s", path, e.Status, len(e.Body), e.Truncated)))
		}
	}
	return lines
}

func zipped(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, text)
	_ = z.Close()
	return b.Bytes()
}

// press is a publisher at news.example.com that answers in many ways.
func press(t *testing.T) *httptest.Server {
	t.Helper()
	page := strings.Repeat("<p>Hai nước hợp tác.", 100)
	answers := map[string]http.HandlerFunc{
		"/plain": body(page),
		"/gzip": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(zipped(page))
		},
		"/moved": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/plain", http.StatusFound) },
		"/chatty": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/plain")
			w.WriteHeader(http.StatusFound)
			_, _ = w.Write(bytes.Repeat([]byte("moved "), 5_000))
		},
		"/wordy": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/plain")
			w.WriteHeader(http.StatusFound)
			_, _ = w.Write(bytes.Repeat([]byte("moved "), 50_000))
		},
		"/same":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) },
		"/gone":  func(w http.ResponseWriter, r *http.Request) { http.Error(w, "gone", http.StatusGone) },
		"/empty": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
		"/cut": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100000")
			_, _ = io.WriteString(w, "<p>Hai")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		},
		"/huge": func(w http.ResponseWriter, _ *http.Request) {
			for range 40 {
				_, _ = w.Write(make([]byte, 100_000))
				_ = http.NewResponseController(w).Flush()
			}
		},
		"/announced": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "3000000")
			_, _ = w.Write(make([]byte, 3_000_000))
		},
		"/deflate": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "deflate")
			_, _ = io.WriteString(w, "abc")
		},
		"/slow": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "<p>Hai")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		},
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if answer := answers[r.URL.Path]; answer != nil {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.Header().Set("X-Attache-Raw", "v1/raw/theirs 7")
			answer(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // broken off on purpose
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func (a *album) rig(t *testing.T, s *httptest.Server, changes ...func(*Options)) *rig {
	t.Helper()
	o := Options{
		UserAgent: "attache/test", MaxBody: 1 << 20, Timeout: wait, Recorder: a,
		Resolve: map[string]string{"news.example.com": s.Listener.Addr().String()},
	}
	for _, change := range changes {
		change(&o)
	}
	polite, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(polite.Close)
	return &rig{Transport: polite}
}

// TestEachAnswerIsRecordedOnce, whatever becomes of its body.
func TestEachAnswerIsRecordedOnce(t *testing.T) {
	t.Parallel()
	s := press(t)
	packed := len(zipped(strings.Repeat("<p>Hai nước hợp tác.", 100)))
	for path, c := range map[string]struct {
		want []string
		err  string
	}{
		"/plain":     {[]string{"/plain 200 2600"}, ""},
		"/gzip":      {[]string{fmt.Sprintf("/gzip 200 %d", packed)}, ""},
		"/moved":     {[]string{"/moved 302 0", "/plain 200 2600"}, ""},
		"/same":      {[]string{"/same 304 0"}, ""},
		"/chatty":    {[]string{"/chatty 302 30000", "/plain 200 2600"}, ""},
		"/gone":      {[]string{"/gone 410 5"}, ""},
		"/empty":     {[]string{"/empty 204 0"}, ""},
		"/cut":       {[]string{"/cut 200 6 disconnect"}, "unexpected EOF"},
		"/announced": {[]string{"/announced 200 0 length"}, "larger than 1048576 bytes"},
		"/deflate":   {[]string{"/deflate 200 3"}, "not asked for"},
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			var a album
			held := Policy{Source: "news", Held: func(string) Validators { return Validators{ETag: `"7"`} }}
			_, _, err := a.rig(t, s).as(t.Context(), held, "http://news.example.com"+path)
			if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
				t.Errorf("%v, want %q", err, c.err)
			}
			if got := a.brief(); !slices.Equal(got, c.want) {
				t.Errorf("recorded %q, not %q", got, c.want)
			}
		})
	}
}

// TestCutAnswersAreRecordedAsFarAsTheyCame.
func TestCutAnswersAreRecordedAsFarAsTheyCame(t *testing.T) {
	t.Parallel()
	s := press(t)
	for path, why := range map[string]string{"/huge": "length", "/wordy": "unspecified", "/slow": "time"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			var a album
			r := a.rig(t, s, func(o *Options) {
				if path == "/slow" {
					o.Timeout = time.Second
				}
			})
			_, _, _ = r.get(t.Context(), "http://news.example.com"+path)
			if got := a.brief(); len(got) == 0 || !strings.HasSuffix(got[0], why) || len(a.all[1].Body) == 0 || len(a.all[1].Body) > 1<<20+1 {
				t.Errorf("recorded %q", got)
			}
		})
	}
	t.Run("the run ends", func(t *testing.T) {
		t.Parallel()
		var a album
		ctx, cancel := context.WithCancel(With(t.Context(), Policy{Source: "news"}))
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://news.example.com/slow", nil)
		resp, err := a.rig(t, s).RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		_, _ = io.ReadAll(resp.Body)
		resp.Body.Close()
		if got := a.brief(); len(got) != 1 || !strings.HasSuffix(got[0], "unspecified") {
			t.Errorf("recorded %q", got)
		}
	})
}

func TestWhatIsRecorded(t *testing.T) {
	t.Parallel()
	s := press(t)
	var a album
	r := a.rig(t, s)
	req, _ := http.NewRequestWithContext(With(t.Context(), Policy{Source: "vtcnews"}), http.MethodGet, "http://news.example.com/gzip?p=1#top", nil)
	req.Header = http.Header{"Authorization": {"Bearer s3cret"}, "Proxy-Authorization": {"x"}, "Accept": {"text/html"}}
	req.URL.User = nil
	begun := time.Now()
	resp, err := r.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := Raw(resp.Header); ok {
		t.Error("a server's own reference passed")
	}
	text, err := io.ReadAll(resp.Body)
	if err != nil || !strings.HasPrefix(string(text), "<p>Hai nước") {
		t.Errorf("%q, %v", text, err)
	}
	ref, ok := Raw(resp.Header)
	if want := (warc.Ref{Segment: "v1/raw/source=vtcnews/a.warc.gz", Offset: 2}); !ok || ref != want {
		t.Errorf("%v, %v", ref, ok)
	}
	resp.Body.Close()
	e := a.all[1]
	if e.URL != "http://news.example.com/gzip?p=1" || e.Method != http.MethodGet || !e.Remote.IsLoopback() || e.At.Before(begun) || a.sources[1] != "vtcnews" {
		t.Errorf("%+v", e)
	}
	if e.Sent.Get("Authorization")+e.Sent.Get("Proxy-Authorization") != "" || e.Sent.Get("Accept-Encoding") != "gzip, br, zstd" || e.Sent.Get("Accept") != "text/html" {
		t.Errorf("sent %v", e.Sent)
	}
	if e.Received.Get("Content-Encoding") != "gzip" || e.Received.Get("Content-Type") != "text/plain; charset=utf-8" || e.Received.Get("X-Attache-Raw") != "v1/raw/theirs 7" {
		t.Errorf("received %v", e.Received)
	}
	if resp.Header.Get("Content-Encoding") != "" || resp.Header.Get("Content-Type") != "text/plain" || !resp.Uncompressed || resp.ContentLength != -1 {
		t.Errorf("handed on %v", resp.Header)
	}
	if req.Header.Get("Authorization") == "" || req.Header.Get("Accept-Encoding") != "" {
		t.Errorf("the caller's request was changed: %v", req.Header)
	}
}

// TestRequestsAreLeftAsTheyAre, for whoever sends them again.
func TestRequestsAreLeftAsTheyAre(t *testing.T) {
	t.Parallel()
	d := &decoder{next: failing{}}
	req := httptest.NewRequest(http.MethodGet, home, nil)
	if _, err := d.RoundTrip(req); !errors.Is(err, errPublic) || len(req.Header) > 0 {
		t.Errorf("%v, %v", req.Header, err)
	}
}

type failing struct{}

func (failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, errPublic }

// TestNothingWithoutItsCapture: a page that cannot be recorded cannot be read.
func TestNothingWithoutItsCapture(t *testing.T) {
	t.Parallel()
	s := press(t)
	full := errors.New("no space left on device")
	for _, path := range []string{"/plain", "/gzip", "/moved", "/gone"} {
		a := album{err: full}
		r := a.rig(t, s)
		if _, _, err := r.get(t.Context(), "http://news.example.com"+path); !errors.Is(err, ErrRecord) || !errors.Is(err, full) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestUnansweredIsNotRecorded(t *testing.T) {
	t.Parallel()
	var a album
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	_, _, err := a.rig(t, s).get(t.Context(), "http://news.example.com/plain")
	if err == nil || len(a.all) > 0 {
		t.Errorf("%v, recorded %v", err, a.brief())
	}
}

func TestRawRef(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{"v1/raw/a.warc.gz 12": true, "": false, "v1/raw/a.warc.gz": false, "v1/raw/a.warc.gz x": false, "12": false} {
		if ref, ok := Raw(http.Header{RawRef: {value}}); ok != want {
			t.Errorf("%q: %v, %v", value, ref, ok)
		}
	}
}
