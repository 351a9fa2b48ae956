package crawlers

import (
	"fmt"
	"io"
	"mime"
	"net/http"
)

// realType keeps the server's Content-Type. The one colly sees has lost its
// charset: colly would convert the body by it, and the readers once more.
const realType = "X-Attache-Content-Type"

// decoder gives answers their decoded size limit and keeps colly's hands off
// them. net/http asks for gzip and undoes it; colly would undo some answers a
// second time unless they say Uncompressed.
type decoder struct {
	next  http.RoundTripper
	limit int64
}

func (d *decoder) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := d.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	resp.Uncompressed = true
	full := resp.Header.Get("Content-Type")
	if bare, _, err := mime.ParseMediaType(full); err == nil {
		resp.Header.Set("Content-Type", bare)
	}
	resp.Header.Set(realType, full)
	resp.Body = &capped{ReadCloser: resp.Body, left: d.limit, limit: d.limit}
	return resp, nil
}

// capped fails when the answer is larger than allowed. Cutting it would make a
// short article of a long one, silently.
type capped struct {
	io.ReadCloser
	left, limit int64
}

func (c *capped) Read(p []byte) (int, error) {
	if int64(len(p)) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.ReadCloser.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, fmt.Errorf("the answer is larger than %d bytes", c.limit)
	}
	return n, err
}
