// Package wiretest is a publisher behind pipes instead of sockets, for tests
// inside a synctest bubble: the transport, net/http on both sides and the clock
// are whole, and a day of waiting takes no time.
package wiretest

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// Wire answers for every host, over plain HTTP/1 and HTTP/2.
type Wire struct {
	server *http.Server
	conns  chan net.Conn
	ended  chan struct{}
	closed chan struct{}
	once   sync.Once

	mu     sync.Mutex
	visits []Visit
}

// Visit is a request as the server sees it.
type Visit struct {
	Path       string // with its host
	Header     http.Header
	Begin, End time.Time
}

// New starts the publisher. It must be called inside the bubble; what it starts
// ends with Close.
func New(answer http.HandlerFunc) *Wire {
	w := &Wire{conns: make(chan net.Conn), ended: make(chan struct{}), closed: make(chan struct{})}
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	w.server = &http.Server{
		Protocols:         &protocols,
		ReadHeaderTimeout: time.Hour,
		Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			i := w.begin(r)
			defer w.end(i)
			answer(rw, r)
		}),
	}
	go func() {
		defer close(w.ended)
		_ = w.server.Serve((*listener)(w)) // always http.ErrServerClosed: nothing else ends it
	}()
	return w
}

func (w *Wire) begin(r *http.Request) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	w.visits = append(w.visits, Visit{r.Host + r.URL.Path, r.Header.Clone(), now, now})
	return len(w.visits) - 1
}

func (w *Wire) end(i int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.visits[i].End = time.Now()
}

// Connect makes a transport reach the publisher, whatever the address.
func (w *Wire) Connect(base *http.Transport) { base.DialContext = w.dial }

func (w *Wire) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case w.conns <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Seen gives the requests so far, in the order they came.
func (w *Wire) Seen() []Visit {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]Visit(nil), w.visits...)
}

// Close ends the publisher and every connection to it.
func (w *Wire) Close() {
	_ = w.server.Close()
	<-w.ended
}

type listener Wire

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *listener) Addr() net.Addr { return &net.UnixAddr{Name: "wire"} }
