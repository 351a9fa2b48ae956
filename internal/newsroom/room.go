// Package newsroom plays the publishers: every source of attache under its real
// host names over TLS on loopback, with the markup those pages carry and texts
// written for it. Where a publisher's markup was never seen, it is invented and
// its file says so. Time passes and trouble comes when it is told to.
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
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Options choose the edition.
type Options struct {
	// Now is the time of the edition: each story was published at Now minus its
	// age. The same Now gives the same bytes at every address. Some addresses
	// carry the time of publication, so to serve the same articles again keep Now.
	Now time.Time
	// Scenario is the trouble it plays; nil for none.
	Scenario *Scenario
	// Clock times scenarios and requests; nil for [time.Now]. The edition's time
	// does not follow it: see [Room.Advance].
	Clock func() time.Time
	// Port of 127.0.0.1 to answer on; 0 for a free one.
	Port int
}

// Room is the publishers at work. Its methods are safe for concurrent use.
type Room struct {
	base    time.Time // Options.Now
	clock   func() time.Time
	ca      *authority
	address string
	server  *http.Server
	shown   atomic.Pointer[press]
	asked   atomic.Int64 // requests so far

	mu       sync.Mutex
	now      time.Time            // the edition's time
	written  map[string][]Story   // by source, those that come out later too
	archive  map[string][]Story   // by source, of long ago
	changes  map[string]*change   // by address
	touched  map[string]time.Time // by source: when anything was changed
	stale    map[string]bool      // by host: to be rendered anew
	play     *play
	names    net.PacketConn // the DNS; nil until asked for
	requests []Request
}

// Open renders the edition and begins to answer.
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
	r := &Room{
		base: o.Now, now: o.Now, clock: o.Clock,
		written: map[string][]Story{}, archive: map[string][]Story{},
		changes: map[string]*change{}, touched: map[string]time.Time{}, stale: map[string]bool{},
	}
	if r.clock == nil {
		r.clock = time.Now
	}
	for _, p := range publishers {
		var err error
		if r.written[p.source], err = edition(files, p, o.Now); err != nil {
			return nil, fmt.Errorf("newsroom: %w", err)
		}
		if p.archives {
			r.archive[p.source] = archived(p, r.written[p.source], o.Now)
		}
	}
	if err := r.print(); err != nil {
		return nil, err
	}
	if err := r.Play(o.Scenario); err != nil {
		return nil, err
	}
	return r, r.listen(o.Port)
}

func (r *Room) listen(port int) (err error) {
	if r.ca, err = newAuthority(r.Hosts()); err != nil {
		return fmt.Errorf("newsroom: make a test CA: %w", err)
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return fmt.Errorf("newsroom: %w", err)
	}
	r.address = listener.Addr().String()
	r.server = &http.Server{
		Handler:           r,
		TLSConfig:         &tls.Config{GetCertificate: r.ca.certificate, MinVersion: tls.VersionTLS12},
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0), // handshakes a test breaks on purpose
		ConnContext:       withConn,
	}
	go func() { _ = r.server.ServeTLS(listener, "", "") }() // ends with Close
	return nil
}

// Close stops answering at once, cutting requests under way.
func (r *Room) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.names != nil {
		_ = r.names.Close() // only ever read from
	}
	return r.server.Close()
}

// Addr is "127.0.0.1:port", where all hosts answer.
func (r *Room) Addr() string { return r.address }

// CA is the certificate, in PEM, that vouches for every host.
func (r *Room) CA() []byte { return r.ca.pem() }

// Hosts are the host names it answers for, sorted.
func (r *Room) Hosts() []string { return sortedKeys(r.shown.Load().hosts) }

// Sources are the ids of the sources it plays, sorted.
func (r *Room) Sources() []string { return sortedKeys(r.shown.Load().sites) }

// Stories are what stands in the lists of source, newest first; nil for an
// unknown source.
func (r *Room) Stories(source string) []Story {
	if s := r.shown.Load().sites[source]; s != nil {
		return slices.Clone(s.Stories)
	}
	return nil
}

// Archive are the articles of source from long ago, newest first: older than any
// first run looks, and only in sitemaps and lists of their own days. Sources
// whose old pages nobody knows how to find have none.
func (r *Room) Archive(source string) []Story {
	if s := r.shown.Load().sites[source]; s != nil {
		return slices.Clone(s.old)
	}
	return nil
}
