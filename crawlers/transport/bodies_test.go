package transport

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestBodiesThatBreakOff are failures of the host like no answer at all: after five
// in a row it is left in peace, one that comes whole begins the count anew, and
// what is wrong with an answer that came whole is none.
func TestBodiesThatBreakOff(t *testing.T) {
	t.Parallel()
	stalls := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "<p>half of")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		counts bool
	}{
		"cut short": {cutShort, true},
		"stalled":   {stalls, true},
		"cut short, packed": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed(t, strings.Repeat("<p>half of", 100))[:40])
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, true},
		"too large": {body(strings.Repeat("a", 2<<20)), false},
		"broken coding": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			fmt.Fprint(w, "abc")
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fine := false
				r := plug(t, open(func(w http.ResponseWriter, r *http.Request) {
					if !fine {
						c.answer(w, r)
					}
				}))
				defer r.unplug()
				ask := func(n int) (quiet int) {
					for range n {
						_, _, err := r.get(t.Context(), home)
						if err == nil {
							t.Error("a broken answer was taken")
						}
						if is[*Quiet](err) {
							quiet++
						}
					}
					return quiet
				}
				if quiet := ask(mostFailures - 1); quiet != 0 {
					t.Errorf("%d were held back early", quiet)
				}
				fine = true
				if _, _, err := r.get(t.Context(), home); err != nil {
					t.Fatal(err)
				}
				fine = false
				want := map[bool]int{true: 4}[c.counts]
				if quiet := ask(mostFailures + 4); quiet != want {
					t.Errorf("%d were held back, not %d", quiet, want)
				}
				if !c.counts {
					return
				}
				pass(2 * time.Minute) // the probe breaks off too, and the wait is twice as long
				if quiet := ask(2); quiet != 1 {
					t.Errorf("%d were held back after the probe", quiet)
				}
				pass(2*time.Minute - time.Second)
				if quiet := ask(1); quiet != 1 {
					t.Error("the back-off did not double")
				}
			})
		})
	}
}

// TestOneBadAddressDoesNotCloseTheHost: ten days of a list that works and, in each
// run, an address that always wants quiet.
func TestOneBadAddressDoesNotCloseTheHost(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 503} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				store := &memory{}
				r := plug(t, open(func(w http.ResponseWriter, q *http.Request) {
					if q.URL.Path == "/bad" {
						w.WriteHeader(status)
					}
				}), patience(30*time.Second), func(o *Options) { o.Hosts = store })
				defer r.unplug()
				had := 0
				const runs = 10 * 24 * 4
				for range runs {
					if _, _, err := r.get(t.Context(), home+"list"); err == nil {
						had++
					}
					if _, _, err := r.get(t.Context(), home+"bad"); !is[*Quiet](err) {
						t.Fatal(err)
					}
					if step := store.of["news.example.com"].Step; step > 2*time.Minute {
						t.Fatalf("left in peace for %s after %d runs", step, had)
					}
					pass(15 * time.Minute)
				}
				if had != runs {
					t.Errorf("the list came %d times", had)
				}
			})
		})
	}
}

// TestWallsGoOnDoubling: a wall answers 200, and is no success.
func TestWallsGoOnDoubling(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &memory{}
		r := plug(t, open(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<title>Just a moment...</title>")
		}), func(o *Options) { o.Hosts = store })
		defer r.unplug()
		for want := time.Minute; want < 4*time.Hour; want *= 2 {
			if _, _, err := r.get(t.Context(), home); !is[*Challenge](err) {
				t.Fatal(err)
			}
			if got := store.of["news.example.com"].Step; got != want {
				t.Fatalf("left in peace for %s, not %s", got, want)
			}
			pass(want + want/10)
		}
	})
}

// TestClockThatWasAhead: a back-off noted while it was ends within about a day all the same.
func TestClockThatWasAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := plug(t, open(answers([]int{200})))
		defer r.unplug()
		if _, _, err := r.get(t.Context(), home); err != nil {
			t.Fatal(err)
		}
		h := r.robots.pace.host(mustParse(t, home))
		h.mu.Lock()
		h.peace.Until = time.Now().AddDate(4, 0, 0)
		h.mu.Unlock()
		for range 30 {
			_, _, err := r.get(t.Context(), home)
			if q, ok := errors.AsType[*Quiet](err); ok && time.Until(q.Until) > 27*time.Hour {
				t.Fatal(err)
			}
			pass(time.Hour)
		}
		if _, _, err := r.get(t.Context(), home); err != nil {
			t.Error(err)
		}
	})
}

// TestLargest: a list may have a limit of its own, on the wire and decoded.
func TestLargest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		big := strings.Repeat("a", 2<<20)
		r := plug(t, open(func(w http.ResponseWriter, q *http.Request) {
			if q.URL.Path == "/announced" {
				w.Header().Set("Content-Length", fmt.Sprint(len(big)))
			}
			body(big)(w, q)
		}))
		defer r.unplug()
		for _, c := range []struct {
			largest int64
			path    string
			fine    bool
		}{{0, "list", false}, {0, "announced", false}, {3 << 20, "list", true}, {3 << 20, "announced", true}, {1000, "list", false}} {
			p := Policy{Source: "news", Largest: func(address string) int64 {
				if strings.HasSuffix(address, "/robots.txt") {
					return 0
				}
				if address != home+c.path {
					t.Errorf("asked of %s", address)
				}
				return c.largest
			}}
			if _, got, err := r.as(t.Context(), p, home+c.path); (err == nil) != c.fine || c.fine && len(got) != len(big) {
				t.Errorf("%+v: %d bytes, %v", c, len(got), err)
			}
		}
	})
}
