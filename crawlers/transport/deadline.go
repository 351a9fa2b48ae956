package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// deadline bounds one request from leaving to the last byte of its body. It sits
// below pace: colly's own timeout would count the wait for a turn.
type deadline struct {
	next    http.RoundTripper
	timeout time.Duration
}

func (d *deadline) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeoutCause(req.Context(), d.timeout, overdue(d.timeout))
	resp, err := d.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		defer cancel()
		return nil, explain(ctx, err)
	}
	resp.Body = &onClose{ReadCloser: resp.Body, explain: func(err error) error { return explain(ctx, err) }, close: cancel}
	return resp, nil
}

// overdue is how long an answer was waited for.
type overdue time.Duration

func (o overdue) Error() string { return fmt.Sprintf("no complete answer within %s", time.Duration(o)) }

// Timeout is what net/http looks for in errors.
func (o overdue) Timeout() bool { return true }

// explain names the deadline when that is what ended the request.
func explain(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// onClose runs close once the body is done with, and explain on every error but
// its end. Either may be nil.
type onClose struct {
	io.ReadCloser
	explain func(error) error
	close   func()
}

func (b *onClose) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) && b.explain != nil {
		err = b.explain(err)
	}
	return n, err
}

func (b *onClose) Close() error {
	err := b.ReadCloser.Close()
	if b.close != nil {
		b.close()
	}
	return err
}
