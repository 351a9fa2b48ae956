package sinks

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

const segment = "v1/raw/source=vtcnews/fetch_date=2026-11-21/one.warc.gz"

// captured is a bucket with a segment in it.
func captured(t *testing.T, s Settings, text string) *Bucket {
	t.Helper()
	b := made(t, s)
	if _, err := b.PutBytes(t.Context(), segment, []byte(text), WARCType); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestReplace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		holds, old string
		err        error
		then       string
	}{
		"the old one":  {"old", "old", nil, "new"},
		"done already": {"new", "old", nil, "new"},
		"another":      {"else", "old", ErrConflict, "else"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := captured(t, settings(), c.holds)
			o := spooled(t, segment, "new")
			o.ContentType = WARCType
			for range 2 {
				if err := b.Replace(t.Context(), o, digest([]byte(c.old))); !errors.Is(err, c.err) {
					t.Error(err)
				}
				if got := read(t, b, segment); got != c.then {
					t.Errorf("it holds %q", got)
				}
			}
		})
	}
	b := made(t, settings())
	if err := b.Replace(t.Context(), spooled(t, segment, "new"), digest([]byte("old"))); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	damaged := spooled(t, segment, "new")
	damaged.SHA256 = digest([]byte("other"))
	if err := b.Replace(t.Context(), damaged, ""); err == nil || !strings.Contains(err.Error(), "is damaged") {
		t.Error(err)
	}
	damaged.Path += "-none"
	if err := b.Replace(t.Context(), damaged, ""); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Error(err)
	}
}

func TestReplaceWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	s := settings()
	captured(t, s, "old")
	var lost atomic.Bool
	b := through(t, s, nil, func(r *http.Response) error {
		if r.Request.Method == http.MethodPut && lost.CompareAndSwap(false, true) {
			panic(http.ErrAbortHandler)
		}
		return nil
	})
	if err := b.Replace(t.Context(), spooled(t, segment, "new"), digest([]byte("old"))); err != nil || !lost.Load() {
		t.Errorf("%v; answer lost: %t", err, lost.Load())
	}
}

// TestReplaceAmongOthers: one of them wins, and nobody overwrites the winner.
func TestReplaceAmongOthers(t *testing.T) {
	t.Parallel()
	b := captured(t, settings(), "old")
	var won atomic.Value
	var winners atomic.Int32
	var all sync.WaitGroup
	for _, text := range []string{"one", "two", "three", "four"} {
		o := spooled(t, segment, text)
		all.Go(func() {
			switch err := b.Replace(t.Context(), o, digest([]byte("old"))); {
			case err == nil:
				won.Store(text)
				winners.Add(1)
			case !errors.Is(err, ErrConflict):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := read(t, b, segment); winners.Load() != 1 || won.Load() != got {
		t.Errorf("%d won, it holds %q, not %q", winners.Load(), got, won.Load())
	}
}

// TestReplaceThatIsOvertaken: between reading and putting another writer comes.
func TestReplaceThatIsOvertaken(t *testing.T) {
	t.Parallel()
	s := settings()
	good := captured(t, s, "old")
	var once atomic.Bool
	b := through(t, s, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut && once.CompareAndSwap(false, true) {
				if err := good.Replace(r.Context(), spooled(t, segment, "faster"), digest([]byte("old"))); err != nil {
					t.Error(err)
				}
			}
			next.ServeHTTP(w, r)
		})
	}, nil)
	if err := b.Replace(t.Context(), spooled(t, segment, "new"), digest([]byte("old"))); !errors.Is(err, ErrConflict) || !once.Load() {
		t.Error(err)
	}
	if got := read(t, good, segment); got != "faster" {
		t.Errorf("it holds %q", got)
	}
}

func TestReplaceGivesUp(t *testing.T) {
	t.Parallel()
	s := settings()
	captured(t, s, "old")
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
	if err := b.Replace(t.Context(), spooled(t, segment, "new"), digest([]byte("old"))); !errors.Is(err, ErrConflict) || !strings.Contains(err.Error(), "another writer") {
		t.Error(err)
	}
}

// TestReplaceOnAPoisonedWire: what it says is true, and on a good wire it ends.
func TestReplaceOnAPoisonedWire(t *testing.T) {
	t.Parallel()
	for name, toxic := range map[string]string{
		"answers are cut":  `{"type":"limit_data","stream":"downstream","attributes":{"bytes":40}}`,
		"half the request": `{"type":"limit_data","stream":"upstream","attributes":{"bytes":20000}}`,
		"sometimes reset":  `{"type":"reset_peer","stream":"downstream","toxicity":0.4,"attributes":{"timeout":0}}`,
		"slow answers":     `{"type":"latency","stream":"downstream","attributes":{"latency":200,"jitter":100}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings()
			old, now := strings.Repeat("Two ministers met in Vientiane. ", 2000), strings.Repeat("Nothing is left of what was here.", 2000)
			good := captured(t, s, old)
			bad, _ := poisoned(t, s, toxic)
			o := spooled(t, segment, now)
			err := bad.Replace(t.Context(), o, digest([]byte(old)))
			got := read(t, good, segment)
			if err == nil && got != now || got != now && got != old {
				t.Errorf("%v, and it holds %d bytes", err, len(got))
			}
			if err := good.Replace(t.Context(), o, digest([]byte(old))); err != nil {
				t.Error(err)
			}
			holds(t, good, segment, int64(len(now)))
			_ = bad.Remove(t.Context(), segment)
			if err := good.Remove(t.Context(), segment); err != nil {
				t.Error(err)
			}
			if all, err := good.List(t.Context(), ""); err != nil || len(all) != 0 {
				t.Errorf("%v, %v", all, err)
			}
		})
	}
}
