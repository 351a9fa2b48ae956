package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestRetry(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer   http.HandlerFunc
		patience time.Duration
		asked    int
		status   int
		err      string
		took     time.Duration
	}{
		"works":                  {answers([]int{200}), 0, 1, 200, "", 0},
		"fails once":             {answers([]int{500, 200}), 0, 2, 200, "", 2 * time.Second},
		"fails twice":            {answers([]int{502, 504, 200}), 0, 3, 200, "", 4 * time.Second},
		"fails for ever":         {answers([]int{500}), 0, 3, 500, "", 4 * time.Second},
		"hangs up once":          {answers([]int{0, 200}), 0, 2, 200, "", 2 * time.Second},
		"hangs up for ever":      {answers([]int{0}), 0, 3, 0, "EOF", 4 * time.Second},
		"is gone":                {answers([]int{404}), 0, 1, 404, "", 0},
		"forbids":                {answers([]int{403}), 0, 1, 403, "", 0},
		"cannot":                 {answers([]int{501}), 0, 1, 501, "", 0},
		"wants quiet":            {answers([]int{429}, "Retry-After", "30"), 0, 1, 0, "429 Too Many Requests", 0},
		"wants quiet, patience":  {answers([]int{429, 200}, "Retry-After", "30"), time.Minute, 2, 200, "", 30 * time.Second},
		"wants quiet again":      {answers([]int{503, 503, 200}, "Retry-After", "30"), time.Minute, 3, 200, "", time.Minute},
		"wants quiet for ever":   {answers([]int{503}, "Retry-After", "30"), time.Minute, 3, 0, "503 Service Unavailable", time.Minute},
		"wants more of it":       {answers([]int{503}, "Retry-After", "61"), time.Minute, 1, 0, "503 Service Unavailable", 0},
		"fails, then is busy":    {answers([]int{500, 503}), 0, 2, 0, "503 Service Unavailable", 2 * time.Second},
		"busy with no word":      {answers([]int{503}), 30 * time.Second, 1, 0, "left in peace until", 0},
		"fails and says so":      {answers([]int{500, 200}, "Retry-After", "20"), time.Minute, 2, 200, "", 20 * time.Second},
		"never answers":          {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 0, 1, 0, "no complete answer within 30s", 30 * time.Second},
		"breaks off in the body": {cutShort, 0, 1, 200, "unexpected EOF", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := plug(t, open(c.answer), patience(c.patience))
				defer r.unplug()
				policy := Policy{Pace: pace(2 * time.Second)}
				if _, _, err := r.as(t.Context(), policy, "http://other.example.com/robots.txt"); err != nil { // another host, to be warm
					t.Fatal(err)
				}
				if _, err := r.robots.rules(With(t.Context(), policy), mustParse(t, home)); err != nil {
					t.Fatal(err)
				}
				pass(time.Minute)
				begin := time.Now()
				status, _, err := r.as(t.Context(), policy, home)
				if status != c.status || c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
					t.Errorf("%d, %v; want %d, %q", status, err, c.status, c.err)
				}
				if n := len(r.paths()); n != c.asked {
					t.Errorf("asked %d times, not %d", n, c.asked)
				}
				if took := time.Since(begin); took != c.took {
					t.Errorf("took %s, not %s", took, c.took)
				}
				if q, ok := errors.AsType[*Quiet](err); ok && (q.Host != "news.example.com" || q.Status == 0 || !q.Until.After(time.Now())) {
					t.Errorf("%+v", q)
				}
			})
		})
	}
}

func cutShort(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, "<p>half of")
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// TestWhichErrorsAreTriedAgain: what the next attempt may not meet.
func TestWhichErrorsAreTriedAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err   error
		tries int
		quiet bool // after ten pages nothing leaves any more
	}{
		"refused by the host": {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, 3, true},
		"reset":               {&net.OpError{Op: "read", Err: syscall.ECONNRESET}, 3, true},
		"no answer from DNS":  {&net.DNSError{Err: "server misbehaving", IsTemporary: true}, 3, true},
		"no such host":        {&net.DNSError{Err: "no such host", IsNotFound: true}, 1, true},
		"no connection":       {&net.OpError{Op: "dial", Err: context.DeadlineExceeded}, 1, true},
		"a certificate":       {&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, 1, true},
		"an alert":            {&net.OpError{Op: "remote error", Err: errors.New("tls: protocol version not supported")}, 1, true},
		"our own network":     {fmt.Errorf("%w to 10.0.0.1: not a public address", ErrRefused), 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var dials atomic.Int32
				r := plug(t, nil, func(o *Options) {
					o.Wire = func(base *http.Transport) {
						base.DialContext = func(context.Context, string, string) (net.Conn, error) {
							dials.Add(1)
							return nil, c.err
						}
					}
				})
				defer r.unplug()
				below := http.Client{Transport: r.robots.below}
				if _, err := below.Get(home); !errors.Is(err, c.err) {
					t.Error(err)
				}
				if n := int(dials.Load()); n != c.tries {
					t.Errorf("tried %d times, not %d", n, c.tries)
				}
				var err error
				for range 10 {
					_, err = below.Get(home)
				}
				if is[*Quiet](err) != c.quiet || c.quiet && dials.Load() != mostFailures {
					t.Errorf("after %d tries: %v", dials.Load(), err)
				}
			})
		})
	}
}

func TestOnlyGetIsRetried(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := plug(t, open(answers([]int{500})))
		defer r.unplug()
		resp, err := (&http.Client{Transport: r.Transport}).Post(home, "text/plain", strings.NewReader("a"))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if n := len(r.paths()); resp.StatusCode != http.StatusInternalServerError || n != 1 {
			t.Errorf("%d after %d requests", resp.StatusCode, n)
		}
	})
}

// TestPatienceEndsWithTheContext, at once.
func TestPatienceEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := plug(t, open(answers([]int{429}, "Retry-After", "3600")), patience(2*time.Hour))
		defer r.unplug()
		why := errors.New("the operator stops attache")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Minute, func() { cancel(why) })
		begin := time.Now()
		if _, _, err := r.get(ctx, home); !errors.Is(err, why) || time.Since(begin) != time.Minute {
			t.Errorf("after %s: %v", time.Since(begin), err)
		}
	})
}

// TestNothingIsSentTwice: on a connection that served before, net/http repeats a
// request by itself when it breaks without an answer.
func TestNothingIsSentTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := plug(t, open(func(_ http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/breaks" {
				panic(http.ErrAbortHandler)
			}
		}), speak("1"))
		defer r.unplug()
		alone := &http.Client{Transport: &once{r.wires}}
		for _, path := range []string{"first", "breaks"} {
			resp, err := alone.Get(home + path)
			if (err != nil) != (path == "breaks") {
				t.Fatal(path, err)
			}
			if err == nil {
				resp.Body.Close()
			} else if !is[unanswered](err) {
				t.Errorf("%T %v", err, err)
			}
		}
		if paths := r.paths(); len(paths) != 2 {
			t.Errorf("the server saw %v", paths)
		}
	})
}
