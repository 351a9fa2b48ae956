package newsroom

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// drops are the pieces of a slow body.
const drops = 20

// drip writes in pieces, each after a wait.
type drip struct {
	ctx  context.Context
	w    http.ResponseWriter
	each time.Duration
}

func (d *drip) Write(b []byte) (n int, err error) {
	for rest := b; len(rest) > 0; {
		piece := rest[:min(len(b)/drops+1, len(rest))]
		rest = rest[len(piece):]
		if err := pause(d.ctx, d.each); err != nil {
			return n, err
		}
		k, err := d.w.Write(piece)
		n += k
		if err != nil {
			return n, err
		}
		_ = http.NewResponseController(d.w).Flush()
	}
	return n, nil
}

// pause ends with ctx at the latest.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

type connKey struct{}

// withConn is for http.Server.ConnContext: reset needs the connection.
func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// reset ends the connection of a request with RST, and the handler.
func reset(ctx context.Context) {
	if c, ok := ctx.Value(connKey{}).(*tls.Conn); ok {
		if tcp, ok := c.NetConn().(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // a reset in place of a good end
			_ = tcp.Close()
		}
	}
	panic(http.ErrAbortHandler)
}
