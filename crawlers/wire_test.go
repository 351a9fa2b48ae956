package crawlers

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"attache/crawlers/transport"
)

// wire is a publisher behind pipes instead of sockets, so that it lives inside a
// synctest bubble: the transport, net/http on both sides and the clock are whole,
// and a day of waiting takes no time. It answers for every host, over http.
type wire struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once

	mu     sync.Mutex
	visits []visit
}

// visit is a request as the server sees it.
type visit struct {
	path       string
	begin, end time.Time
}

// plug starts the publisher. It must be called inside the bubble; what it
// starts ends with the returned function.
func plug(t *testing.T, answer http.HandlerFunc, changes ...func(*transport.Options)) (*wire, *transport.Transport, func()) {
	t.Helper()
	w := &wire{conns: make(chan net.Conn), closed: make(chan struct{})}
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{Protocols: &protocols, Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		defer func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.visits = append(w.visits, visit{r.Host + r.URL.Path, begin, time.Now()})
		}()
		answer(rw, r)
	})}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(w); err != http.ErrServerClosed {
			t.Error(err)
		}
	}()
	o := options()
	o.Wire = func(base *http.Transport) { base.DialContext = w.dial }
	for _, change := range changes {
		change(&o)
	}
	polite, err := transport.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return w, polite, func() {
		polite.Close()
		server.Close()
		<-ended
	}
}

func (w *wire) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case w.conns <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept, Close and Addr make a net.Listener.
func (w *wire) Accept() (net.Conn, error) {
	select {
	case c := <-w.conns:
		return c, nil
	case <-w.closed:
		return nil, net.ErrClosed
	}
}

func (w *wire) Close() error {
	w.once.Do(func() { close(w.closed) })
	return nil
}

func (w *wire) Addr() net.Addr { return &net.UnixAddr{Name: "wire"} }

func (w *wire) seen() []visit {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.visits
}

// pass lets time go by.
func pass(d time.Duration) { <-time.After(d) }

func noRobots(next http.HandlerFunc) http.HandlerFunc { return withRobots("", next) }

func withRobots(rules string, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			text("text/plain", rules)(w, r)
			return
		}
		next(w, r)
	}
}
