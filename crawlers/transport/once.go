package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// once keeps net/http from sending a request again on its own. It does so, at
// once and past the pace, when a connection that served before breaks without an
// answer, or HTTP/2 gives a stream back. Whether a request is worth another
// attempt is for the retry layer to say. It marks errors as [unanswered], those
// of bodies too.
type once struct{ next http.RoundTripper }

var errLost = errors.New("the connection was lost before an answer came")

func (o *once) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	var sent atomic.Bool
	resp, err := o.next.RoundTrip(req.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { sent.Store(true) },
		GotConn: func(got httptrace.GotConnInfo) {
			if !sent.Load() {
				return
			}
			cancel(errLost)
			if !shared(got) { // HTTP/1 writes before it looks at the context
				got.Conn.Close() //nolint:errcheck // it is given up either way
			}
		},
	})))
	if err == nil {
		resp.Body = &onClose{ReadCloser: resp.Body, explain: func(err error) error { return unanswered{err} }}
		return resp, nil
	}
	if context.Cause(ctx) == errLost { //nolint:errorlint // this very error
		err = errLost
	}
	cancel(nil)
	return nil, unanswered{err}
}

// shared holds for a connection of HTTP/2, which carries other requests too.
func shared(got httptrace.GotConnInfo) bool {
	secure, ok := got.Conn.(*tls.Conn)
	return ok && secure.ConnectionState().NegotiatedProtocol == "h2"
}
