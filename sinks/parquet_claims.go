package sinks

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"attache/internal/article"
)

// errClaim is a footer or an index that does not fit the values: readers that trust it
// would pass over rows that are there.
var errClaim = errors.New("its statistics or indexes do not fit its values")

// bounds are the least and the greatest value that are said to be there, as they
// stand in the file; nil says nothing.
type bounds struct{ least, greatest []byte }

// claims are what is said of a column's part of a row group, besides its values.
// Histograms and encoding statistics, by which no reader passes over rows, are not
// looked at.
//
// https://github.com/apache/parquet-format/blob/master/PageIndex.md
type claims struct {
	bounds
	nulls any         // an int64, if it is said
	pages []pageClaim // nil: not said
	bloom bloomFilter
}

type pageClaim struct {
	bounds
	empty         bool // nulls only
	nulls         any
	at, size, row int64 // of the page in the file; the first row of it in the group
}

// readClaims reads what the description of a column's part and the indexes say.
func (l *leaf) readClaims(chunk thrift, size int64) (c claims, err error) {
	meta := chunk.sub(3)
	s := meta.sub(12)
	if s[1] != nil || s[2] != nil || s[4] != nil {
		return c, fmt.Errorf("%w: they are of a kind attache does not write", errClaim)
	}
	c.nulls, c.least, c.greatest = s[3], s.bytes(6), s.bytes(5)
	if c.bloom, err = l.readBloom(meta, size); err != nil {
		return c, err
	}
	places, err := l.part(chunk.int(4), chunk.int(5), size)
	if err != nil {
		return c, err
	}
	index, err := l.part(chunk.int(6), chunk.int(7), size)
	if err != nil || places == nil && index == nil {
		return c, err
	}
	all := places.list(1)
	empty, least, greatest, nulls := index.list(1), index.list(2), index.list(3), index.list(5)
	if n := len(all); len(empty) != n || len(least) != n || len(greatest) != n || nulls != nil && len(nulls) != n {
		return c, fmt.Errorf("%w: they are not of the same pages", errClaim)
	}
	c.pages = make([]pageClaim, len(all))
	for i := range all {
		p := &c.pages[i]
		place, _ := all[i].(thrift)
		p.at, p.size, p.row = place.int(1), place.int(2), place.int(3)
		p.empty = empty[i] == int64(1)
		p.least, _ = least[i].([]byte)
		p.greatest, _ = greatest[i].([]byte)
		if nulls != nil {
			p.nulls = nulls[i]
		}
		if p.empty {
			p.bounds = bounds{}
		}
	}
	return c, l.ordered(c.pages, index.int(4))
}

// part decodes a struct that stands somewhere in the file; nil when none is said to.
func (l *leaf) part(at, length, size int64) (thrift, error) {
	if at == 0 && length == 0 {
		return nil, nil
	}
	text, err := l.piece(at, length, size)
	if err != nil {
		return nil, err
	}
	t, _, err := decodeThrift(text)
	return t, err
}

// piece reads what stands somewhere in the file, and counts the memory that may become of it.
func (l *leaf) piece(at, length, size int64) ([]byte, error) {
	const grows = 16 // times, when it is decoded
	if at < 0 || length <= 0 || length > maxHeld/grows || at > size-length {
		return nil, fmt.Errorf("%w: they are not in the file", errClaim)
	}
	if *l.held += grows * int(length); *l.held > maxHeld {
		return nil, fmt.Errorf("%w: they need more than %d bytes of memory", errClaim, maxHeld)
	}
	text := make([]byte, length)
	_, err := l.from.ReadAt(text, at)
	return text, err
}

// ordered holds pages to the order in which they are said to be: 1 ascending, 2
// descending.
func (l *leaf) ordered(pages []pageClaim, order int64) error {
	var last *pageClaim
	for i := range pages {
		p := &pages[i]
		if p.least == nil || p.greatest == nil {
			continue
		}
		if last != nil && order != 0 {
			a, b := l.compare(last.least, p.least), l.compare(last.greatest, p.greatest)
			if order == 1 && (a > 0 || b > 0) || order == 2 && (a < 0 || b < 0) {
				return fmt.Errorf("%w: its pages are not in the order they claim", errClaim)
			}
		}
		last = p
	}
	return nil
}

// compare is the order of two bounds; what is no value comes before all else.
func (l *leaf) compare(a, b []byte) int {
	x, okX := l.plain(a)
	y, okY := l.plain(b)
	if !okX || !okY {
		return cmp.Compare(len(a), len(b))
	}
	return order(x, y)
}

// plain reads a bound as a value of the column.
func (l *leaf) plain(b []byte) (v any, ok bool) {
	switch l.kind {
	case article.String:
		return b, true
	case article.Bool:
		return len(b) == 1 && b[0] == 1, len(b) == 1
	case article.Int:
		if len(b) != 4 {
			return nil, false
		}
		return int32(binary.LittleEndian.Uint32(b)), true
	}
	if len(b) != 8 {
		return nil, false
	}
	n := binary.LittleEndian.Uint64(b)
	if l.kind == article.Double {
		return math.Float64frombits(n), true
	}
	return int64(n), true
}

// order compares two values of one column.
func order(a, b any) int {
	switch x := a.(type) {
	case []byte:
		y, _ := b.([]byte)
		return bytes.Compare(x, y)
	case int32:
		y, _ := b.(int32)
		return cmp.Compare(x, y)
	case int64:
		y, _ := b.(int64)
		return cmp.Compare(x, y)
	case float64:
		y, _ := b.(float64)
		return cmp.Compare(x, y)
	case bool:
		y, _ := b.(bool)
		switch {
		case x == y:
			return 0
		case y:
			return -1
		}
		return 1
	}
	return 0
}
