package crawlers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/temoto/robotstxt"
)

// ErrRobots is returned for an address the publisher's robots.txt forbids.
var ErrRobots = errors.New("forbidden by robots.txt")

// maxRobots is what RFC 9309 asks a crawler to read at least; more is not read.
const maxRobots = 500 << 10

// robots asks each host's robots.txt before anything else goes there, by RFC
// 9309: 4xx means everything is allowed, 5xx and silence mean nothing is for
// now. 429 is silence too: a host that asks for quiet has permitted nothing.
type robots struct {
	next      http.RoundTripper
	keep      time.Duration
	userAgent string
	mu        sync.Mutex
	hosts     map[string]*permit
}

// permit is one host's rules; its lock is held while they are fetched, so that
// they are fetched once.
type permit struct {
	sync.Mutex
	rules   *robotstxt.RobotsData
	fetched time.Time
}

func (r *robots) RoundTrip(req *http.Request) (*http.Response, error) {
	rules, err := r.rules(req.Context(), req.URL)
	if err != nil {
		return nil, err
	}
	if !rules.TestAgent(req.URL.RequestURI(), r.userAgent) {
		return nil, ErrRobots
	}
	return r.next.RoundTrip(req)
}

func (r *robots) rules(ctx context.Context, u *url.URL) (*robotstxt.RobotsData, error) {
	origin := u.Scheme + "://" + u.Host
	r.mu.Lock()
	if r.hosts == nil {
		r.hosts = make(map[string]*permit)
	}
	p, ok := r.hosts[origin]
	if !ok {
		p = new(permit)
		r.hosts[origin] = p
	}
	r.mu.Unlock()

	p.Lock()
	defer p.Unlock()
	if p.rules != nil && time.Since(p.fetched) < r.keep {
		return p.rules, nil
	}
	rules, err := r.fetch(ctx, origin+"/robots.txt")
	if err != nil {
		return nil, fmt.Errorf("robots.txt of %s: %w", u.Host, err)
	}
	p.rules, p.fetched = rules, time.Now()
	return rules, nil
}

func (r *robots) fetch(ctx context.Context, address string) (*robotstxt.RobotsData, error) {
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
		return nil, fmt.Errorf("it answers %d; nothing is allowed until it answers", resp.StatusCode)
	case resp.StatusCode >= 300:
		return robotstxt.FromString("")
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxRobots))
	if err != nil {
		return nil, err
	}
	return robotstxt.FromBytes(body)
}
