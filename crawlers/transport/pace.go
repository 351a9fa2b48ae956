package transport

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"attache/seeds"
)

// pacer lets one request at a time through to a host, and starts the next one
// only when the pace has passed since the last one's body was closed. The wait
// ends with the context. Two sources on one host share its turn; each request
// waits by the pace of the source that makes it, so the slower is never hurried.
type pacer struct {
	next  http.RoundTripper
	mu    sync.Mutex
	hosts map[string]*turn
}

// turn is a host's one slot, and when it was last given back.
type turn struct {
	slot chan struct{}
	last time.Time // guarded by slot
}

func (p *pacer) RoundTrip(req *http.Request) (*http.Response, error) {
	t := p.turn(strings.ToLower(req.URL.Hostname())) // http and https are one machine
	if err := t.take(req.Context(), policyOf(req.Context()).Pace); err != nil {
		return nil, err
	}
	resp, err := p.next.RoundTrip(req)
	if err != nil {
		t.give()
		return nil, err
	}
	resp.Body = &onClose{ReadCloser: resp.Body, close: sync.OnceFunc(t.give)}
	return resp, nil
}

func (p *pacer) turn(host string) *turn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hosts == nil {
		p.hosts = make(map[string]*turn)
	}
	t, ok := p.hosts[host]
	if !ok {
		t = &turn{slot: make(chan struct{}, 1)}
		p.hosts[host] = t
	}
	return t
}

func (t *turn) take(ctx context.Context, pace seeds.Pace) error {
	select {
	case t.slot <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	wait := time.Duration(pace.Delay)
	if pace.Jitter > 0 {
		wait += rand.N(time.Duration(pace.Jitter))
	}
	timer := time.NewTimer(time.Until(t.last.Add(wait)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		<-t.slot
		return context.Cause(ctx)
	}
}

func (t *turn) give() {
	t.last = time.Now()
	<-t.slot
}
