package newsroom

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// coding is the content coding d sends to a client that accepts what accept says:
// the best d knows, or none. Preferences of the client (q=0.5) are not looked at,
// as most servers do not; a refusal (q=0) is.
func (d *domain) coding(accept string) string {
	var accepted []string
	for item := range strings.SplitSeq(strings.ToLower(accept), ",") {
		name, weight, _ := strings.Cut(strings.ReplaceAll(item, " ", ""), ";")
		if weight = strings.TrimPrefix(weight, "q="); strings.Trim(weight, "0.") != "" || weight == "" {
			accepted = append(accepted, name)
		}
	}
	known := d.codings
	if known == nil {
		known = []string{"gzip"}
	}
	if i := slices.IndexFunc(known, func(c string) bool { return slices.Contains(accepted, c) }); i >= 0 {
		return known[i]
	}
	return ""
}

// packed never fails: it writes to memory.
func packed(coding string, body []byte) []byte {
	pool := packers[coding]
	w, ok := pool.Get().(packer)
	if !ok {
		return nil // the pools hold nothing else
	}
	defer pool.Put(w)
	var b bytes.Buffer
	w.Reset(&b)
	_, _ = w.Write(body)
	_ = w.Close()
	return b.Bytes()
}

type packer interface {
	io.WriteCloser
	Reset(w io.Writer)
}

// packers are kept because each takes much memory to make.
var packers = map[string]*sync.Pool{
	"gzip": {New: func() any { return gzip.NewWriter(nil) }},
	"br":   {New: func() any { return brotli.NewWriterLevel(nil, brotli.BestSpeed) }},
	"zstd": {New: func() any {
		z, _ := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest)) // fails for wrong options only
		return z
	}},
}
