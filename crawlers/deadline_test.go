package crawlers

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attache/crawlers/transport"
)

// TestDeadline covers one request from leaving to its last byte, and says so.
func TestDeadline(t *testing.T) {
	t.Parallel()
	drip := func(w http.ResponseWriter, r *http.Request) { // never silent, never done
		for r.Context().Err() == nil {
			_, _ = w.Write([]byte("a"))
			_ = http.NewResponseController(w).Flush()
			pass(time.Second)
		}
	}
	var http1, http2 http.Protocols // net/http tells why a context ended in the first alone
	http1.SetHTTP1(true)
	http2.SetUnencryptedHTTP2(true)
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		err    string
		after  time.Duration
	}{
		"slow header":     {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "no complete answer within 15s", 15 * time.Second},
		"slow body":       {slowly(time.Hour), "no complete answer within 15s", 15 * time.Second},
		"drop by drop":    {drip, "no complete answer within 15s", 15 * time.Second},
		"just in time":    {slowly(14 * time.Second), "", 14 * time.Second},
		"slow robots.txt": {nil, "its robots.txt cannot be had: no complete answer within 15s", 15 * time.Second},
	} {
		for _, protocols := range []*http.Protocols{&http1, &http2} {
			t.Run(name+" "+protocols.String(), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					answer := noRobots(c.answer)
					if c.answer == nil {
						answer = slowly(time.Hour)
					}
					_, polite, unplug := plug(t, answer, func(o *transport.Options) {
						o.Timeout = 15 * time.Second
						wire := o.Wire
						o.Wire = func(base *http.Transport) { wire(base); base.Protocols = protocols }
					})
					begin := time.Now()
					_, err := New(t.Context(), polite, source(t)).Fetch(plain, transport.Validators{})
					if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
						t.Errorf("%v does not say %q", err, c.err)
					}
					if took := time.Since(begin); took != c.after {
						t.Errorf("it took %s, not %s", took, c.after)
					}
					unplug()
					pass(2 * time.Hour) // the publisher's own slow end
				})
			})
		}
	}
}

func TestRobotsAreBelievedForAWhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rules := "User-agent: *\nAllow: /"
		_, polite, unplug := plug(t, func(w http.ResponseWriter, r *http.Request) {
			withRobots(rules, page("<h1>Hai nước</h1>"))(w, r)
		}, func(o *transport.Options) { o.RobotsFor = 24 * time.Hour })
		defer unplug()
		c := New(t.Context(), polite, source(t))
		fetch := func(want Verdict) {
			t.Helper()
			if _, err := c.Fetch(plain, transport.Validators{}); err == nil && want != "" || err != nil && VerdictOf(err) != want {
				t.Errorf("%v, want %q", err, want)
			}
		}
		fetch("")
		rules = "User-agent: *\nDisallow: /"
		pass(24*time.Hour - time.Second)
		fetch("")
		pass(2 * time.Second)
		fetch(Denied)
	})
}
