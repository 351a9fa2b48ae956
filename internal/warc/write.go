package warc

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/klauspost/compress/gzip"
)

// AppendInfo appends the record that begins a segment: its own name, the program
// that wrote it, and when.
func AppendInfo(dst []byte, file, producer string, at time.Time) []byte {
	block := fmt.Appendf(nil, "software: %s\r\nformat: WARC File Format 1.1\r\nconformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n", oneLine(producer))
	return appendRecord(dst, []field{
		{"WARC-Type", "warcinfo"},
		{"WARC-Record-ID", newID()},
		{"WARC-Date", date(at)},
		{"WARC-Filename", oneLine(file)},
		{"WARC-Block-Digest", digest(block)},
		{"Content-Type", "application/warc-fields"},
	}, block)
}

// AppendExchange appends e as a response record and the request record that
// belongs to it. The response comes first: a [Ref] points at it.
func AppendExchange(dst []byte, e Exchange) ([]byte, error) {
	u, err := url.Parse(e.URL)
	if err != nil || u.Host == "" || strings.ContainsAny(e.URL, "\r\n") {
		return nil, fmt.Errorf("%q cannot be recorded: not an address on the web", e.URL)
	}
	u.RawQuery = strings.ReplaceAll(u.RawQuery, " ", "%20") // one word in the request line
	response := newID()
	shared := []field{{"WARC-Date", date(e.At)}, {"WARC-Target-URI", u.String()}}
	if e.Remote.IsValid() {
		shared = append(shared, field{"WARC-IP-Address", e.Remote.WithZone("").String()})
	}
	head := answerHead(e)
	fields := append([]field{
		{"WARC-Type", "response"},
		{"WARC-Record-ID", response},
		{"WARC-Block-Digest", digest(head, e.Body)},
		{"WARC-Payload-Digest", digest(e.Body)},
		{"Content-Type", "application/http;msgtype=response"},
	}, shared...)
	if e.Truncated != "" {
		fields = append(fields, field{"WARC-Truncated", reason(e.Truncated)})
	}
	dst = appendRecord(dst, fields, head, e.Body)

	head = requestHead(e, u)
	return appendRecord(dst, append([]field{
		{"WARC-Type", "request"},
		{"WARC-Record-ID", newID()},
		{"WARC-Concurrent-To", response},
		{"WARC-Block-Digest", digest(head)},
		{"Content-Type", "application/http;msgtype=request"},
	}, shared...), head), nil
}

// reason keeps to the vocabulary of the format.
func reason(truncated string) string {
	switch truncated {
	case "length", "time", "disconnect":
		return truncated
	}
	return "unspecified"
}

type field struct{ name, value string }

// zips are kept: one holds a megabyte of tables.
var zips = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, level)
	if err != nil {
		panic(err) // the level is a constant
	}
	return z
}}

// level is low: most answers come packed already.
const level = 1

// appendRecord appends one record as one gzip member.
func appendRecord(dst []byte, fields []field, block ...[]byte) []byte {
	size := 0
	for _, b := range block {
		size += len(b)
	}
	head := []byte("WARC/1.1\r\n")
	for _, f := range append(fields, field{"Content-Length", strconv.Itoa(size)}) {
		head = append(append(append(append(head, f.name...), ": "...), f.value...), "\r\n"...)
	}
	head = append(head, "\r\n"...)

	out := bytes.NewBuffer(dst)
	z, _ := zips.Get().(*gzip.Writer)
	defer zips.Put(z)
	z.Reset(out)
	for _, part := range append(append([][]byte{head}, block...), []byte("\r\n\r\n")) {
		_, _ = z.Write(part) // into memory
	}
	_ = z.Close()
	return out.Bytes()
}

func newID() string { return "<" + uuid.New().URN() + ">" }

func date(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

func digest(parts ...[]byte) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
