package sinks

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/bits"
)

// The numbers Parquet gives what WriteParquet makes.
//
// https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
const (
	codecZstd      = 6
	pageData       = 0
	pageDictionary = 2
	encodingPlain  = 0
	encodingPlaces = 8 // RLE_DICTIONARY
)

// maxHeader bounds the description of one page, bytes.
const maxHeader = 4 << 10

// maxHeld bounds the pages and dictionaries of a row group that are unpacked at a
// time, bytes. Those that WriteParquet makes need a quarter of it at most.
const maxHeld = 4 * (groupBytes + maxParquetRow)

var errPage = errors.New("damaged page")

// page reads the next page. One with a dictionary has no values.
func (l *leaf) page() error {
	at := l.at
	if err := l.read(min(maxHeader, l.end-l.at)); err != nil {
		return err
	}
	header, rest, err := decodeThrift(l.packed)
	if err != nil {
		return err
	}
	l.at += int64(len(l.packed) - len(rest))
	kind, crc := header.int(1), header[4]
	data, dictionary := header.sub(5), header.sub(7)
	size, packed := header.int(2), header.int(3)
	if packed < 0 || packed > l.end-l.at || size < 0 || size > maxHeld {
		return errPage
	}
	if err := l.read(packed); err != nil {
		return err
	}
	l.at += packed
	if crc != nil && crc != int64(int32(crc32.ChecksumIEEE(l.packed))) {
		return fmt.Errorf("%w: its checksum differs", errPage)
	}
	switch {
	case kind == pageData && data != nil:
		if err := l.opens(at, l.at-at); err != nil {
			return err
		}
		return l.dataPage(data, int(size))
	case kind == pageDictionary && dictionary != nil && l.dictionary == nil:
		return l.dictionaryPage(dictionary, int(size))
	}
	return fmt.Errorf("%w: of a kind attache does not write", errPage)
}

// read gives packed the next n bytes of the file.
func (l *leaf) read(n int64) error {
	if int64(cap(l.packed)) < n {
		l.packed = make([]byte, n)
	}
	l.packed = l.packed[:n]
	switch got, err := l.from.ReadAt(l.packed, l.at); {
	case int64(got) == n:
		return nil
	case errors.Is(err, io.EOF):
		return io.ErrUnexpectedEOF
	default:
		return err
	}
}

// unpackTo unpacks the page into buf, if it has just the size it claims.
func (l *leaf) unpackTo(buf []byte, size int) ([]byte, error) {
	if cap(buf) < size {
		if *l.held += size - cap(buf); *l.held > maxHeld {
			return nil, fmt.Errorf("%w: its row group needs more than %d bytes of memory", errPage, maxHeld)
		}
		buf = make([]byte, size)
	}
	body, err := l.unpack.DecodeAll(l.packed, buf[:0:size])
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errPage, err)
	}
	if len(body) != size {
		return nil, errPage
	}
	return body, nil
}

func (l *leaf) dictionaryPage(header thrift, size int) error {
	body, err := l.unpackTo(nil, size)
	if err != nil {
		return err
	}
	n := header.int(1)
	const slice = 24 // bytes of memory for an entry
	if *l.held += slice * int(n); n < 0 || n > int64(len(body)) || *l.held > maxHeld {
		return errPage
	}
	l.dictionary = make([][]byte, n)
	for i := range l.dictionary {
		if l.dictionary[i], body, err = plainText(body); err != nil {
			return err
		}
	}
	return nil
}

func (l *leaf) dataPage(header thrift, size int) (err error) {
	if l.body, err = l.unpackTo(l.body, size); err != nil {
		return err
	}
	rest := l.body
	if l.reps, rest, err = levels(l.rep, rest); err != nil {
		return err
	}
	if l.defs, rest, err = levels(l.def, rest); err != nil {
		return err
	}
	l.left, l.bit = header.int(1), 0
	if l.missing -= l.left; l.left < 0 || l.missing < 0 {
		return errPage
	}
	switch header.int(2) {
	case encodingPlain:
		l.placed, l.values = false, rest
	case encodingPlaces:
		if len(rest) == 0 {
			rest = []byte{0} // a page of nulls
		}
		l.placed, l.places = true, hybrid{b: rest[1:], width: int(rest[0])}
		if l.dictionary == nil || l.places.width > 32 {
			return errPage
		}
	default:
		return fmt.Errorf("%w: in an encoding attache does not write", errPage)
	}
	// The nulls a page's own statistics count are always 0: so the library writes them.
	for _, id := range []int16{1, 2, 4, 5, 6} {
		if header.sub(5)[id] != nil {
			return fmt.Errorf("%w: a page has some of its own, which attache does not write", errClaim)
		}
	}
	return nil
}

// levels takes those of a page; there are none when they could only be 0.
func levels(most int, b []byte) (h hybrid, rest []byte, err error) {
	if most == 0 {
		return h, b, nil
	}
	run, rest, err := plainText(b)
	return hybrid{b: run, width: bits.Len(uint(most))}, rest, err
}

// plainText takes bytes that have their number before them, in four bytes.
func plainText(b []byte) (text, rest []byte, err error) {
	if len(b) < 4 {
		return nil, nil, errPage
	}
	n := uint64(binary.LittleEndian.Uint32(b))
	if b = b[4:]; n > uint64(len(b)) {
		return nil, nil, errPage
	}
	return b[:n], b[n:], nil
}
