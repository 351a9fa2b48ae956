package sinks

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"github.com/klauspost/compress/zstd"

	"attache/internal/article"
)

// leaf goes through the values of one column of a row group, a page at a time.
type leaf struct {
	from     io.ReaderAt
	at, end  int64 // of what is not yet read
	unpack   *zstd.Decoder
	held     *int // bytes that all leaves of the group hold unpacked
	kind     article.Type
	rep, def int   // the most that levels can be
	missing  int64 // values and nulls that no page had yet

	packed     []byte   // the page as it is in the file
	body       []byte   // the page, unpacked
	dictionary [][]byte // of texts
	left       int64    // values and nulls that the page still has
	reps, defs hybrid
	placed     bool   // values are places in the dictionary
	places     hybrid // they
	values     []byte // the values, if they are not
	bit        int    // of values[0], the next bool

	ready   bool // the levels of the next value are known:
	nextRep int
	nextDef int

	claims     claims
	pageNumber int   // of the pages with values, how many were begun
	rows       int64 // that were begun
	nulls      int64 // in the pages that ended
	seen       seen  // in the page that did not
}

// peek makes the levels of the next value known; false at the end.
func (l *leaf) peek() (more bool, err error) {
	if l.ready {
		return true, nil
	}
	for l.left == 0 {
		if err := l.closes(); err != nil {
			return false, err
		}
		switch {
		case l.at < l.end:
		case l.missing != 0:
			return false, fmt.Errorf("%w: there are not as many values as the footer says", errPage)
		default:
			return false, l.ends()
		}
		if err := l.page(); err != nil {
			return false, err
		}
	}
	l.left--
	l.nextRep, l.nextDef = 0, 0
	if l.rep > 0 {
		if l.nextRep, err = l.reps.next(); err != nil {
			return false, err
		}
	}
	if l.def > 0 {
		if l.nextDef, err = l.defs.next(); err != nil {
			return false, err
		}
	}
	if l.nextRep > l.rep || l.nextDef > l.def {
		return false, errHybrid
	}
	l.ready = true
	if l.nextRep == 0 {
		l.rows++
	}
	if l.nextDef < l.def {
		l.seen.nulls++
	}
	return true, nil
}

func (l *leaf) text() ([]byte, error) {
	if l.placed {
		i, err := l.places.next()
		if err != nil {
			return nil, err
		}
		if i >= len(l.dictionary) {
			return nil, errPage
		}
		return l.dictionary[i], nil
	}
	text, rest, err := plainText(l.values)
	l.values = rest
	return text, err
}

// number takes a value of size bytes; 0 stands for one bit.
func (l *leaf) number(size int) (uint64, error) {
	if l.placed || len(l.values) < max(size, 1) {
		return 0, errPage
	}
	var n uint64
	switch size {
	case 0:
		n = uint64(l.values[0]>>l.bit) & 1
		if l.bit++; l.bit == 8 {
			l.bit, l.values = 0, l.values[1:]
		}
		return n, nil
	case 4:
		n = uint64(binary.LittleEndian.Uint32(l.values))
	case 8:
		n = binary.LittleEndian.Uint64(l.values)
	}
	l.values = l.values[size:]
	return n, nil
}

// scalar takes the next value: a []byte that is valid until the next page, int32,
// int64, float64 or bool.
func (l *leaf) scalar() (v any, err error) {
	l.ready = false
	if v, err = l.decoded(); err != nil {
		return v, err
	}
	return v, l.see(v)
}

func (l *leaf) decoded() (any, error) {
	switch l.kind {
	case article.String:
		return l.text()
	case article.Bool:
		n, err := l.number(0)
		return n == 1, err
	case article.Int:
		n, err := l.number(4)
		return int32(n), err
	case article.Double:
		n, err := l.number(8)
		return math.Float64frombits(n), err
	default:
		n, err := l.number(8)
		return int64(n), err
	}
}
