package sinks

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestListNamesAllOfAPrefix(t *testing.T) {
	t.Parallel()
	s := settings()
	b := made(t, s)
	var want []ObjectInfo
	folder := filepath.Join(serviceRoot, s.Bucket, s.Prefix, LivePrefix(day))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for i := range 1003 { // more than one page; put as files, which is what objects are here
		name := fmt.Sprintf("%04d", i)
		want = append(want, ObjectInfo{LivePrefix(day) + name, 1})
		if err := os.WriteFile(filepath.Join(folder, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.PutBytes(t.Context(), "v1/elsewhere", []byte("x"), ""); err != nil {
		t.Fatal(err)
	}
	got, err := b.List(t.Context(), LivePrefix(day))
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%d objects, %v", len(got), err)
	}
	s.Prefix = "other/"
	if got, err := open(t, s).List(t.Context(), ""); err != nil || len(got) != 0 {
		t.Errorf("under another prefix: %v, %v", got, err)
	}
}

func TestGet(t *testing.T) {
	t.Parallel()
	b := made(t, settings())
	if _, err := b.PutBytes(t.Context(), "k", []byte("text"), "text/plain"); err != nil {
		t.Fatal(err)
	}
	if got := read(t, b, "k"); got != "text" {
		t.Errorf("%q", got)
	}
	if _, err := b.Get(t.Context(), "nothing"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

func TestGetDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		then func(*http.Request)
		says string
	}{
		"silence": {func(r *http.Request) { <-r.Context().Done() }, "no answer in time"},
		"the end": {func(*http.Request) { panic(http.ErrAbortHandler) }, "the connection broke off"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Length", "100")
				_, _ = io.WriteString(w, "ten bytes.")
				w.(http.Flusher).Flush()
				c.then(r)
			}))
			t.Cleanup(srv.Close)
			s := settings()
			quick := hasty
			quick.idle = 50 * time.Millisecond
			s.Endpoint, s.limits = srv.URL, &quick
			r, err := open(t, s).Get(t.Context(), "k")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = r.Close() }()
			if _, err := io.ReadAll(r); !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), c.says) {
				t.Error(err)
			}
		})
	}
}
