package story

import (
	"encoding/binary"
	"errors"
)

// format is the first byte of a stored sketch. Sketches of another format, or
// of other rules for words and shingles, are not comparable: raise it with them.
const format = 1

var errSketch = errors.New("story: these bytes are no sketch of this version; sketch the article again")

// MarshalBinary gives some four bytes a word, and fewer than 3,000. The error is
// always nil.
func (s Sketch) MarshalBinary() ([]byte, error) {
	b := []byte{format}
	b = binary.LittleEndian.AppendUint64(b, s.whole)
	b = binary.AppendUvarint(b, uint64(s.words))
	for _, p := range s.parts() {
		b = p.append(b)
	}
	return b, nil
}

// UnmarshalBinary reads what MarshalBinary gave, and refuses anything else.
func (s *Sketch) UnmarshalBinary(b []byte) error {
	if len(b) < 9 || b[0] != format {
		return errSketch
	}
	read := Sketch{whole: binary.LittleEndian.Uint64(b[1:])}
	b = b[9:]
	if !take(&b, &read.words) {
		return errSketch
	}
	for _, p := range read.parts() {
		if !p.take(&b) {
			return errSketch
		}
	}
	if len(b) > 0 {
		return errSketch
	}
	*s = read
	return nil
}

func (s *Sketch) parts() []*sample {
	return []*sample{&s.shingles, &s.numbers, &s.names, &s.countries}
}

// append writes how many there are, whether that is all, and the steps from
// each hash to the next.
func (s *sample) append(b []byte) []byte {
	head := uint64(len(s.hashes)) << 1
	if len(s.hashes) > 0 && s.cut != ^uint32(0) {
		head |= 1
	}
	b = binary.AppendUvarint(b, head)
	last := uint32(0)
	for _, h := range s.hashes {
		b = binary.AppendUvarint(b, uint64(h-last))
		last = h
	}
	return b
}

func (s *sample) take(b *[]byte) bool {
	var head uint32
	if !take(b, &head) || head>>1 > keptShingles || head == 1 {
		return false
	}
	*s = sample{cut: ^uint32(0)}
	last := uint32(0)
	for i := range head >> 1 {
		var step uint32
		if !take(b, &step) || i > 0 && step == 0 || last+step < last {
			return false
		}
		last += step
		s.hashes = append(s.hashes, last)
	}
	if head&1 == 1 {
		s.cut = last
	}
	return head&1 == 0 || last < ^uint32(0)
}

// take reads one number that fits, in its shortest form.
func take(b *[]byte, v *uint32) bool {
	x, n := binary.Uvarint(*b)
	if n <= 0 || x > uint64(^uint32(0)) || n > 1 && (*b)[n-1] == 0 {
		return false
	}
	*v, *b = uint32(x), (*b)[n:]
	return true
}
