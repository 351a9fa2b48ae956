// Package transport is the policy under colly: robots.txt, pace, limits and the
// guarded dialer, one small http.RoundTripper each.
package transport

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

// Options set up the transport every source of a process shares.
type Options struct {
	UserAgent string            // sent with every request, robots.txt included
	Timeout   time.Duration     // of one request, from leaving to the last byte; waiting for its turn not counted
	MaxBody   int64             // largest answer, bytes after decompression
	RobotsFor time.Duration     // how long a robots.txt is believed; 24 h at most by RFC 9309
	Resolve   map[string]string // host: "ip:port", reached although it may be loopback; for simulated publishers
	Roots     *x509.CertPool    // certificate authorities; nil for the system's

	// Wire changes what lies below the layers, for networks that exist in memory
	// only. Nothing but tests sets it.
	Wire func(*http.Transport)
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
