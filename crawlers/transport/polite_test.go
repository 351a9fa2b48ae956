package transport

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// hostile does to a crawler what makes it ask again: breaks kept connections,
// fails, redirects, asks for quiet, is slow.
func hostile() http.HandlerFunc {
	var mu sync.Mutex
	asked := make(map[string]int)
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked[r.URL.Path]++
		first := asked[r.URL.Path] == 1
		mu.Unlock()
		what := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
		switch {
		case what == "robots.txt" && r.URL.Path == "/robots.txt":
			http.Redirect(w, r, "/moved/robots.txt", http.StatusFound)
		case what == "breaks" && first:
			panic(http.ErrAbortHandler)
		case what == "fails":
			w.WriteHeader(http.StatusBadGateway)
		case what == "moves":
			http.Redirect(w, r, "/there/plain", http.StatusFound)
		case what == "busy" && first:
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusServiceUnavailable)
		case what == "many" && first:
			w.WriteHeader(http.StatusTooManyRequests)
		case what == "slow":
			pass(2 * time.Second)
		}
	}
}

// TestNoTwoRequestsCloserThanThePace, as the server sees it: retries, robots.txt
// and redirects included, for two sources of different pace on one host.
func TestNoTwoRequestsCloserThanThePace(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"1", "2"} {
		t.Run("HTTP/"+version, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := plug(t, hostile(), patience(time.Hour), speak(version))
				defer r.unplug()
				paces := map[string]time.Duration{"": 3 * time.Second, "quick": 3 * time.Second, "slow": 5 * time.Second}
				var wg sync.WaitGroup
				for _, source := range []string{"quick", "slow"} {
					wg.Go(func() {
						for _, what := range []string{"plain", "breaks", "fails", "moves", "busy", "many", "slow", "plain", "plain", "breaks"} {
							_, _, err := r.as(t.Context(), Policy{Source: source, Pace: pace(paces[source])}, home+source+"/"+what)
							if err != nil && !is[*Quiet](err) { // the other's failures count too
								t.Errorf("%s %s: %v", source, what, err)
							}
						}
					})
				}
				wg.Wait()
				visits := r.Seen()
				if len(visits) < 30 {
					t.Errorf("%d visits", len(visits))
				}
				for i := 1; i < len(visits); i++ {
					least := max(paces[visits[i].Header.Get("X-Source")], paces[visits[i-1].Header.Get("X-Source")])
					if gap := visits[i].Begin.Sub(visits[i-1].End); gap < least {
						t.Errorf("%s came %s after %s; %s is the least", visits[i].Path, gap, visits[i-1].Path, least)
					}
				}
			})
		})
	}
}

// speak makes the transport speak one version of HTTP.
func speak(version string) func(*Options) {
	return func(o *Options) {
		wire := o.Wire
		o.Wire = func(base *http.Transport) {
			wire(base)
			base.Protocols = new(http.Protocols)
			base.Protocols.SetHTTP1(version == "1")
			base.Protocols.SetUnencryptedHTTP2(version == "2")
		}
	}
}

func TestParallel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := plug(t, open(func(http.ResponseWriter, *http.Request) { pass(20 * time.Second) }), speak("1"))
		defer r.unplug()
		p := Policy{Source: "news", Pace: pace(2 * time.Second)}
		p.Pace.Parallel = 3
		var wg sync.WaitGroup
		for i := range 7 {
			wg.Go(func() {
				if _, _, err := r.as(t.Context(), p, fmt.Sprint(home, i)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		visits := r.Seen()
		most := 0
		for i, v := range visits {
			flying := 0
			for _, other := range visits {
				if !other.Begin.After(v.Begin) && other.End.After(v.Begin) {
					flying++
				}
			}
			most = max(most, flying)
			if i > 0 && v.Begin.Sub(visits[i-1].Begin) < 2*time.Second {
				t.Errorf("%s began %s after the one before", v.Path, v.Begin.Sub(visits[i-1].Begin))
			}
		}
		if most != 3 {
			t.Errorf("%d at once", most)
		}
	})
}

// TestSlowAnswersSlowThePace, and quick ones bring it back, never past the source's own.
func TestSlowAnswersSlowThePace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var takes time.Duration
		r := plug(t, open(func(http.ResponseWriter, *http.Request) { pass(takes) }), func(o *Options) { o.Timeout = time.Hour })
		defer r.unplug()
		ask := func(n int) (gap time.Duration) {
			t.Helper()
			for range n {
				if _, _, err := r.as(t.Context(), Policy{Pace: pace(2 * time.Second)}, home); err != nil {
					t.Fatal(err)
				}
			}
			v := r.Seen()
			return v[len(v)-1].Begin.Sub(v[len(v)-2].End)
		}
		if gap := ask(3); gap != 2*time.Second {
			t.Errorf("quick answers: %s", gap)
		}
		takes = 10 * time.Second
		if gap := ask(20); gap < 9*time.Second || gap > 10*time.Second {
			t.Errorf("slow answers: %s", gap)
		}
		takes = 10 * time.Minute
		if gap := ask(20); gap < 50*time.Second || gap > time.Minute {
			t.Errorf("very slow answers: %s", gap)
		}
		takes = 0
		if gap := ask(20); gap != 2*time.Second {
			t.Errorf("quick again: %s", gap)
		}
	})
}

// TestHostsAreForgotten when redirects name them without end; those in use and
// those left in peace are not.
func TestHostsAreForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := plug(t, open(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.Host, "busy.") {
				w.Header().Set("Retry-After", "86400")
				w.WriteHeader(http.StatusTooManyRequests)
			}
		}))
		defer r.unplug()
		if _, _, err := r.get(t.Context(), "http://busy.example.com/"); !is[*Quiet](err) {
			t.Fatal(err)
		}
		for i := range 5000 {
			if _, _, err := r.get(t.Context(), fmt.Sprintf("http://n%d.example.com/", i)); err != nil {
				t.Fatal(err)
			}
			pass(10 * time.Second)
		}
		if n := len(r.robots.pace.hosts.hosts); n > 1000 {
			t.Errorf("%d hosts are remembered", n)
		}
		if n := len(r.robots.origins); n > maxRobotsHosts {
			t.Errorf("the robots.txt of %d hosts are remembered", n)
		}
		if _, _, err := r.get(t.Context(), "http://busy.example.com/"); !is[*Quiet](err) {
			t.Errorf("a back-off was forgotten: %v", err)
		}
	})
}
