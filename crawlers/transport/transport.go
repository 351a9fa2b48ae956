// Package transport is the policy under colly: robots.txt, pace, limits and the
// guarded dialer, one small http.RoundTripper each.
package transport

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"attache/internal/warc"
)

// Options set up the transport every source of a process shares.
type Options struct {
	UserAgent string            // sent with every request, robots.txt included
	Timeout   time.Duration     // of one request, from leaving to the last byte; waiting for its turn not counted
	MaxBody   int64             // largest answer, bytes after decompression
	MaxWire   int64             // largest answer, bytes as they come; 0 for MaxBody
	RobotsFor time.Duration     // how long a robots.txt is believed; 24 h at most by RFC 9309
	Patience  time.Duration     // a back-off as short as this is waited for within a run; a longer one is an error, [Quiet]
	Resolve   map[string]string // host: "ip:port", reached although it may be loopback; for simulated publishers
	Resolver  *net.Resolver     // nil for the system's
	Roots     *x509.CertPool    // certificate authorities; nil for the system's
	Proxy     *url.URL          // nil for none; never taken from the environment

	Hosts    Hosts             // nil forgets back-offs with the process
	Recorder Recorder          // nil keeps no captures
	Observe  func(Observation) // told of each request; may be nil

	Now func() time.Time // the wall clock; nil for the machine's. Waits within a run are real

	// After is the transport that this one takes the place of: it goes on with its hosts'
	// turns and back-offs, and with the robots.txt that were read, while requests of the
	// older one still end. Hosts is then After's. Nil begins anew.
	After *Transport

	// Wire changes what lies below the layers, for networks that exist in memory
	// only. Nothing but tests sets it.
	Wire func(*http.Transport)
}

// Hosts remembers back-offs over restarts. It is asked for a host when its first
// request comes, and told of every change.
type Hosts interface {
	Backoff(ctx context.Context, host string) (Backoff, error) // zero when there is none
	SetBackoff(ctx context.Context, host string, b Backoff) error
}

// Backoff is how a host is left in peace.
type Backoff struct {
	Until  time.Time
	Step   time.Duration // how long the last back-off was, without jitter; the next is twice as long
	Reason string
}

// Recorder keeps what came over the wire. A request whose exchange cannot be
// recorded fails.
type Recorder interface {
	Record(source string, e warc.Exchange) (warc.Ref, error)
}

// Observation is one request that came back, well or not.
type Observation struct {
	Source string
	Host   string
	Origin string        // such as https://news.example.com
	Status int           // 0 when no answer came
	Bytes  int64         // of the body, as it came over the wire
	Took   time.Duration // from leaving to the last byte
	Err    error
}

// Transport is the policy under colly, one small layer each. A request passes
// from the outermost inwards:
//
//	robots → validators → retry → challenge → pace → observe → deadline →
//	decode → capture → cap → guarded dialer
//
// robots.txt itself enters at retry. It is shared, because politeness belongs to
// the host and not to the source.
type Transport struct {
	robots    *robots
	wires     *wires
	userAgent string
	now       func() time.Time
}

// Now is what its clock says.
func (t *Transport) Now() time.Time { return t.now() }

// New builds the chain. Proxies and colly settings from the environment
// are refused or ignored: what an operator cannot see in the config must not
// weaken it.
func New(o Options) (*Transport, error) {
	for _, setting := range os.Environ() {
		if name, _, _ := strings.Cut(setting, "="); strings.HasPrefix(name, "COLLY_") {
			return nil, fmt.Errorf("environment variable %s would override the config; unset it", name)
		}
	}
	if o.UserAgent == "" {
		return nil, errors.New("a crawler without a User-Agent is not honest: set one")
	}
	if p := o.Proxy; p != nil && p.Scheme != "http" && p.Scheme != "https" {
		return nil, fmt.Errorf("the proxy %s is neither http nor https", p.Redacted())
	}
	if o.MaxBody <= 0 || o.MaxWire < 0 {
		return nil, errors.New("a crawler without a limit on answers can be filled up: set MaxBody")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	wires := newWires(o, newDialer(o).dial)

	// From the innermost outwards.
	var chain http.RoundTripper = &guard{next: &meter{&once{wires}}, resolve: o.Resolve, proxied: o.Proxy != nil}
	chain = &wireCap{next: chain, limit: cmp.Or(o.MaxWire, o.MaxBody)}
	if o.Recorder != nil {
		chain = &capture{next: chain, recorder: o.Recorder, now: o.Now}
	}
	chain = &decoder{next: chain, limit: o.MaxBody}
	chain = &deadline{next: chain, timeout: o.Timeout}
	if o.Observe != nil {
		chain = &observer{next: chain, tell: o.Observe}
	}
	keep := o.RobotsFor
	if keep <= 0 || keep > longestRobots {
		keep = longestRobots
	}
	turns, rules := &hosts{store: o.Hosts, now: o.Now}, &permits{}
	if o.After != nil {
		turns, rules = o.After.robots.pace.hosts, o.After.robots.permits
	}
	pace := &pacer{next: chain, hosts: turns}
	patient := &retry{next: &challenge{next: pace, pace: pace}, pace: pace, patience: o.Patience}
	outermost := &robots{next: &validators{patient}, below: patient, pace: pace, keep: keep, userAgent: o.UserAgent, permits: rules}
	return &Transport{robots: outermost, wires: wires, userAgent: o.UserAgent, now: o.Now}, nil
}

// UserAgent is the name every request carries.
func (t *Transport) UserAgent() string { return t.userAgent }

// RoundTrip passes one request through every layer.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	return t.robots.RoundTrip(req)
}

// Close lets idle connections go.
func (t *Transport) Close() { t.wires.close() }
