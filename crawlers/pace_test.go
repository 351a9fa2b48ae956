package crawlers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"attache/crawlers/transport"
	"attache/crawlers/transport/wiretest"
	"attache/seeds"
)

const plain = "http://news.example.com/hai-nuoc-dien-tap-7.html"

// pacedSource keeps the given pace.
func pacedSource(t *testing.T, delay, jitter time.Duration) *seeds.Source {
	t.Helper()
	src := source(t)
	src.Pace = seeds.Pace{Delay: seeds.Span(delay), Jitter: seeds.Span(jitter)}
	return src
}

// slowly answers a page whose end comes after d.
func slowly(d time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<h1>Hai nước")
		_ = http.NewResponseController(w).Flush()
		pass(d)
		_, _ = io.WriteString(w, "diễn tập</h1>")
	}
}

// apart checks that each visit begins so long after the one before it ended,
// and not much later.
func apart(t *testing.T, visits []wiretest.Visit, least, most time.Duration) {
	t.Helper()
	for i := 1; i < len(visits); i++ {
		if gap := visits[i].Begin.Sub(visits[i-1].End); gap < least || gap > most {
			t.Errorf("%s came %s after %s; want %s to %s", visits[i].Path, gap, visits[i-1].Path, least, most)
		}
	}
}

// TestPaceAsTheServerSeesIt: colly's limits count from the request's end too,
// but sleep through the end of the run, and leave robots.txt out.
func TestPaceAsTheServerSeesIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, polite, unplug := plug(t, noRobots(slowly(3*time.Second)))
		defer unplug()
		c := New(t.Context(), polite, pacedSource(t, 4*time.Second, 2*time.Second))
		for i := range 5 {
			if _, err := c.Fetch(fmt.Sprintf("http://news.example.com/bai-%d.html", i), transport.Validators{}); err != nil {
				t.Fatal(err)
			}
		}
		if len(w.Seen()) != 6 {
			t.Fatalf("%d visits", len(w.Seen()))
		}
		apart(t, w.Seen(), 4*time.Second, 6*time.Second)
	})
}

// TestWaitingIsNotTimedOut: colly's client gives up after 10 s in all, the wait
// for a turn included.
func TestWaitingIsNotTimedOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, polite, unplug := plug(t, noRobots(page("<h1>Hai nước diễn tập</h1>")))
		defer unplug()
		if _, err := New(t.Context(), polite, pacedSource(t, 10*time.Minute, 0)).Fetch(plain, transport.Validators{}); err != nil {
			t.Fatal(err)
		}
		apart(t, w.Seen(), 10*time.Minute, 10*time.Minute)
	})
}

func TestSourcesShareTheTurnOfAHost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, polite, unplug := plug(t, noRobots(slowly(time.Second)))
		defer unplug()
		var wg sync.WaitGroup
		for _, delay := range []time.Duration{3 * time.Second, 5 * time.Second} {
			c := New(t.Context(), polite, pacedSource(t, delay, 0))
			wg.Go(func() {
				for range 4 {
					if _, err := c.Fetch(plain, transport.Validators{}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if visits := w.Seen(); len(visits) != 9 { // one robots.txt for both
			t.Errorf("%d visits: %v", len(visits), visits)
		}
		apart(t, w.Seen(), 3*time.Second, 5*time.Second)
	})
}

// TestHostsDoNotWaitForEachOther: two hosts at once, one host one at a time.
func TestHostsDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, polite, unplug := plug(t, noRobots(slowly(time.Minute)), func(o *transport.Options) { o.Timeout = time.Hour })
		defer unplug()
		begin := time.Now()
		var wg sync.WaitGroup
		for _, host := range []string{"news.example.com", "www.example.com"} {
			wg.Go(func() {
				if _, err := New(t.Context(), polite, source(t)).Fetch("http://"+host+"/bai-7.html", transport.Validators{}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if took := time.Since(begin); took != time.Minute {
			t.Errorf("both took %s", took)
		}
	})
}

// TestContextEndsWaiting: for the turn, for the pace and for another's robots.txt.
func TestContextEndsWaiting(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		other  bool // somebody else has the host
	}{
		"pace":       {noRobots(page("<h1>Hai nước</h1>")), false},
		"turn":       {noRobots(slowly(day)), true},
		"robots.txt": {slowly(day), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, polite, unplug := plug(t, c.answer, func(o *transport.Options) { o.Timeout = 2 * day })
				var wg sync.WaitGroup
				otherCtx, stopOther := context.WithCancel(t.Context())
				if c.other {
					wg.Go(func() { _, _ = New(otherCtx, polite, source(t)).Fetch(plain, transport.Validators{}) })
					pass(time.Second)
				}
				why := errors.New("the operator stops attache")
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(time.Minute, func() { cancel(why) })
				begin := time.Now()
				_, err := New(ctx, polite, pacedSource(t, day, 0)).Fetch(plain, transport.Validators{})
				if !errors.Is(err, why) || time.Since(begin) != time.Minute {
					t.Errorf("after %s: %v", time.Since(begin), err)
				}
				stopOther()
				wg.Wait()
				unplug()
				pass(2 * day) // the publisher's own slow end
			})
		})
	}
}

// TestTurnIsGivenBack after every kind of failure.
func TestTurnIsGivenBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, polite, unplug := plug(t, noRobots(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/ngat-1.html":
				panic(http.ErrAbortHandler)
			case "/dai-2.html":
				slowly(time.Hour)(w, r)
			case "/lon-3.html":
				_, _ = w.Write(make([]byte, 2<<20))
			case "/chuyen-4.html":
				http.Redirect(w, r, "/ngat-1.html", http.StatusFound)
			default:
				page("<h1>Hai nước</h1>")(w, r)
			}
		}))
		defer unplug()
		c := New(t.Context(), polite, pacedSource(t, 2*time.Second, 0))
		for _, path := range []string{"ngat-1", "dai-2", "lon-3", "chuyen-4"} {
			if _, err := c.Fetch("http://news.example.com/"+path+".html", transport.Validators{}); err == nil {
				t.Errorf("%s worked", path)
			}
		}
		begin := time.Now()
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := New(short, polite, pacedSource(t, time.Minute, 0)).Fetch(plain, transport.Validators{}); err == nil {
			t.Error("the pace was not kept")
		}
		if _, err := c.Fetch(plain, transport.Validators{}); err != nil || time.Since(begin) < 2*time.Second || time.Since(begin) > time.Minute {
			t.Errorf("%v after %s", err, time.Since(begin))
		}
		pass(time.Hour)                // the publisher's own slow end
		if n := len(w.Seen()); n < 9 { // what breaks is tried again
			t.Errorf("%d visits", n)
		}
	})
}

func TestCrawlDelaySlowsAndNeverHurries(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		robots     string
		pace, want time.Duration
	}{
		"slower than ours": {"User-agent: *\nCrawl-delay: 7", 2 * time.Second, 7 * time.Second},
		"faster than ours": {"User-agent: *\nCrawl-delay: 1", 2 * time.Second, 2 * time.Second},
		"beyond the cap":   {"User-agent: *\nCrawl-delay: 86400", 2 * time.Second, 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, polite, unplug := plug(t, withRobots(c.robots, page("<h1>Hai nước</h1>")))
				defer unplug()
				crawler := New(t.Context(), polite, pacedSource(t, c.pace, 0))
				for range 3 {
					if _, err := crawler.Fetch(plain, transport.Validators{}); err != nil {
						t.Fatal(err)
					}
				}
				apart(t, w.Seen(), c.want, c.want)
			})
		})
	}
}
