package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"attache/seeds"
)

// ErrUnanswered is a robots.txt that a server is there for but will not give.
var ErrUnanswered = errors.New("nothing is allowed until it answers")

const (
	maxRobots     = 500 << 10        // what RFC 9309 asks a crawler to read at least; more is not read
	maxCrawlDelay = 30 * time.Second // longer ones would keep a source from ever finishing
)

// robots asks each host's robots.txt before anything else goes there, by RFC
// 9309: 4xx means everything is allowed, 5xx and silence mean nothing is for
// now. 429 is silence too: a host that asks for quiet has permitted nothing.
// A Crawl-delay makes the source's pace slower, never faster.
type robots struct {
	next      http.RoundTripper
	keep      time.Duration
	userAgent string
	mu        sync.Mutex
	hosts     map[string]*permit
}

// permit is one host's rules; its slot is held while they are fetched, so that
// they are fetched once.
type permit struct {
	slot    chan struct{}
	rules   *rules
	fetched time.Time
}

func (r *robots) RoundTrip(req *http.Request) (*http.Response, error) {
	rules, err := r.rules(req.Context(), req.URL)
	if err != nil {
		return nil, fmt.Errorf("robots.txt of %s: %w", req.URL.Host, err)
	}
	if !rules.allow(req.URL.RequestURI()) {
		return nil, ErrRobots
	}
	if policy, delay := policyOf(req.Context()), min(rules.delay, maxCrawlDelay); time.Duration(policy.Pace.Delay) < delay {
		policy.Pace.Delay = seeds.Span(delay)
		req = req.WithContext(With(req.Context(), policy))
	}
	return r.next.RoundTrip(req)
}

func (r *robots) rules(ctx context.Context, u *url.URL) (*rules, error) {
	origin := u.Scheme + "://" + u.Host
	p := r.permit(origin)
	select {
	case p.slot <- struct{}{}:
		defer func() { <-p.slot }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if p.rules != nil && time.Since(p.fetched) < r.keep {
		return p.rules, nil
	}
	rules, err := r.fetch(ctx, origin+"/robots.txt")
	if err != nil {
		return nil, err
	}
	p.rules, p.fetched = rules, time.Now()
	return rules, nil
}

func (r *robots) permit(origin string) *permit {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.hosts == nil {
		r.hosts = make(map[string]*permit)
	}
	p, ok := r.hosts[origin]
	if !ok {
		p = &permit{slot: make(chan struct{}, 1)}
		r.hosts[origin] = p
	}
	return p
}

func (r *robots) fetch(ctx context.Context, address string) (*rules, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", r.userAgent)
	client := http.Client{Transport: r.next, CheckRedirect: func(_ *http.Request, via []*http.Request) error {
		if len(via) > 5 { // RFC 9309 2.3.1.2
			return http.ErrUseLastResponse
		}
		return nil
	}}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= 500:
		return nil, fmt.Errorf("it answers %d; %w", resp.StatusCode, ErrUnanswered)
	case resp.StatusCode >= 300:
		return new(rules), nil
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxRobots))
	if err != nil {
		return nil, err
	}
	if len(text) == maxRobots { // half a line would mean something else
		text = text[:bytes.LastIndexAny(text, "\r\n")+1]
	}
	return readRules(string(text), r.userAgent), nil
}
