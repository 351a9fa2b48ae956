package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attache/internal/view"
)

// TestControl is what attache sources pause, resume and run, and attache reload, do.
func TestControl(t *testing.T) {
	t.Parallel()
	ran := make(chan struct{}, 9)
	r := assembled(t, func(context.Context) error { ran <- struct{}{}; return nil })
	stop := r.runs()
	<-ran
	c := NewClient(r.Generation().Config.Socket())
	do := func(what string) (w view.When, err error) {
		body, err := c.Do(t.Context(), http.MethodPost, "/api/v1/sources/"+what)
		if err == nil {
			err = json.Unmarshal(body, &w)
		}
		return w, err
	}
	eventually(t, "the end of the first run", func() bool { return len(r.runningNow()) == 0 })
	if w, err := do("qk7/pause"); err != nil || w.Paused == nil || len(w.Next) != 0 {
		t.Errorf("%+v, %v", w, err)
	}
	if since, err := r.store.Paused(t.Context(), "qk7"); err != nil || since.IsZero() {
		t.Errorf("the pause is not kept: %v", err)
	}
	if _, err := do("qk7/run"); err != nil {
		t.Error(err)
	}
	<-ran
	if w, err := do("qk7/resume"); err != nil || w.Paused != nil || len(w.Next) != 1 {
		t.Errorf("%+v, %v", w, err)
	}
	for path, says := range map[string]string{"nobody/run": "no source called", ":seal/run": "no source called", "qk7/dance": "pause, resume or run"} {
		if _, err := do(path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", path, err)
		}
	}
	r.load(func() (*Generation, error) { return nil, errTest })
	if _, err := c.Do(t.Context(), http.MethodPost, "/-/reload"); err == nil || err.Error() != errTest.Error() {
		t.Errorf("the reason does not come through: %v", err)
	}
	if err := r.Alive(t.Context()); err != nil {
		t.Error(err)
	}
	if body, err := c.Do(t.Context(), http.MethodGet, "/healthz"); err != nil || !strings.Contains(string(body), "ok") {
		t.Errorf("%s, %v", body, err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestSocket(t *testing.T) {
	t.Parallel()
	for name, dir := range map[string]string{"short": "", "long": strings.Repeat("x", 120)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), dir)
			path := filepath.Join(dir, "attache.sock")
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if _, err := NewClient(path).Do(t.Context(), http.MethodGet, "/"); !errors.Is(err, ErrNotRunning) {
				t.Errorf("where nothing is: %v", err)
			}
			first, err := listenSocket(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			// One that was killed leaves its socket.
			if l, ok := first.(*socketListener); ok {
				if err := l.Listener.Close(); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := NewClient(path).Do(t.Context(), http.MethodGet, "/"); !errors.Is(err, ErrNotRunning) {
				t.Errorf("where a dead one was: %v", err)
			}
			l, err := listenSocket(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			info, err := os.Stat(path)
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("its mode is %v, %v", info, err)
			}
			accepted := make(chan net.Conn, 1)
			go func() {
				if c, err := l.Accept(); err == nil {
					accepted <- c
				}
			}()
			c, err := dialSocket(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			other := <-accepted
			if err := errors.Join(c.Close(), other.Close(), l.Close()); err != nil {
				t.Error(err)
			}
			left, err := os.ReadDir(dir)
			if err != nil || len(left) != 0 {
				t.Errorf("it leaves %v, %v", left, err)
			}
		})
	}
	path := filepath.Join(t.TempDir(), "attache.sock")
	if err := os.WriteFile(path, []byte("a diary"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := listenSocket(t.Context(), path); err == nil || !strings.Contains(err.Error(), "move it away") {
		t.Errorf("a file was overwritten: %v", err)
	}
}
