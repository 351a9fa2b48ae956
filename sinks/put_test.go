package sinks

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func TestPutLandsOnce(t *testing.T) {
	t.Parallel()
	for _, mode := range []struct {
		checksum string
		proof    Proof
	}{{WhenSupported, ByChecksum}, {WhenRequired, ByReading}} {
		t.Run(mode.checksum, func(t *testing.T) {
			t.Parallel()
			s := settings()
			s.Checksum = mode.checksum
			b := made(t, s)
			for _, text := range []string{"", "one line\n", strings.Repeat("five mebibytes. ", 5<<20/16)} {
				o := spooled(t, "v1/live/"+digest([]byte(text))[:12], text)
				if got, err := b.Put(t.Context(), o); err != nil || got != (Landed{Proof: mode.proof}) {
					t.Fatalf("first put of %d bytes: %+v, %v", o.Bytes, got, err)
				}
				if got, err := b.Put(t.Context(), o); err != nil || got != (Landed{Already: true, Proof: ByReading}) {
					t.Fatalf("second put of %d bytes: %+v, %v", o.Bytes, got, err)
				}
				if got, err := os.ReadFile(onDisk(b, o.Key)); err != nil || string(got) != text {
					t.Fatalf("the service holds %d bytes, %v; want %d", len(got), err, len(text))
				}
			}
		})
	}
}

func TestPutNeverOverwrites(t *testing.T) {
	t.Parallel()
	b := made(t, settings())
	if _, err := b.PutBytes(t.Context(), "k", []byte("first"), "text/plain"); err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{"other", "first and more", "fir", "", strings.Repeat("long ", 1<<20)} {
		if _, err := b.Put(t.Context(), spooled(t, "k", other)); !errors.Is(err, ErrConflict) {
			t.Errorf("put of %q over another: %v", other, err)
		}
	}
	if got, _ := os.ReadFile(onDisk(b, "k")); string(got) != "first" {
		t.Errorf("the first object became %q", got)
	}
}

// A service may refuse a long body before it has read it; the client then sees a
// reset connection and must still find out why.
func TestPutOfALongBodyLearnsWhyItIsRefused(t *testing.T) {
	t.Parallel()
	b := open(t, settings())
	if _, err := b.Put(t.Context(), spooled(t, "k", strings.Repeat("long ", 1<<20))); !errors.Is(err, ErrNoBucket) {
		t.Error(err)
	}
}

func TestPutRace(t *testing.T) {
	t.Parallel()
	b := made(t, settings())
	var won atomic.Int64
	var all sync.WaitGroup
	for i := range 8 {
		body := []byte{'a' + byte(i/2)} // two writers of each body
		all.Go(func() {
			switch _, err := b.PutBytes(t.Context(), "k", body, "text/plain"); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, ErrConflict):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != 2 {
		t.Errorf("%d writers think they landed, want the two of one body", won.Load())
	}
}

func TestPutRefusesDamagedSpool(t *testing.T) {
	t.Parallel()
	b := made(t, settings())
	o := spooled(t, "k", "as frozen")
	if err := os.WriteFile(o.Path, []byte("as rotten"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Put(t.Context(), o); err == nil || !strings.Contains(err.Error(), "is damaged") {
		t.Errorf("put of a damaged file: %v", err)
	}
	if _, err := os.Stat(onDisk(b, "k")); err == nil {
		t.Error("it was sent all the same")
	}
}

// once lets spoil act on the first request of a method only.
func once(method string, spoil http.HandlerFunc) func(http.Handler) http.Handler {
	var done atomic.Bool
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == method && done.CompareAndSwap(false, true) {
				spoil(w, r)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func TestPutWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	s := settings()
	made(t, s)
	var lost atomic.Bool
	b := through(t, s, nil, func(r *http.Response) error {
		if r.Request.Method == http.MethodPut && r.StatusCode == http.StatusOK && lost.CompareAndSwap(false, true) {
			panic(http.ErrAbortHandler) // it has landed; the client sees a reset
		}
		return nil
	})
	got, err := b.Put(t.Context(), spooled(t, "k", "landed, unheard"))
	if err != nil || got != (Landed{Already: true, Proof: ByReading}) || !lost.Load() {
		t.Errorf("%+v, %v; answer lost: %t", got, err, lost.Load())
	}
}

func TestPutRetriesWhatPasses(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusConflict, http.StatusServiceUnavailable, http.StatusInternalServerError, http.StatusTooManyRequests} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			s := settings()
			made(t, s)
			b := through(t, s, once(http.MethodPut, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				w.WriteHeader(status)
			}), nil)
			if got, err := b.Put(t.Context(), spooled(t, "k", "text")); err != nil || got.Already {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

// mute takes the service's checksums out of its answers.
func mute(r *http.Response) error {
	r.Header.Del("X-Amz-Checksum-Sha256")
	return nil
}

func TestPutProvesByReadingWhenTheServerGivesNoChecksum(t *testing.T) {
	t.Parallel()
	s := settings()
	made(t, s)
	b := through(t, s, nil, mute)
	if got, err := b.Put(t.Context(), spooled(t, "k", "text")); err != nil || got != (Landed{Proof: ByReading}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestPutProvesByHeadWhenTheAnswerIsSilent(t *testing.T) {
	t.Parallel()
	s := settings()
	made(t, s)
	b := through(t, s, nil, func(r *http.Response) error {
		if r.Request.Method == http.MethodPut {
			return mute(r)
		}
		return nil
	})
	if got, err := b.Put(t.Context(), spooled(t, "k", "text")); err != nil || got != (Landed{Proof: ByChecksum}) {
		t.Errorf("%+v, %v", got, err)
	}
}

// flip changes one byte of every object that is read.
func flip(r *http.Response) error {
	if r.Request.Method == http.MethodGet && r.StatusCode == http.StatusOK {
		r.Body = struct {
			io.Reader
			io.Closer
		}{&flipper{in: r.Body}, r.Body}
	}
	return nil
}

type flipper struct {
	in   io.Reader
	done bool
}

func (f *flipper) Read(p []byte) (int, error) {
	n, err := f.in.Read(p)
	if n > 0 && !f.done {
		p[n/2] ^= 1
		f.done = true
	}
	return n, err
}

func TestPutDoesNotBelieveLies(t *testing.T) {
	t.Parallel()
	for name, lie := range map[string]struct {
		touch  func(http.Handler) http.Handler
		answer func(*http.Response) error
		want   error
	}{
		"200 for nothing": {
			touch: once(http.MethodPut, func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }),
			want:  ErrNotFound,
		},
		"other bytes read back": {answer: func(r *http.Response) error { return errors.Join(mute(r), flip(r)) }, want: ErrConflict},
		"another checksum": {answer: func(r *http.Response) error {
			r.Header.Set("X-Amz-Checksum-Sha256", base64OfHex(digest([]byte("something else"))))
			return nil
		}, want: ErrConflict},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings()
			made(t, s)
			b := through(t, s, lie.touch, lie.answer)
			if got, err := b.Put(t.Context(), spooled(t, "k", "text")); !errors.Is(err, lie.want) {
				t.Errorf("%+v, %v; want %v", got, err, lie.want)
			}
		})
	}
}
