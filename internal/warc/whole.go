package warc

import (
	"bufio"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
)

// Whole measures how far a segment holds whole gzip members, and how many: what
// lies behind was being written when the writer ended. The error is one of
// reading, not of what was read.
func Whole(r io.Reader) (length int64, members int, err error) {
	in := newCounted(r)
	var zip gzip.Reader
	for {
		if err := zip.Reset(in.Reader); err != nil {
			return length, members, in.err
		}
		zip.Multistream(false)
		if _, err := io.Copy(io.Discard, &zip); err != nil {
			return length, members, in.err
		}
		length, members = in.offset(), members+1
	}
}

// counted knows how much was taken from a stream, which gzip reads byte by byte
// so as not to take more than its member.
type counted struct {
	*bufio.Reader
	from io.Reader
	n    int64
	err  error // of reading, but for io.EOF
}

func newCounted(r io.Reader) *counted {
	c := &counted{from: r}
	c.Reader = bufio.NewReaderSize(source{c}, 64<<10)
	return c
}

func (c *counted) offset() int64 { return c.n - int64(c.Buffered()) }

type source struct{ c *counted }

func (s source) Read(p []byte) (int, error) {
	n, err := s.c.from.Read(p)
	s.c.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		s.c.err = err
	}
	return n, err
}

// whole says of the end of a stream that it came too early.
func whole(err error) error {
	if err == io.EOF { //nolint:errorlint // exactly this
		return io.ErrUnexpectedEOF
	}
	return err
}
