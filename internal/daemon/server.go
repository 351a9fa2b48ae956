package daemon

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"golang.org/x/net/netutil"
)

// Limits of the server. Answers are small; who takes longer is let go.
const (
	headerWithin = 5 * time.Second
	readWithin   = 10 * time.Second
	answerWithin = time.Minute
	idleFor      = 2 * time.Minute
	maxHeader    = 16 << 10 // bytes
	maxBody      = 64 << 10 // bytes; no request needs one
	maxConns     = 128      // of each listener
	endWithin    = 5 * time.Second
)

// serve answers on the socket and, if one is configured, on the address. A server that
// fails later ends the daemon.
func (d *Daemon) serve(ctx context.Context, helpers *sync.WaitGroup, stop context.CancelCauseFunc) error {
	c := d.Generation().Config
	mux := d.mux()
	socket, err := listenSocket(ctx, c.Socket())
	switch {
	case errors.Is(err, errLongPath):
		d.o.Log.Warn("no control socket: attache sources pause, resume and run, and attache reload, cannot reach this daemon", "error", err)
	case err != nil:
		return err
	default:
		d.answer(ctx, socket, sameOrigin(mux), helpers, stop)
	}
	if c.HTTP.Listen == "" {
		return nil
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", c.HTTP.Listen)
	if err != nil {
		if socket != nil {
			_ = socket.Close()
		}
		return fmt.Errorf("http.listen: %w (another attache or program has it? name another address, or \"\" for none)", err)
	}
	d.mu.Lock()
	d.listen = l.Addr().String()
	d.mu.Unlock()
	d.o.Log.Info("answers operators", "address", d.listen, "tls", c.HTTP.Cert != "", "open", c.HTTP.Open())
	if l = netutil.LimitListener(l, maxConns); c.HTTP.Cert != "" {
		l = tls.NewListener(l, &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: d.certificate})
	} else if !c.HTTP.Open() {
		d.o.Log.Warn("the token of HTTP requests can be read on their way: set http.tls_cert and http.tls_key, or put a proxy that speaks TLS before it")
	}
	d.answer(ctx, l, d.guarded(sameOrigin(mux)), helpers, stop)
	return nil
}

func (d *Daemon) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return d.force.Load().access.cert, nil
}

// answer serves until ctx ends, and then a little longer those who have asked already.
func (d *Daemon) answer(ctx context.Context, l net.Listener, h http.Handler, helpers *sync.WaitGroup, stop context.CancelCauseFunc) {
	s := &http.Server{
		Handler:           http.MaxBytesHandler(plain(h), maxBody),
		ReadHeaderTimeout: headerWithin, ReadTimeout: readWithin, WriteTimeout: answerWithin, IdleTimeout: idleFor, MaxHeaderBytes: maxHeader,
		ErrorLog: log.New(debugWriter{d.o.Log}, "", 0), // strangers' mistakes are no errors of ours
	}
	helpers.Go(func() {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			stop(fmt.Errorf("http: %w", err))
		}
	})
	helpers.Go(func() {
		<-ctx.Done()
		within, cancel := context.WithTimeout(context.WithoutCancel(ctx), endWithin)
		defer cancel()
		if err := s.Shutdown(within); err != nil {
			_ = s.Close()
		}
	})
}

// sameOrigin refuses what changes something when a page of another site asks for it,
// through the browser of somebody who may.
func sameOrigin(next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusForbidden, "a page of another site asks for this")
	}))
	return p.Handler(next)
}

// plain has no browser make more of an answer than it is.
func plain(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

type debugWriter struct{ log *slog.Logger }

func (w debugWriter) Write(p []byte) (int, error) {
	w.log.Debug("http", "error", string(p))
	return len(p), nil
}

// Failure is the body of every answer that is none.
type Failure struct {
	Error string `json:"error"`
}

func refuse(w http.ResponseWriter, status int, format string, args ...any) {
	reply(w, status, Failure{fmt.Sprintf(format, args...)})
}

// reply writes v as the command line would.
func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // a client that is gone
}

// fail is the answer to what went wrong on our side.
func (d *Daemon) fail(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, context.Canceled) || errors.Is(err, os.ErrDeadlineExceeded): // nobody waits
	default:
		d.o.Log.Warn("a request failed", "path", r.URL.Path, "error", err)
	}
	refuse(w, http.StatusInternalServerError, "%v", err)
}
