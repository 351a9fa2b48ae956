package transport

import (
	"io"
	"net/http"

	"attache/internal/coding"
)

// wireCap bounds what an answer may cost on the wire, before anything is unpacked.
// One that announces more is not read at all; its status holds.
type wireCap struct {
	next  http.RoundTripper
	limit int64
}

func (c *wireCap) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := c.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	limit := largest(req, c.limit)
	body := coding.Limit(resp.Body, limit)
	if resp.ContentLength > limit {
		body = tooLarge{limit}
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{body, resp.Body}
	return resp, nil
}

// tooLarge is the body of an answer that announced itself so.
type tooLarge struct{ limit int64 }

func (t tooLarge) Read([]byte) (int, error) { return 0, &coding.TooLarge{Limit: t.limit} }
