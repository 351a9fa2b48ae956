package sinks

import (
	"encoding/binary"
	"errors"
	"math"
)

// thrift is a struct of Thrift's compact protocol, in which Parquet keeps what is not
// data: its fields by id, as int64 (and bool as 0 or 1), float64, []byte, []any or
// thrift. Decoding takes memory in proportion to the bytes there are, not to what they claim.
//
// https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
type thrift map[int16]any

var errThrift = errors.New("damaged Thrift structure")

// The types of the protocol that Parquet uses.
const (
	thriftStop = iota
	thriftTrue
	thriftFalse
	thriftByte
	thriftI16
	thriftI32
	thriftI64
	thriftDouble
	thriftBinary
	thriftList
	_
	_
	thriftStruct
)

// decodeThrift takes the struct at the start of b; rest is what follows it.
func decodeThrift(b []byte) (s thrift, rest []byte, err error) {
	d := thriftDecoder{b: b, deep: 16}
	s = d.structure()
	if d.bad {
		return nil, nil, errThrift
	}
	return s, d.b, nil
}

type thriftDecoder struct {
	b    []byte
	deep int // levels that may still be entered
	bad  bool
}

func (d *thriftDecoder) structure() thrift {
	s := thrift{}
	id := int16(0)
	for {
		head := d.byte()
		if head == thriftStop || d.bad {
			return s
		}
		if delta := int16(head >> 4); delta != 0 {
			id += delta
		} else {
			id = int16(d.int())
		}
		switch kind := head & 15; kind {
		case thriftTrue, thriftFalse:
			s[id] = int64(2 - kind)
		default:
			s[id] = d.value(kind)
		}
	}
}

func (d *thriftDecoder) value(kind byte) any {
	switch kind {
	case thriftTrue, thriftFalse, thriftByte: // a bool in a list has a byte of its own
		return int64(int8(d.byte()))
	case thriftI16, thriftI32, thriftI64:
		return d.int()
	case thriftDouble:
		return math.Float64frombits(binary.LittleEndian.Uint64(d.take(8)))
	case thriftBinary:
		return d.take(d.uint())
	}
	if d.deep--; d.deep < 0 {
		d.bad = true
	}
	defer func() { d.deep++ }()
	switch {
	case d.bad:
	case kind == thriftStruct:
		return d.structure()
	case kind == thriftList:
		return d.list()
	default:
		d.bad = true
	}
	return nil
}

func (d *thriftDecoder) list() []any {
	head := d.byte()
	n := uint64(head >> 4)
	if n == 15 {
		n = d.uint()
	}
	if n > uint64(len(d.b)) { // an element has a byte at least
		d.bad = true
		return nil
	}
	all := make([]any, 0, n)
	for range n {
		if d.bad {
			return nil
		}
		all = append(all, d.value(head&15))
	}
	return all
}

func (d *thriftDecoder) byte() byte {
	if len(d.b) == 0 {
		d.bad = true
		return 0
	}
	b := d.b[0]
	d.b = d.b[1:]
	return b
}

// take gives the next n bytes; when there are fewer, so many zeros as a number needs.
func (d *thriftDecoder) take(n uint64) []byte {
	if n > uint64(len(d.b)) {
		d.bad = true
		return make([]byte, 8)
	}
	b := d.b[:n]
	d.b = d.b[n:]
	return b
}

func (d *thriftDecoder) uint() uint64 {
	n, size := binary.Uvarint(d.b)
	if size <= 0 {
		d.bad = true
		return 0
	}
	d.b = d.b[size:]
	return n
}

func (d *thriftDecoder) int() int64 {
	n := d.uint()
	return int64(n>>1) ^ -int64(n&1)
}

// int, bytes, list and sub give a field of that type; its zero value when there is none.
func (s thrift) int(id int16) int64 {
	n, _ := s[id].(int64)
	return n
}

func (s thrift) bytes(id int16) []byte {
	b, _ := s[id].([]byte)
	return b
}

func (s thrift) list(id int16) []any {
	l, _ := s[id].([]any)
	return l
}

func (s thrift) sub(id int16) thrift {
	t, _ := s[id].(thrift)
	return t
}
