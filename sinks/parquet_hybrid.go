package sinks

import (
	"encoding/binary"
	"errors"
)

// hybrid gives the small numbers of a run of levels, or of places in a dictionary:
// runs of one number and packed groups of eight, by turns.
//
// https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE
type hybrid struct {
	b     []byte
	width int    // bits of a number, 0 to 32
	left  uint64 // numbers left of the run or of the groups
	run   bool
	same  int    // the number of the run
	bits  uint64 // packed numbers taken from b and not yet given, lowest first
	held  int    // how many bits
}

var errHybrid = errors.New("damaged levels or dictionary places")

func (h *hybrid) next() (int, error) {
	for h.left == 0 {
		head, size := binary.Uvarint(h.b)
		if size <= 0 {
			return 0, errHybrid
		}
		h.b = h.b[size:]
		h.bits, h.held = 0, 0
		h.run = head&1 == 0
		if !h.run {
			h.left = head >> 1 * 8
			continue
		}
		wide := (h.width + 7) / 8
		if len(h.b) < wide {
			return 0, errHybrid
		}
		h.left, h.same = head>>1, 0
		for i := range wide {
			h.same |= int(h.b[i]) << (8 * i)
		}
		h.b = h.b[wide:]
	}
	h.left--
	if h.run {
		return h.same, nil
	}
	for h.held < h.width {
		if len(h.b) == 0 {
			return 0, errHybrid
		}
		h.bits |= uint64(h.b[0]) << h.held
		h.b, h.held = h.b[1:], h.held+8
	}
	n := int(h.bits & (1<<h.width - 1))
	h.bits >>= h.width
	h.held -= h.width
	return n, nil
}
