package sinks

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// than is the newer function of number n.
func than(n int) func([]byte) bool {
	return func(old []byte) bool {
		was, err := strconv.Atoi(string(old))
		return err == nil && n > was
	}
}

func read(t *testing.T, b *Bucket, key string) string {
	t.Helper()
	r, err := b.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	body, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestAdvanceOnlyForward(t *testing.T) {
	t.Parallel()
	b := made(t, settings())
	for _, step := range []struct {
		n    int
		is   bool
		then string
	}{{5, true, "5"}, {3, false, "5"}, {5, true, "5"}, {9, true, "9"}, {8, false, "9"}} {
		is, err := b.Advance(t.Context(), LatestKey, []byte(strconv.Itoa(step.n)), than(step.n))
		if got := read(t, b, LatestKey); err != nil || is != step.is || got != step.then {
			t.Errorf("advance to %d: %t, %v, holds %s; want %t, %s", step.n, is, err, got, step.is, step.then)
		}
	}
}

func TestAdvanceAmongOthers(t *testing.T) {
	t.Parallel()
	b := made(t, settings())
	var all sync.WaitGroup
	for n := range 6 {
		all.Go(func() {
			if _, err := b.Advance(t.Context(), LatestKey, []byte(strconv.Itoa(n)), than(n)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := read(t, b, LatestKey); got != "5" {
		t.Errorf("after all writers it holds %s, want the greatest", got)
	}
}

func TestAdvanceWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	s := settings()
	made(t, s)
	var lost atomic.Bool
	b := through(t, s, nil, func(r *http.Response) error {
		if r.Request.Method == http.MethodPut && lost.CompareAndSwap(false, true) {
			panic(http.ErrAbortHandler)
		}
		return nil
	})
	if is, err := b.Advance(t.Context(), LatestKey, []byte("1"), than(1)); !is || err != nil || !lost.Load() {
		t.Errorf("%t, %v; answer lost: %t", is, err, lost.Load())
	}
}

func TestAdvanceGivesUp(t *testing.T) {
	t.Parallel()
	s := settings()
	made(t, s)
	b := through(t, s, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut {
				_, _ = io.Copy(io.Discard, r.Body)
				w.WriteHeader(http.StatusPreconditionFailed)
				return
			}
			next.ServeHTTP(w, r)
		})
	}, nil)
	if _, err := b.Advance(t.Context(), LatestKey, []byte("1"), than(1)); !errors.Is(err, ErrConflict) {
		t.Error(err)
	}
}
