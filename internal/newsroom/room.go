// Package newsroom plays the publishers: every source of attache under its real
// host names over TLS on loopback, with the markup those pages carry and texts
// written for it. Where a publisher's markup was never seen, it is invented and
// its file says so.
//
// It is for the demo and for tests; nothing else imports it.
package newsroom

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Options choose the edition.
type Options struct {
	// Now is the time of the edition: each story was published at Now minus its
	// age. The same Now gives the same bytes at every address. Some addresses
	// carry the time of publication, so to serve the same articles again keep Now.
	Now time.Time
}

// Room is the publishers at work. Its methods are safe for concurrent use.
type Room struct {
	sites   map[string]*site   // by source
	hosts   map[string]*domain // by host name, aliases too
	ca      *authority
	address string
	server  *http.Server

	mu       sync.Mutex
	requests []Request
}

// Request is one request as the server saw it.
type Request struct {
	Time      time.Time
	Host      string
	Path      string // with the query, as sent
	UserAgent string
	Status    int
}

// Open renders the edition and begins to answer on a free port of 127.0.0.1.
func Open(o Options) (*Room, error) {
	files, err := fs.Sub(written, "stories")
	if err != nil {
		return nil, err
	}
	return open(o, files)
}

func open(o Options, files fs.FS) (*Room, error) {
	if o.Now.IsZero() {
		return nil, errors.New("newsroom: set Options.Now, the time of the edition")
	}
	r := &Room{sites: map[string]*site{}, hosts: map[string]*domain{}}
	for _, p := range publishers {
		stories, err := edition(files, p, o.Now)
		if err != nil {
			return nil, fmt.Errorf("newsroom: %w", err)
		}
		d := r.hosts[p.host]
		if d == nil {
			d = &domain{Host: p.host, pages: map[string]page{}}
			r.hosts[p.host] = d
		}
		if p.alias != "" {
			r.hosts[p.alias] = d
		}
		d.enter(stories)
		r.sites[p.source] = &site{publisher: p, domain: d, Stories: stories, now: o.Now}
	}
	for _, source := range r.Sources() {
		if err := r.sites[source].publish(); err != nil {
			return nil, fmt.Errorf("newsroom: %w", err)
		}
	}
	var err error
	if r.ca, err = newAuthority(r.Hosts()); err != nil {
		return nil, fmt.Errorf("newsroom: make a test CA: %w", err)
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("newsroom: %w", err)
	}
	r.address = listener.Addr().String()
	r.server = &http.Server{
		Handler:           r,
		TLSConfig:         &tls.Config{GetCertificate: r.ca.certificate, MinVersion: tls.VersionTLS12},
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0), // handshakes a test breaks on purpose
	}
	go func() { _ = r.server.ServeTLS(listener, "", "") }() // ends with Close
	return r, nil
}

// Close stops answering at once, cutting requests under way.
func (r *Room) Close() error { return r.server.Close() }

// Addr is "127.0.0.1:port", where all hosts answer.
func (r *Room) Addr() string { return r.address }

// CA is the certificate, in PEM, that vouches for every host.
func (r *Room) CA() []byte { return r.ca.pem() }

// Hosts are the host names it answers for, sorted.
func (r *Room) Hosts() []string { return sortedKeys(r.hosts) }

// Sources are the ids of the sources it plays, sorted.
func (r *Room) Sources() []string { return sortedKeys(r.sites) }

// Stories are what source has published, newest first; nil for an unknown source.
func (r *Room) Stories(source string) []Story {
	if s := r.sites[source]; s != nil {
		return slices.Clone(s.Stories)
	}
	return nil
}

// Requests are all requests answered so far, in the order they were answered.
func (r *Room) Requests() []Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.requests)
}

func (r *Room) record(q Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests = append(r.requests, q)
}
