// Package transport is the policy under colly: robots.txt, pace, limits and the
// guarded dialer, one small http.RoundTripper each.
package transport

import (
	"context"
	"crypto/tls"
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
	MaxWire   int64             // largest answer, bytes as they come
	RobotsFor time.Duration     // how long a robots.txt is believed; 24 h at most by RFC 9309
	Patience  time.Duration     // a back-off as short as this is waited for within a run; a longer one is an error, [Quiet]
	Resolve   map[string]string // host: "ip:port", reached although it may be loopback; for simulated publishers
	Resolver  *net.Resolver     // nil for the system's
	Roots     *x509.CertPool    // certificate authorities; nil for the system's
	Proxy     *url.URL          // nil for none; never taken from the environment

	Hosts    Hosts             // nil forgets back-offs with the process
	Recorder Recorder          // nil keeps no captures
	Observe  func(Observation) // told of each request; may be nil

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
	Status int           // 0 when no answer came
	Bytes  int64         // of the body, as it came over the wire
	Took   time.Duration // from leaving to the last byte
	Err    error
}

// Transport is the policy under colly, one small layer each. A request passes
// from the outermost inwards:
//
//	robots → pace → deadline → decode → cap → guarded dialer
//
// It is shared, because politeness belongs to the host and not to the source.
type Transport struct {
	chain     http.RoundTripper
	base      *http.Transport
	userAgent string
}

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
	base := &http.Transport{
		DialContext:            (&dialer{resolve: o.Resolve}).dial,
		TLSClientConfig:        &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    2,
		MaxConnsPerHost:        4,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
	}
	if o.Wire != nil {
		o.Wire(base)
	}
	polite := &pacer{next: &deadline{next: &decoder{next: base, limit: o.MaxBody}, timeout: o.Timeout}}
	return &Transport{
		chain:     &robots{next: polite, keep: o.RobotsFor, userAgent: o.UserAgent},
		base:      base,
		userAgent: o.UserAgent,
	}, nil
}

// UserAgent is the name every request carries.
func (t *Transport) UserAgent() string { return t.userAgent }

// RoundTrip passes one request through every layer.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	return t.chain.RoundTrip(req)
}

// Close lets idle connections go.
func (t *Transport) Close() { t.base.CloseIdleConnections() }
