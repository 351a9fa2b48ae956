package sinks

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

func TestRemove(t *testing.T) {
	t.Parallel()
	b := made(t, settings())
	for _, key := range []string{"v1/live/a", "v1/live/b"} {
		if _, err := b.PutBytes(t.Context(), key, []byte("x"), ""); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second time there is nothing to do
		if err := b.Remove(t.Context(), "v1/live/a"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Get(t.Context(), "v1/live/a"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	if got := read(t, b, "v1/live/b"); got != "x" {
		t.Errorf("its neighbour holds %q", got)
	}
	if err := open(t, settings()).Remove(t.Context(), "v1/live/a"); !errors.Is(err, ErrNoBucket) {
		t.Error(err)
	}
}

func TestRemoveWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	s := settings()
	good := made(t, s)
	if _, err := good.PutBytes(t.Context(), "v1/live/a", []byte("x"), ""); err != nil {
		t.Fatal(err)
	}
	var lost atomic.Bool
	b := through(t, s, nil, func(r *http.Response) error {
		if r.Request.Method == http.MethodDelete && lost.CompareAndSwap(false, true) {
			panic(http.ErrAbortHandler)
		}
		return nil
	})
	if err := b.Remove(t.Context(), "v1/live/a"); err != nil || !lost.Load() {
		t.Errorf("%v; answer lost: %t", err, lost.Load())
	}
	if all, err := good.List(t.Context(), ""); err != nil || len(all) != 0 {
		t.Errorf("%v, %v", all, err)
	}
}

// TestAProxysNotFoundIsNoAnswer: what stands before an S3 that is away may answer 404 to
// everything. That an object is gone, or was never there, is not said by it.
func TestAProxysNotFoundIsNoAnswer(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "<html>404 page not found</html>", "404 page not found\n", "<Error><Code>Nonsense</Code></Error>"} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, body)
		}))
		t.Cleanup(srv.Close)
		s := settings()
		s.Endpoint = srv.URL
		b := open(t, s)
		_, getErr := b.Get(t.Context(), "k")
		_, putErr := b.PutBytes(t.Context(), "k", []byte("text"), "text/plain")
		for call, err := range map[string]error{"get": getErr, "put": putErr, "remove": b.Remove(t.Context(), "k")} {
			if err == nil || errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "check the endpoint") {
				t.Errorf("%s, %q: %v", call, body, err)
			}
		}
	}
}
