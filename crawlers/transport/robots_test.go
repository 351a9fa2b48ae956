package transport

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/warc"
)

// robotsOnly is a publisher whose every page works, with the given robots.txt.
func robotsOnly(robots http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "robots.txt") {
			robots(w, r)
		}
	}
}

func (r *rig) robotsAsked() int { return len(r.Seen()) - len(r.paths()) }

// TestRobotsThatFail keep everything from the host, and are not asked for again
// with each page.
func TestRobotsThatFail(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		robots http.HandlerFunc
		asked  int // attempts at robots.txt
		status int
		least  time.Duration
	}{
		"500":           {answers([]int{500}), 3, 500, time.Minute},
		"501":           {answers([]int{501}), 1, 501, time.Minute},
		"503":           {answers([]int{503}), 1, 503, time.Minute},
		"429":           {answers([]int{429}), 1, 429, time.Minute},
		"429, it says":  {answers([]int{429}, "Retry-After", "600"), 1, 429, 10 * time.Minute},
		"hangs up":      {answers([]int{0}), 3, 0, time.Minute},
		"breaks off":    {cutShort, 1, 0, time.Minute},
		"never answers": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 1, 0, time.Minute},
		"moved to a host that fails": {func(w http.ResponseWriter, r *http.Request) {
			if r.Host == "news.example.com" {
				http.Redirect(w, r, "http://other.example.com/robots.txt", http.StatusFound)
				return
			}
			w.Header().Set("Retry-After", "600")
			w.WriteHeader(http.StatusServiceUnavailable)
		}, 2, 0, 10*time.Minute - time.Second},
		"moved into our network": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://10.0.0.1/robots.txt", http.StatusFound)
		}, 1, 0, time.Minute},
		"moved to its other port": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://news.example.com:8080/robots.txt", http.StatusFound)
		}, 1, 0, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := plug(t, robotsOnly(c.robots))
				defer r.unplug()
				_, _, err := r.get(t.Context(), home)
				q, ok := errors.AsType[*Quiet](err)
				if !ok || strings.Count(q.Error(), "robots.txt") > 2 || strings.Count(q.Error(), "news.example.com is") != 1 ||
					!strings.Contains(q.Reason, "its robots.txt cannot be had: ") && !strings.Contains(q.Reason, "asked for robots.txt, it answers ") || strings.Contains(q.Error(), "Get ") {
					t.Fatal(err)
				}
				if wait := time.Until(q.Until); q.Host != "news.example.com" || q.Status != c.status || wait < c.least || wait > c.least+c.least/10 {
					t.Errorf("%+v, that is for %s", q, wait)
				}
				for i := range 10 {
					if _, _, err := r.get(t.Context(), fmt.Sprint(home, i)); !is[*Quiet](err) {
						t.Error(err)
					}
				}
				if n := r.robotsAsked(); n != c.asked || len(r.paths()) > 0 {
					t.Errorf("asked %d times; %v", n, r.paths())
				}
				pass(time.Until(q.Until))
				_, _, _ = r.get(t.Context(), home)
				if n := r.robotsAsked(); n <= c.asked {
					t.Error("robots.txt was never asked for again")
				}
			})
		})
	}
}

// TestRefusedHostsAreNotLeftInPeace: that nothing goes to our own network is no
// trouble of a host's; nor is it when we cannot keep what came.
func TestRefusedHostsAreNotLeftInPeace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &memory{}
		r := plug(t, robotsOnly(body("")), func(o *Options) { o.Hosts, o.Recorder = store, fullDisk{} })
		defer r.unplug()
		for _, c := range []struct {
			address string
			want    error
		}{{"http://10.0.0.1/", ErrRefused}, {home, ErrRecord}} {
			for range 7 {
				if _, _, err := r.get(t.Context(), c.address); !errors.Is(err, c.want) || is[*Quiet](err) || strings.Count(err.Error(), "robots.txt") != 1 {
					t.Error(err)
				}
			}
		}
		if store.tells != 0 {
			t.Errorf("left in peace: %v", store.of)
		}
	})
}

// fullDisk keeps nothing.
type fullDisk struct{}

func (fullDisk) Record(string, warc.Exchange) (warc.Ref, error) {
	return warc.Ref{}, errors.New("no space")
}

// TestRobotsAreBelieved as long as the operator says, a day at most, whatever they say.
func TestRobotsAreBelieved(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ said, want time.Duration }{
		"an hour":   {time.Hour, time.Hour},
		"two days":  {48 * time.Hour, 24 * time.Hour},
		"no word":   {0, 24 * time.Hour},
		"a mistake": {-time.Hour, 24 * time.Hour},
	} {
		for _, robots := range []http.HandlerFunc{body("User-agent: *\nAllow: /"), answers([]int{404}), answers([]int{403})} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					r := plug(t, robotsOnly(robots), func(o *Options) { o.RobotsFor = c.said })
					defer r.unplug()
					for _, step := range []struct {
						after time.Duration
						asked int
					}{{0, 1}, {c.want - time.Second, 1}, {2 * time.Second, 2}} {
						pass(step.after)
						if _, _, err := r.get(t.Context(), home); err != nil || r.robotsAsked() != step.asked {
							t.Errorf("asked %d times, not %d: %v", r.robotsAsked(), step.asked, err)
						}
					}
				})
			})
		}
	}
}

