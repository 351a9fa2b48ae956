package transport

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/idna"
)

// pacer lets a host's requests leave one after the other, at the host's pace,
// and none while the host is left in peace. Two sources on one host share its
// turn; requests of both stand apart by the slower pace of the two. A turn is
// given back when the body is closed. Every wait ends with the context.
type pacer struct {
	next http.RoundTripper
	*hosts
}

// hosts are the turns of all machines. Transports that follow each other share them:
// politeness outlives a change of settings.
type hosts struct {
	store Hosts // nil forgets with the process
	now   func() time.Time

	mu    sync.Mutex
	hosts map[string]*host
	sweep int // so many hosts, and those long idle are forgotten
}

func (p *pacer) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	h := p.host(req.URL)
	if err := h.recall(ctx); err != nil {
		return nil, err
	}
	if err := h.take(ctx, policyOf(ctx).Pace); err != nil {
		return nil, err
	}
	begin := time.Now()
	resp, err := p.next.RoundTrip(req)
	back := sync.OnceFunc(func() { h.give(time.Since(begin), err == nil) })
	if trouble := h.note(ctx, resp, err); trouble != nil && err == nil {
		resp.Body.Close() //nolint:errcheck // the other error matters
		err = trouble
	}
	if err != nil {
		back()
		return nil, err
	}
	resp.Body = h.watch(ctx, resp, back)
	return resp, nil
}

// watch is the body of an answer, which is one when it came whole.
func (h *host) watch(ctx context.Context, resp *http.Response, back func()) io.ReadCloser {
	var broken error
	return &onClose{
		ReadCloser: resp.Body,
		explain: func(err error) error {
			if broken != nil {
				return err
			}
			broken = err
			if failure(resp.StatusCode) { // it was noted
				return err
			}
			return errors.Join(err, h.broke(ctx, err))
		},
		close: func() {
			if broken == nil && ctx.Err() == nil {
				h.worked(resp.StatusCode)
			}
			back()
		},
	}
}

// backOff leaves a host in peace for a reason the pacer cannot see.
func (p *hosts) backOff(ctx context.Context, u *url.URL, asked time.Duration, reason string) (*Quiet, error) {
	h := p.host(u)
	if err := h.recall(ctx); err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	err := h.rest(ctx, asked, reason)
	return h.quiet(), err
}

// resting says that a host is left in peace; nil when it is not.
func (p *hosts) resting(u *url.URL) *Quiet {
	h := p.host(u)
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.quiet()
}

const (
	idleFor = time.Hour // with nothing to and from it, a host is forgotten
	fewHost = 256       // that need no sweeping
)

// host is the one to which u belongs. Redirects can name hosts without end:
// those long idle are dropped when there are many.
func (p *hosts) host(u *url.URL) *host {
	name := hostname(u)
	p.mu.Lock()
	defer p.mu.Unlock()
	h, ok := p.hosts[name]
	if !ok {
		if p.hosts == nil {
			p.hosts = make(map[string]*host)
		}
		if len(p.hosts) >= max(p.sweep, fewHost) {
			for name, h := range p.hosts {
				if h.idle() {
					delete(p.hosts, name)
				}
			}
			p.sweep = 2 * len(p.hosts)
		}
		h = &host{name: name, store: p.store, now: p.now, gate: make(chan struct{}, 1), stir: make(chan struct{}, 1)}
		p.hosts[name] = h
	}
	h.used = time.Now()
	return h
}

// Hostname is how this package spells the host of an address, as [Quiet] does; "" when
// it has none.
func Hostname(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return hostname(u)
}

// hostname is one machine's name in one spelling: http and https are the same.
func hostname(u *url.URL) string {
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if ascii, err := idna.Lookup.ToASCII(name); err == nil {
		return ascii
	}
	return name
}
