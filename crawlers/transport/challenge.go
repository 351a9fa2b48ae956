package transport

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
)

// challenge looks at the head of each web page for a wall that came instead of
// it. The host is left in peace as after a 429: a wall is what a host puts up
// against too many requests, and more of them make it higher.
type challenge struct {
	next http.RoundTripper
	pace *pacer
}

// maxHead is as much of a page as is looked at. Walls are smaller.
const maxHead = 64 << 10

func (c *challenge) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := c.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	seen := wallByHeader(req.URL, resp.Header)
	if seen == "" && isPage(resp) {
		head, err := readHead(resp.Body)
		seen = wall(resp.StatusCode, head, errors.Is(err, io.EOF))
		resp.Body = &rejoined{io.MultiReader(bytes.NewReader(head), &rest{resp.Body, err}), resp.Body}
	}
	if seen == "" {
		return resp, nil
	}
	_, err = c.pace.backOff(req.Context(), req.URL, retryAfter(resp), "it put up a wall: "+seen)
	discard(resp)
	return nil, errors.Join(&Challenge{Status: resp.StatusCode, Seen: seen}, err)
}

// isPage holds for an answer with a web page in it.
func isPage(resp *http.Response) bool {
	if status := resp.StatusCode; status >= 300 && status < 400 || status == http.StatusNoContent {
		return false
	}
	kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	return kind == "text/html" || kind == "application/xhtml+xml"
}

// readHead reads until the head is full or the body ends; err is how it ended.
func readHead(body io.Reader) (head []byte, err error) {
	head = make([]byte, 0, maxHead)
	for err == nil && len(head) < maxHead {
		var n int
		n, err = body.Read(head[len(head):maxHead])
		head = head[:len(head)+n]
	}
	return head, err
}

// rejoined is a body whose head was read.
type rejoined struct {
	io.Reader
	io.Closer
}

// rest is what follows the head; the end or error that came with the head comes in its place.
type rest struct {
	io.Reader
	err error
}

func (r *rest) Read(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	return r.Reader.Read(p)
}