// TestRobotsHopsPassTheLayers: redirects of robots.txt are paced, and at most five.
func TestRobotsHopsPassTheLayers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hops := 5
		r := plug(t, func(w http.ResponseWriter, r *http.Request) {
			var n int
			if _, err := fmt.Sscanf(r.URL.Path, "/%d/robots.txt", &n); err == nil || r.URL.Path == "/robots.txt" {
				if n < hops {
					http.Redirect(w, r, fmt.Sprintf("/%d/robots.txt", n+1), http.StatusMovedPermanently)
					return
				}
				body("User-agent: *\nDisallow: /")(w, r)
			}
		}, func(o *Options) { o.RobotsFor = time.Hour })
		defer r.unplug()
		policy := Policy{Pace: pace(2 * time.Second)}
		if _, _, err := r.as(t.Context(), policy, home); !errors.Is(err, ErrRobots) {
			t.Error(err)
		}
		visits := r.Seen()
		for i := 1; i < len(visits); i++ {
			if gap := visits[i].Begin.Sub(visits[i-1].End); gap != 2*time.Second {
				t.Errorf("%s came after %s", visits[i].Path, gap)
			}
		}
		if len(visits) != 6 {
			t.Errorf("%d hops", len(visits))
		}
		pass(2 * time.Hour)
		hops = 6 // out of reach: RFC 9309 takes it for absent
		if _, _, err := r.as(t.Context(), policy, home); err != nil {
			t.Error(err)
		}
	})
}

// TestRobotsOneAtATime: many requests, one robots.txt for each origin.
func TestRobotsOneAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := plug(t, robotsOnly(func(http.ResponseWriter, *http.Request) { pass(time.Second) }))
		defer r.unplug()
		var wg sync.WaitGroup
		for range 10 {
			for _, address := range []string{home, "http://NEWS.example.com:80/"} {
				wg.Go(func() {
					if _, _, err := r.get(t.Context(), address); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		if n := r.robotsAsked(); n != 1 {
			t.Errorf("asked %d times", n)
		}
		if _, _, err := r.as(t.Context(), Policy{Ports: []int{8080}}, "http://news.example.com:8080/"); err != nil || r.robotsAsked() != 2 {
			t.Errorf("another port is another origin: %v", err)
		}
	})
}

func TestSitemapsAndDigest(t *testing.T) {
	t.Parallel()
	const text = "User-agent: attache\nDisallow: /x\nSitemap: https://news.example.com/a.xml\n" +
		"User-agent: *\nsitemap: /b.xml # relative\nSitemap:\nSitemap: ftp://news.example.com/c.xml\nSITEMAP:https://cdn.example.net/d.xml\n"
	synctest.Test(t, func(t *testing.T) {
		there := true
		r := plug(t, robotsOnly(func(w http.ResponseWriter, r *http.Request) {
			if !there {
				w.WriteHeader(http.StatusNotFound)
				return
			}
			body(text)(w, r)
		}), func(o *Options) { o.RobotsFor = time.Hour })
		defer r.unplug()
		if d := r.RobotsDigest(home); d != "" {
			t.Errorf("digest %q of what was not asked for", d)
		}
		found, err := r.Sitemaps(t.Context(), "http://news.example.com")
		want := "[https://news.example.com/a.xml http://news.example.com/b.xml https://cdn.example.net/d.xml]"
		if err != nil || fmt.Sprint(found) != want {
			t.Errorf("%v, %v", found, err)
		}
		sum := sha256.Sum256([]byte(text))
		if d := r.RobotsDigest("http://News.example.com/a"); d != hex.EncodeToString(sum[:]) {
			t.Errorf("digest %q", d)
		}
		pass(2 * time.Hour)
		if d := r.RobotsDigest(home); d != "" {
			t.Errorf("digest %q of what is not in force", d)
		}
		there = false
		if found, err := r.Sitemaps(t.Context(), home); err != nil || found != nil || r.RobotsDigest(home) != "" {
			t.Errorf("%v, %v, %q of none", found, err, r.RobotsDigest(home))
		}
		for _, origin := range []string{"", "news.example.com", "http://%", "ftp://news.example.com/"} {
			if _, err := r.Sitemaps(t.Context(), origin); err == nil || r.RobotsDigest(origin) != "" {
				t.Errorf("%q is an origin", origin)
			}
		}
	})
}

// TestRobotsTextIsBounded over all origins: redirects can name them without end.
func TestRobotsTextIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		long := "User-agent: *\nDisallow: /x\n" + strings.Repeat("# much\n", 60<<10)
		r := plug(t, robotsOnly(body(long)))
		defer r.unplug()
		for i := range 100 {
			host := fmt.Sprintf("http://n%d.example.com/", i)
			if _, _, err := r.get(t.Context(), host); err != nil {
				t.Fatal(err)
			}
			if _, _, err := r.get(t.Context(), host+"x"); !errors.Is(err, ErrRobots) {
				t.Error(err)
			}
		}
		if n := r.robots.text; n > maxRobotsText || len(r.robots.origins)*len(long) > maxRobotsText {
			t.Errorf("%d bytes of %d origins", n, len(r.robots.origins))
		}
		if n := r.robotsAsked(); n != 100 {
			t.Errorf("asked %d times", n)
		}
	})
}
