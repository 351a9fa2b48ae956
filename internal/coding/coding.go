// Package coding undoes the content codings of HTTP (RFC 9110, 8.4.1) within
// bounds: a small answer may unpack to more than the machine has.
package coding

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Accept is the Accept-Encoding that asks for what [Reader] undoes.
const Accept = "gzip, br, zstd"

// maxCodings is how often an answer may be packed. Twice happens behind careless
// proxies; more is a bomb.
const maxCodings = 2

// other finds codings nobody asked for. Read as text, a packed page would be a
// page of rubbish. What is neither a coding of ours nor one of these is a slip of
// a server that means a charset, and is passed over.
var other = regexp.MustCompile(`\b(br|zstd|gzip|deflate|compress|bzip2|lzma|xz|exi|aes128gcm|dcb|dcz)\b`)

// Reader undoes the codings of a Content-Encoding header (several of them joined
// by commas, as they were applied). It fails with [TooLarge] after limit bytes,
// between two codings too, and from the first byte on when it cannot undo them. A
// packed body that ends early is an error; one without a single byte is empty.
// Close gives the decoders back; it does not close r.
func Reader(contentEncoding string, r io.Reader, limit int64) io.ReadCloser {
	codings, err := parse(contentEncoding)
	if err != nil {
		return &body{Reader: failed{err}}
	}
	out := new(body)
	for _, c := range slices.Backward(codings) {
		u := unpack(c, r)
		out.unpackers = append(out.unpackers, u)
		r = Limit(u, limit)
	}
	if len(codings) == 0 {
		r = Limit(r, limit)
	}
	out.Reader = r
	return out
}

func parse(contentEncoding string) ([]*sync.Pool, error) {
	var codings []*sync.Pool
	for name := range strings.SplitSeq(strings.ToLower(contentEncoding), ",") {
		name = strings.TrimSpace(name)
		if p, known := decoders[name]; known {
			codings = append(codings, p)
		} else if other.MatchString(name) {
			return nil, fmt.Errorf("the answer is packed as %q, which was not asked for", name)
		}
	}
	if len(codings) > maxCodings {
		return nil, fmt.Errorf("the answer is packed %d times over, as %q; %d times is the most", len(codings), contentEncoding, maxCodings)
	}
	return codings, nil
}

// body is the end of the chain.
type body struct {
	io.Reader
	unpackers []*unpacker
}

func (b *body) Close() error {
	b.Reader = failed{errors.New("read from a closed body")}
	for _, u := range b.unpackers {
		u.release()
	}
	b.unpackers = nil
	return nil
}

// failed is a body that cannot be read.
type failed struct{ error }

func (f failed) Read([]byte) (int, error) { return 0, f.error }
