package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"attache/seeds"
)

const (
	maxRobots      = 500 << 10        // what RFC 9309 asks a crawler to read at least; more is not read
	longestRobots  = 24 * time.Hour   // that it may be believed (RFC 9309, 2.4)
	maxCrawlDelay  = 30 * time.Second // longer ones would keep a source from ever finishing
	maxRobotsHosts = 4096             // that are remembered,
	maxRobotsText  = 8 << 20          // and bytes of their files
)

// robots asks each origin's robots.txt before anything else goes there, by RFC
// 9309: 4xx means everything is allowed, 5xx and silence mean nothing is for
// now, and the host is left in peace until it may be asked again. So it is for
// 429: a host that asks for quiet has permitted nothing. A Crawl-delay makes the
// source's pace slower, never faster.
type robots struct {
	next      http.RoundTripper
	below     http.RoundTripper // where robots.txt itself enters the chain
	pace      *pacer
	keep      time.Duration
	userAgent string
	*permits
}

// permits are the rules of all origins.
type permits struct {
	mu      sync.Mutex
	origins map[string]*permit
	text    int // bytes of the files of all origins
}

// permit is one origin's rules; its slot is held while they are fetched, so that
// they are fetched once.
type permit struct {
	slot chan struct{}
	is   atomic.Pointer[rules]
}

func (r *robots) RoundTrip(req *http.Request) (*http.Response, error) {
	rules, err := r.rules(req.Context(), req.URL)
	if err != nil {
		return nil, err
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
	origin := originOf(u)
	p := r.permit(origin)
	if rules := p.is.Load(); rules.fresh(r.pace.now()) {
		return rules, nil
	}
	select {
	case p.slot <- struct{}{}:
		defer func() { <-p.slot }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if rules := p.is.Load(); rules.fresh(r.pace.now()) {
		return rules, nil
	}
	text, err := r.fetch(ctx, origin+"/robots.txt")
	if err != nil {
		err = r.unreachable(ctx, u, err)
		if is[*Quiet](err) {
			return nil, err
		}
		return nil, fmt.Errorf("robots.txt of %s: %w", u.Host, err)
	}
	rules := readRules(string(text), r.userAgent)
	rules.until = r.pace.now().Add(r.keep)
	p.is.Store(rules)
	r.bound(origin, p, len(text))
	return rules, nil
}

// unreachable remembers that a robots.txt cannot be had, also when it is another
// host, which it redirects to, that fails or must not be asked. What we refuse to
// ask u itself for, or to keep, is no fault of the host.
func (r *robots) unreachable(ctx context.Context, u *url.URL, err error) error {
	hop, led := errors.AsType[*url.Error](err)
	if ctx.Err() != nil || !led && errors.Is(err, ErrRefused) || errors.Is(err, ErrRecord) {
		return err
	}
	var asked time.Duration
	if quiet, ok := errors.AsType[*Quiet](err); ok {
		if quiet.Host == hostname(u) {
			if quiet.Status != 0 {
				quiet.Reason = "asked for robots.txt, " + quiet.Reason
			}
			return quiet
		}
		asked = quiet.Until.Sub(r.pace.now())
	}
	reason := err.Error()
	if led {
		reason = fmt.Sprintf("it leads to %s: %v", hop.URL, hop.Err)
	}
	quiet, broken := r.pace.backOff(ctx, u, asked, "its robots.txt cannot be had: "+reason)
	if broken != nil {
		return broken
	}
	if is[*Challenge](err) || quiet == nil {
		return err
	}
	if bad, ok := errors.AsType[badRobots](err); ok {
		quiet.Status = int(bad)
	}
	return quiet
}

func (r *permits) permit(origin string) *permit {
	r.mu.Lock()
	defer r.mu.Unlock()
	p, ok := r.origins[origin]
	if !ok {
		if r.origins == nil || len(r.origins) >= maxRobotsHosts {
			r.origins, r.text = make(map[string]*permit), 0
		}
		p = &permit{slot: make(chan struct{}, 1)}
		r.origins[origin] = p
	}
	return p
}

// bound forgets all files when they come to too much: redirects can name hosts
// without end. Those that matter are asked for once more.
func (r *permits) bound(origin string, p *permit, more int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.text += more; r.text > maxRobotsText {
		r.origins, r.text = map[string]*permit{origin: p}, more
	}
}

// badRobots is the status of an answer to robots.txt that permits nothing.
type badRobots int

func (b badRobots) Error() string {
	return fmt.Sprintf("it answers %d %s", int(b), http.StatusText(int(b)))
}

// fetch gives the file, empty where a publisher has none. A *url.Error names the
// address it redirects to.
func (r *robots) fetch(ctx context.Context, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", r.userAgent)
	client := http.Client{Transport: r.below, CheckRedirect: func(_ *http.Request, via []*http.Request) error {
		if len(via) > 5 { // RFC 9309, 2.3.1.2
			return http.ErrUseLastResponse
		}
		return nil
	}}
	resp, err := client.Do(req)
	if u, ok := errors.AsType[*url.Error](err); ok && u.URL == req.URL.String() {
		return nil, u.Err
	}
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode >= 500:
		return nil, badRobots(resp.StatusCode)
	case resp.StatusCode >= 300:
		return nil, nil
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxRobots))
	if err != nil {
		return nil, err
	}
	if len(text) == maxRobots { // half a line would mean something else
		text = text[:bytes.LastIndexAny(text, "\r\n")+1]
	}
	return text, nil
}

// originOf is the scheme and authority that a robots.txt speaks for.
func originOf(u *url.URL) string {
	host := strings.ToLower(u.Host)
	switch u.Scheme {
	case "http":
		host = strings.TrimSuffix(host, ":80")
	case "https":
		host = strings.TrimSuffix(host, ":443")
	}
	return u.Scheme + "://" + host
}
