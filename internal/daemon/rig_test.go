package daemon

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"attache/config"
	"attache/internal/schedule"
	"attache/internal/store"
	"attache/seeds"
	"attache/sinks"
)

// rig is a daemon over a real store, with a source qk7 whose runs the test hooks.
type rig struct {
	*Daemon
	t     *testing.T
	store *store.Store

	mu     sync.Mutex
	loads  func() (*Generation, error)
	landed int
}

// nowhere is a bucket that answers what the test sets.
type nowhere struct {
	sinks.Dir
	ahead time.Duration
	err   error
}

func (n *nowhere) Ahead(context.Context) (time.Duration, bool, error) { return n.ahead, true, n.err }

func (n *nowhere) List(context.Context, string) ([]sinks.ObjectInfo, error) { return nil, n.err }

func source(t *testing.T) *seeds.Source {
	t.Helper()
	all, err := seeds.Load("")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if s.ID == "qk7" {
			return s
		}
	}
	t.Fatal("qk7 is gone")
	return nil
}

// generation is one whose only task is that of qk7.
func generation(t *testing.T, data string, do func(ctx context.Context) error) *Generation {
	t.Helper()
	c := config.Default()
	c.Data, c.HTTP.Listen = data, ""
	daily, err := cron.ParseStandard("@daily")
	if err != nil {
		t.Fatal(err)
	}
	return &Generation{Config: c, Sources: []*seeds.Source{source(t)}, Tasks: []schedule.Task{{ID: "qk7", Cron: daily, Zone: time.UTC, Do: do}}}
}

// emptyStore is made once: its migrations are the larger part of a test here.
var emptyStore = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "daemon")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "attache.db")
	s, err := store.Open(context.Background(), file, nil)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

func assembled(t *testing.T, do func(ctx context.Context) error, changes ...func(*Options)) *rig {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "attache.db")
	empty, err := emptyStore()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, empty, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), file, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	r := &rig{t: t, store: s}
	o := Options{
		First: generation(t, dir, do), Store: s, Bucket: &nowhere{}, Poll: time.Hour, Version: "test",
		Load: func(context.Context) (*Generation, error) {
			r.mu.Lock()
			defer r.mu.Unlock()
			return r.loads()
		},
		Land: func(context.Context) error { r.landed++; return nil },
		Log:  slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	for _, change := range changes {
		change(&o)
	}
	if r.Daemon, err = New(o); err != nil {
		t.Fatal(err)
	}
	return r
}

// runs starts the daemon; what is returned ends it and gives its error.
func (r *rig) runs() (stop func() error) {
	ctx, cancel := context.WithCancel(r.t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	return func() error {
		cancel()
		return <-done
	}
}

func (r *rig) load(f func() (*Generation, error)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.loads = f
}

// eventually waits for something that happens in another goroutine.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); {
		if time.Now().After(deadline) {
			t.Fatal("it never came: " + what)
		}
		<-time.After(5 * time.Millisecond)
	}
}

// ask asks h and gives the answer.
func ask(h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, "http://localhost:9464"+path, nil)
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
		req.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w
}

// says holds an answer to a status and to words it must contain.
func says(t *testing.T, what string, w *httptest.ResponseRecorder, status int, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(w.Body.String(), word) {
			t.Errorf("%s: it does not say %q: %s", what, word, w.Body)
		}
	}
	if w.Code != status {
		t.Errorf("%s: %d, want %d: %s", what, w.Code, status, w.Body)
	}
}

var errTest = errors.New("the test says so")

func nothing(context.Context) error { return nil }
