package coding

import (
	"bufio"
	"io"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// window is the largest a zstd frame may ask for (RFC 9659). Brotli's is 16 MiB
// by its format, gzip's 32 KiB.
const window = 8 << 20

// decoder undoes one coding; Reset starts it on another body.
type decoder interface {
	io.Reader
	Reset(io.Reader) error
}

// decoders by the names of RFC 9110, 8.4.1 and RFC 8878. They are kept: one costs
// more to make than a page to unpack.
var decoders = map[string]*sync.Pool{
	"gzip":   gzips,
	"x-gzip": gzips,
	"br":     {New: func() any { return &unpacker{decoder: new(brotli.Reader)} }},
	"zstd":   {New: newZstd},
}

var gzips = &sync.Pool{New: func() any { return &unpacker{decoder: new(gzip.Reader)} }}

func newZstd() any {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(window))
	if err != nil {
		panic(err) // the options are constants
	}
	return &unpacker{decoder: d}
}

// unpacker reads what a decoder makes of a body.
type unpacker struct {
	decoder decoder
	packed  bufio.Reader
	begun   bool
	err     error // what ended the body
	home    *sync.Pool
}

func unpack(home *sync.Pool, packed io.Reader) *unpacker {
	u, _ := home.Get().(*unpacker)
	u.packed.Reset(packed)
	u.begun, u.err, u.home = false, nil, home
	return u
}

func (u *unpacker) Read(p []byte) (n int, err error) {
	if !u.begun {
		u.begun, u.err = true, u.begin()
	}
	if u.err == nil {
		n, u.err = u.decoder.Read(p)
	}
	return n, u.err
}

func (u *unpacker) begin() error {
	if _, err := u.packed.Peek(1); err != nil {
		return err // io.EOF: nothing was packed
	}
	err := u.decoder.Reset(&u.packed)
	if err == io.EOF { //nolint:errorlint // as the decoders return it
		err = io.ErrUnexpectedEOF // the body has a first byte
	}
	return err
}

// release gives the decoder back, without its hold on the body.
func (u *unpacker) release() {
	u.packed.Reset(nil)
	u.home.Put(u)
}
