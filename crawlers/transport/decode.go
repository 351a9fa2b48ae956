package transport

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
)

// ContentType is the header that keeps the server's Content-Type. The one colly sees has lost its
// charset: colly would convert the body by it, and the readers once more.
const ContentType = "X-Attache-Content-Type"

// decoder gives answers their decoded size limit and keeps colly's hands off
// them. net/http asks for gzip and undoes it; colly would undo some answers a
// second time unless they say Uncompressed.
type decoder struct {
	next  http.RoundTripper
	limit int64
}

// coded finds what is left of a Content-Encoding after net/http took off its
// gzip. Read as text, a packed page would be a page of rubbish. Other values are
// slips of servers that mean a charset.
var coded = regexp.MustCompile(`(?i)\b(br|zstd|gzip|deflate|compress)\b`)

func (d *decoder) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := d.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if coding := resp.Header.Get("Content-Encoding"); coded.MatchString(coding) {
		return nil, errors.Join(fmt.Errorf("the answer is packed as %q, which was not asked for", coding), resp.Body.Close())
	}
	resp.Uncompressed = true
	full := resp.Header.Get("Content-Type")
	bare, _, _ := strings.Cut(full, ";")
	resp.Header.Set("Content-Type", bare)
	resp.Header.Set(ContentType, full)
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
