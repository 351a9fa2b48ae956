package coding

import (
	"fmt"
	"io"
)

// TooLarge says that an answer exceeds its limit. It is an error and not a cut,
// which would make a short article of a long one.
type TooLarge struct{ Limit int64 }

func (e *TooLarge) Error() string { return fmt.Sprintf("the answer is larger than %d bytes", e.Limit) }

// Limit fails with [TooLarge] when r has more than limit bytes.
func Limit(r io.Reader, limit int64) io.Reader {
	return &limited{r: r, left: limit, limit: limit}
}

type limited struct {
	r           io.Reader
	left, limit int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, &TooLarge{l.limit}
	}
	if int64(len(p)) > l.left {
		p = p[:l.left+1] // one more tells whether that was all
	}
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, &TooLarge{l.limit}
	}
	return n, err
}
