package sinks

import (
	"encoding/binary"
	"fmt"

	"github.com/parquet-go/parquet-go/bloom/xxhash"

	"attache/internal/article"
)

// bloomFilter is the bits of a split-block Bloom filter: blocks of eight words.
//
// https://github.com/apache/parquet-format/blob/master/BloomFilter.md
type bloomFilter []byte

const bloomBlock = 32 // bytes

var bloomSalts = [8]uint32{0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31}

// readBloom reads the filter of a column's part; nil when there is none.
func (l *leaf) readBloom(meta thrift, size int64) (bloomFilter, error) {
	if meta[14] == nil {
		return nil, nil
	}
	if l.kind != article.String {
		return nil, fmt.Errorf("%w: there is a Bloom filter of what is no text", errClaim)
	}
	text, err := l.piece(meta.int(14), meta.int(15), size)
	if err != nil {
		return nil, err
	}
	header, bits, err := decodeThrift(text)
	if err != nil {
		return nil, err
	}
	// The only algorithm, hash and (no) compression there are, each an empty struct.
	if header.sub(2).sub(1) == nil || header.sub(3).sub(1) == nil || header.sub(4).sub(1) == nil || header.int(1) != int64(len(bits)) || len(bits) == 0 || len(bits)%bloomBlock != 0 {
		return nil, fmt.Errorf("%w: there is a Bloom filter of another kind than attache writes", errClaim)
	}
	return bits, nil
}

// has is false for a value that was never put in.
func (b bloomFilter) has(value []byte) bool {
	h := xxhash.Sum64(value)
	block := b[h>>32*uint64(len(b)/bloomBlock)>>32*bloomBlock:]
	for i, salt := range bloomSalts {
		if word := binary.LittleEndian.Uint32(block[4*i:]); word>>(uint32(h)*salt>>27)&1 == 0 {
			return false
		}
	}
	return true
}
