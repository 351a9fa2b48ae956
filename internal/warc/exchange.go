// Package warc writes and reads WARC/1.1 (ISO 28500:2017): what a publisher sent,
// as it came over the wire, one gzip member a record.
package warc

import (
	"net/http"
	"net/netip"
	"time"
)

// Exchange is one request and the answer to it.
type Exchange struct {
	URL      string
	At       time.Time // when the request was sent
	Remote   netip.Addr
	Method   string
	Sent     http.Header // of the request
	Status   int
	Received http.Header // of the answer, as it came
	// Body is what came over the wire: transfer coding undone, content coding not.
	Body []byte
	// Truncated is why the body is not whole, in the words of the format: length,
	// time, disconnect or unspecified; empty when it is.
	Truncated string
}

// Ref says where a record is kept.
type Ref struct {
	Segment string // key of the segment's object
	Offset  int64  // of the record's gzip member, bytes
}
