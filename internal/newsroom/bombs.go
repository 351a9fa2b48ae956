package newsroom

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
)

// bombs write small streams that unpack to size blanks, or up to a piece more. All
// are whole and valid; none takes memory to speak of.
var bombs = map[string]func(w io.Writer, size int64) error{"gzip": gzipBomb, "br": brotliBomb, "zstd": zstdBomb}

const piece = 1 << 20

var blanks = bytes.Repeat([]byte{' '}, piece)

func pieces(size int64) int64 { return (size + piece - 1) / piece }

// gzipBomb repeats one deflated piece (RFC 1951, 1952). A flushed piece stands on
// its own: it refers to nothing before it.
func gzipBomb(w io.Writer, size int64) error {
	var packed bytes.Buffer
	z, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(blanks); err != nil {
		return err
	}
	if err := z.Flush(); err != nil {
		return err
	}
	if _, err := w.Write([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255}); err != nil {
		return err
	}
	n, sum := pieces(size), uint32(0)
	for range n {
		sum = crc32.Update(sum, crc32.IEEETable, blanks)
		if _, err := w.Write(packed.Bytes()); err != nil {
			return err
		}
	}
	end := []byte{3, 0} // an empty last block
	end = binary.LittleEndian.AppendUint32(end, sum)
	end = binary.LittleEndian.AppendUint32(end, uint32(n*piece)) // modulo 2^32, as the format has it
	_, err = w.Write(end)
	return err
}

// brotliBomb repeats the second of two equal pieces (RFC 7932): the first carries
// the stream's header, and from the second on a piece finds the same state before it.
func brotliBomb(w io.Writer, size int64) error {
	var packed bytes.Buffer
	b := brotli.NewWriterLevel(&packed, 5)
	n := max(pieces(size), 2)
	repeated := 0
	for i := range 2 {
		repeated = packed.Len()
		if _, err := b.Write(blanks); err != nil {
			return err
		}
		if err := b.Flush(); err != nil {
			return err
		}
		if i == 0 {
			if _, err := w.Write(packed.Bytes()); err != nil {
				return err
			}
		}
	}
	second := bytes.Clone(packed.Bytes()[repeated:])
	for range n - 1 {
		if _, err := w.Write(second); err != nil {
			return err
		}
	}
	packed.Reset()
	if err := b.Close(); err != nil {
		return err
	}
	_, err := w.Write(packed.Bytes())
	return err
}

// zstdBomb is blocks of one repeated byte (RFC 8878, 3.1.1.2): four bytes for 128 KiB.
func zstdBomb(w io.Writer, size int64) error {
	const block = 128 << 10
	// Frame header: magic number, no checksum and no size, a window of 1 MiB.
	if _, err := w.Write([]byte{0x28, 0xb5, 0x2f, 0xfd, 0, 10 << 3}); err != nil {
		return err
	}
	blocks := pieces(size) * (piece / block)
	for i := range blocks {
		head := uint32(block<<3 | 1<<1) // a block of type RLE
		if i == blocks-1 {
			head |= 1
		}
		if _, err := w.Write([]byte{byte(head), byte(head >> 8), byte(head >> 16), ' '}); err != nil {
			return err
		}
	}
	return nil
}

// endless writes a page of size bytes.
func endless(w io.Writer, size int64) error {
	const head, tail = "<!DOCTYPE html>\n<html><head><title>A long page</title></head><body>\n", "</body></html>\n"
	line := []byte("<p>This paragraph is here only to make the page longer than any reader wants it.</p>\n")
	chunk := bytes.Repeat(line, (32<<10)/len(line))
	if _, err := io.WriteString(w, head); err != nil {
		return err
	}
	for left := size - int64(len(head)+len(tail)); left > 0; left -= int64(len(chunk)) {
		if _, err := w.Write(chunk[:min(left, int64(len(chunk)))]); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, tail)
	return err
}
