package warc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"attache/internal/coding"
)

// maxFields is the largest head of a record that is read.
const maxFields = 64 << 10

// Record is one record of a segment.
type Record struct {
	Offset int64 // of its gzip member, from where reading began
	Type   string
	Fields textproto.MIMEHeader // all of them, WARC-Type included
	Block  []byte
}

// Reader reads the records that [AppendInfo] and [AppendExchange] write, and such
// of other writers that give each record its own gzip member.
type Reader struct {
	in       *counted
	zip      gzip.Reader
	text     *bufio.Reader
	maxBlock int64
	err      error
}

// NewReader reads from the beginning of a segment or of any gzip member in it.
// Blocks larger than maxBlock are an error.
func NewReader(r io.Reader, maxBlock int64) *Reader {
	return &Reader{in: newCounted(r), text: bufio.NewReaderSize(nil, maxFields), maxBlock: maxBlock}
}

// Next is the next record, checked against its digest; io.EOF when there is none.
// Any other error is final: what follows cannot be found.
func (r *Reader) Next() (*Record, error) {
	if r.err != nil {
		return nil, r.err
	}
	at := r.in.offset()
	rec, err := r.next()
	if err != nil && err != io.EOF { //nolint:errorlint // next returns it bare at the end only
		err = fmt.Errorf("WARC record at %d: %w", at, err)
	}
	if r.err = err; err != nil {
		return nil, err
	}
	rec.Offset = at
	return rec, nil
}

func (r *Reader) next() (*Record, error) {
	if _, err := r.in.Peek(1); err != nil {
		return nil, err
	}
	if err := r.zip.Reset(r.in.Reader); err != nil {
		return nil, whole(err)
	}
	r.zip.Multistream(false)
	r.text.Reset(&r.zip)
	fields, err := r.fields()
	if err != nil {
		return nil, err
	}
	size, err := strconv.ParseInt(fields.Get("Content-Length"), 10, 64)
	if err != nil || size < 0 {
		return nil, fmt.Errorf("Content-Length %q", fields.Get("Content-Length"))
	}
	if size > r.maxBlock {
		return nil, fmt.Errorf("it holds %d bytes; %d are the most", size, r.maxBlock)
	}
	var block bytes.Buffer
	if _, err := io.CopyN(&block, r.text, size); err != nil {
		return nil, whole(err)
	}
	end, err := io.ReadAll(io.LimitReader(r.text, 5))
	if err != nil {
		return nil, err
	}
	if string(end) != "\r\n\r\n" {
		return nil, fmt.Errorf("ends with %q", end)
	}
	rec := &Record{Type: fields.Get("WARC-Type"), Fields: fields, Block: block.Bytes()}
	if want := fields.Get("WARC-Block-Digest"); strings.HasPrefix(want, "sha256:") && want != digest(rec.Block) {
		return nil, errors.New("the block does not have its digest")
	}
	return rec, nil
}

// fields reads a record's head.
func (r *Reader) fields() (textproto.MIMEHeader, error) {
	var head []byte
	for {
		line, err := r.text.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return nil, whole(err)
		}
		if head = append(head, line...); len(head) > maxFields {
			return nil, fmt.Errorf("its head is larger than %d bytes", maxFields)
		}
		if string(line) == "\r\n" {
			break
		}
	}
	version, rest, _ := bytes.Cut(head, []byte("\r\n"))
	if v := string(version); v != "WARC/1.1" && v != "WARC/1.0" {
		return nil, fmt.Errorf("begins with %q", version)
	}
	return textproto.NewReader(bufio.NewReader(bytes.NewReader(rest))).ReadMIMEHeader()
}

// Exchange is what a response record holds. The request's part of it is empty.
func (r *Record) Exchange() (Exchange, error) {
	if r.Type != "response" {
		return Exchange{}, fmt.Errorf("WARC record at %d: a %s, not a response", r.Offset, r.Type)
	}
	status, header, body, err := readAnswer(r.Block)
	if err != nil {
		return Exchange{}, fmt.Errorf("WARC record at %d: %w", r.Offset, err)
	}
	at, err := time.Parse(time.RFC3339Nano, r.Fields.Get("WARC-Date"))
	if err != nil {
		return Exchange{}, fmt.Errorf("WARC record at %d: WARC-Date: %w", r.Offset, err)
	}
	remote, _ := netip.ParseAddr(r.Fields.Get("WARC-IP-Address")) // optional
	return Exchange{
		URL: strings.Trim(r.Fields.Get("WARC-Target-URI"), "<>"), At: at.UTC(), Remote: remote,
		Status: status, Received: header, Body: body, Truncated: r.Fields.Get("WARC-Truncated"),
	}, nil
}

// Decoded is the body as a reader sees it: content coding undone as when it was
// fetched, limit bytes at most.
func (e Exchange) Decoded(limit int64) ([]byte, error) {
	if e.Truncated != "" {
		return nil, fmt.Errorf("the capture of %s is not whole (%s)", e.URL, e.Truncated)
	}
	r := coding.Reader(strings.Join(e.Received.Values("Content-Encoding"), ","), bytes.NewReader(e.Body), limit)
	defer r.Close()
	return io.ReadAll(r)
}
