package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"attache/internal/coding"
	"attache/internal/warc"
)

// ErrRecord is an answer that came but could not be captured. The host has done
// nothing wrong.
var ErrRecord = errors.New("keep the capture")

// Raw is where the answer with these headers was captured. It is known once the
// body has been read to its end.
func Raw(h http.Header) (warc.Ref, bool) {
	segment, offset, ok := strings.Cut(h.Get(RawRef), " ")
	n, err := strconv.ParseInt(offset, 10, 64)
	return warc.Ref{Segment: segment, Offset: n}, ok && err == nil
}

// capture records each answer once, as it came: when its body ends, breaks off or
// is closed. An answer that cannot be recorded cannot be read either, so that
// nothing is stored without its capture.
type capture struct {
	next     http.RoundTripper
	recorder Recorder
	now      func() time.Time
}

func (c *capture) RoundTrip(req *http.Request) (*http.Response, error) {
	e := warc.Exchange{URL: recordedURL(req.URL), At: c.now(), Method: req.Method, Sent: req.Header.Clone()}
	for _, secret := range []string{"Authorization", "Proxy-Authorization"} {
		e.Sent.Del(secret)
	}
	traced := httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		GotConn: func(i httptrace.GotConnInfo) { e.Remote = remote(i.Conn) },
	})
	resp, err := c.next.RoundTrip(req.WithContext(traced))
	if err != nil {
		return nil, err
	}
	e.Status, e.Received = resp.StatusCode, resp.Header.Clone()
	t := &tee{ReadCloser: resp.Body}
	source, ended := policyOf(req.Context()).Source, req.Context().Err
	t.record = func(body []byte, end error) error {
		e.Body, e.Truncated = body, truncated(end, ended())
		ref, err := c.recorder.Record(source, e)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrRecord, err)
		}
		resp.Header.Set(RawRef, ref.Segment+" "+strconv.FormatInt(ref.Offset, 10))
		return nil
	}
	resp.Body = t
	return resp, nil
}

// recordedURL is u as the server knows it.
func recordedURL(u *url.URL) string {
	bare := *u
	bare.User, bare.Fragment, bare.RawFragment = nil, "", ""
	return bare.String()
}

func remote(c net.Conn) netip.Addr {
	if at, ok := c.RemoteAddr().(*net.TCPAddr); ok {
		return at.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}

// errClosed ends a body that nobody read to its end.
var errClosed = errors.New("closed before its end")

// truncated says why a body that ended so is not whole (WARC 1.1, 5.13). given is
// the end of the request's context, if it has.
func truncated(end, given error) string {
	_, large := errors.AsType[*coding.TooLarge](end)
	switch {
	case errors.Is(end, io.EOF):
		return ""
	case large:
		return "length"
	case errors.Is(given, context.DeadlineExceeded):
		return "time"
	case errors.Is(end, errClosed), given != nil:
		return "unspecified"
	default:
		return "disconnect"
	}
}

// tee keeps what is read of a body. The layer below bounds it.
type tee struct {
	io.ReadCloser
	kept   bytes.Buffer
	record func(body []byte, end error) error // nil once called
	err    error
}

func (t *tee) Read(p []byte) (int, error) {
	if t.err != nil {
		return 0, t.err
	}
	n, err := t.ReadCloser.Read(p)
	t.kept.Write(p[:n])
	if err != nil {
		t.err = err
		if failed := t.end(err); failed != nil {
			t.err = failed
		}
	}
	return n, t.err
}

// little is read of what is left when a body is closed: it makes the captures of
// redirects and refusals whole, and keeps the connection.
const little = 64 << 10

func (t *tee) Close() error {
	_, _ = io.CopyN(io.Discard, t, little) // its error is the reader's
	return errors.Join(t.end(errClosed), t.ReadCloser.Close())
}

func (t *tee) end(err error) error {
	if t.record == nil {
		return nil
	}
	record := t.record
	t.record = nil
	return record(t.kept.Bytes(), err)
}
