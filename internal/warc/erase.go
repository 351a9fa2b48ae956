package warc

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/textproto"
	"slices"
	"strconv"

	"github.com/klauspost/compress/flate"
)

// Erase copies the segment of size bytes in in to out, with a tombstone in place of
// each capture whose response is at one of the offsets. The request that belongs to it
// goes too. Every other record stays where it is, byte for byte, and so does the
// segment's length: a [Ref] into it still holds.
//
// A tombstone is a metadata record with the id and the date of the record it stands
// for and, where there is room for it, the reason; nothing else of the record is
// left, its address neither. It fills exactly the bytes of the old gzip member. The same
// segment, offsets and reason give the same bytes, also when they are erased there
// already.
//
// Memory does not depend on the segment. After an error, what is in out is worthless.
func Erase(in io.ReaderAt, size int64, offsets []int64, reason string, out io.Writer) error {
	offsets = slices.Compact(slices.Sorted(slices.Values(offsets)))
	var done, request int64 // how far out goes; where the request begins that went with its response
	for _, at := range offsets {
		if at == request && at != 0 {
			continue
		}
		if at < done || at >= size {
			return fmt.Errorf("WARC record at %d: no record begins there", at)
		}
		if err := section(out, in, done, at); err != nil {
			return err
		}
		e, err := look(in, at, size)
		if err == nil {
			err = e.erasable()
		}
		if err != nil {
			return fmt.Errorf("WARC record at %d: %w", at, err)
		}
		if err := e.bury(out, reason); err != nil {
			return err
		}
		done, request = e.end, 0
		next, err := look(in, done, size)
		if err != nil || next.fields.Get("WARC-Concurrent-To") != e.id() {
			continue // whatever it is, it is not this one's request; it is copied as it is
		}
		request = done
		if err := next.bury(out, reason); err != nil {
			return err
		}
		done = next.end
	}
	return section(out, in, done, size)
}

// section copies what lies from one offset to another.
func section(out io.Writer, in io.ReaderAt, from, to int64) error {
	n, err := io.Copy(out, io.NewSectionReader(in, from, to-from))
	if err == nil && n != to-from {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// member is a record's place and head.
type member struct {
	at, end int64
	fields  textproto.MIMEHeader
}

// look reads the head of the record at an offset, and the rest of it for its length.
func look(in io.ReaderAt, at, size int64) (*member, error) {
	r := NewReader(io.NewSectionReader(in, at, size-at), 0)
	if err := r.zip.Reset(r.in.Reader); err != nil {
		return nil, whole(err)
	}
	r.zip.Multistream(false)
	r.text.Reset(&r.zip)
	fields, err := r.fields()
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(io.Discard, r.text); err != nil {
		return nil, err
	}
	return &member{at, at + r.in.offset(), fields}, nil
}

func (m *member) id() string { return m.fields.Get("WARC-Record-ID") }

// erasable reports whether the record is a capture, or the tombstone of one.
func (m *member) erasable() error {
	switch kind := m.fields.Get("WARC-Type"); {
	case kind != "response" && kind != "metadata":
		return fmt.Errorf("a %s, not a response", oneLine(kind))
	case m.id() == "":
		return errors.New("it has no WARC-Record-ID")
	}
	return nil
}

// bury writes a tombstone of the member's length: the wordiest that fits.
func (m *member) bury(out io.Writer, reason string) error {
	for _, text := range m.tombstones(reason) {
		if packed := deflated(text); int64(len(packed))+gzipFrame <= m.end-m.at {
			return pad(out, text, packed, m.end-m.at)
		}
	}
	return fmt.Errorf("WARC record at %d: its %d bytes have no room for a tombstone; remove the whole segment", m.at, m.end-m.at)
}

// tombstones are the records that may stand for m, wordiest first.
func (m *member) tombstones(reason string) (all [][]byte) {
	block := []byte("erased: " + oneLine(reason) + "\r\n")
	head := []field{{"WARC-Type", "metadata"}, {"WARC-Record-ID", oneLine(m.id())}, {"WARC-Date", oneLine(m.fields.Get("WARC-Date"))}}
	kind := field{"Content-Type", "application/warc-fields"}
	return [][]byte{
		recordText(append(slices.Clip(head), field{"WARC-Block-Digest", digest(block)}, kind), block),
		recordText(append(slices.Clip(head), kind), []byte("erased: \r\n")),
		recordText(head, nil),
	}
}

// recordText is a record before it is packed.
func recordText(fields []field, block []byte) []byte {
	text := []byte("WARC/1.1\r\n")
	for _, f := range append(fields, field{"Content-Length", strconv.Itoa(len(block))}) {
		text = fmt.Appendf(text, "%s: %s\r\n", f.name, f.value)
	}
	return slices.Concat(text, []byte("\r\n"), block, []byte("\r\n\r\n"))
}

// gzipFrame is the least a gzip member has around its deflated text, bytes (RFC 1952).
const gzipFrame = 10 + 8

func deflated(text []byte) []byte {
	var b bytes.Buffer
	z, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	_, _ = z.Write(text) // into memory
	_ = z.Close()
	return b.Bytes()
}

// nothing is an empty stored block (RFC 1951, 3.2.4), five bytes that unpack to none.
var nothing = bytes.Repeat([]byte{0, 0, 0, 0xff, 0xff}, 1000)

// pad writes a gzip member of exactly length bytes that unpacks to text: packed, behind
// as many empty blocks as fit, and a comment for what is less than one. A comment alone
// would not do: Go reads none longer than 511 bytes.
func pad(out io.Writer, text, packed []byte, length int64) error {
	room := length - gzipFrame - int64(len(packed))
	head := []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff} // no time, no system
	if rest := room % 5; rest > 0 {
		head[3] = 1 << 4 // FCOMMENT, ended by a zero byte
		head = append(append(head, "   "[:rest-1]...), 0)
	}
	if _, err := out.Write(head); err != nil {
		return err
	}
	for left := room - room%5; left > 0; {
		n, err := out.Write(nothing[:min(left, int64(len(nothing)))])
		if left -= int64(n); err != nil {
			return err
		}
	}
	end := binary.LittleEndian.AppendUint32(packed, crc32.ChecksumIEEE(text))
	_, err := out.Write(binary.LittleEndian.AppendUint32(end, uint32(len(text))))
	return err
}
