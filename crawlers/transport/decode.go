package transport

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"attache/internal/coding"
)

// Headers of an answer that the transport itself sets. What a server sends under
// these names does not pass.
const (
	// ContentType keeps the server's Content-Type. The one colly sees has lost its
	// charset: colly would convert the body by it, and the readers once more.
	ContentType = ours + "Content-Type"
	// RawRef says where the capture of the answer is kept; see [Raw].
	RawRef = ours + "Raw"

	ours = "X-Attache-"
)

// decoder undoes the content coding of answers, with a limit on the result. It
// asks for the codings itself: net/http knows only gzip, and colly unpacks without
// a limit, some answers a second time unless they say Uncompressed. An answer that
// cannot be unpacked fails when its body is read; its status holds.
type decoder struct {
	next  http.RoundTripper
	limit int64
}

func (d *decoder) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.WithContext(req.Context()) // a copy: the caller's must stay as it is
	req.Header = req.Header.Clone()
	req.Header.Set("Accept-Encoding", coding.Accept)
	resp, err := d.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	for name := range resp.Header {
		if strings.HasPrefix(name, ours) {
			resp.Header.Del(name)
		}
	}
	full := resp.Header.Get("Content-Type")
	bare, _, _ := strings.Cut(full, ";")
	resp.Header.Set("Content-Type", bare)
	resp.Header.Set(ContentType, full)
	resp.Body = &decoded{
		ReadCloser: coding.Reader(strings.Join(resp.Header.Values("Content-Encoding"), ","), resp.Body, largest(req, d.limit)),
		packed:     resp.Body,
	}
	resp.Header.Del("Content-Encoding")
	resp.Header.Del("Content-Length")
	resp.ContentLength, resp.Uncompressed = -1, true
	return resp, nil
}

type decoded struct {
	io.ReadCloser
	packed io.Closer
}

func (d *decoded) Close() error { return errors.Join(d.ReadCloser.Close(), d.packed.Close()) }
