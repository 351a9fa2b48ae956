package warc_test

import (
	"bytes"
	"crypto/rand"
	"os"
	"strings"
	"testing"
	"time"

	"attache/internal/warc"
)

// TestAnIndependentReaderOfWhatIsErased: warcio reads the whole segment, and finds
// the other records as they were.
func TestAnIndependentReaderOfWhatIsErased(t *testing.T) {
	t.Parallel()
	path, refs := crawl(t)
	segment, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	large := make([]byte, 2<<20)
	_, _ = rand.Read(large)
	offsets := []int64{refs["/plain"].Offset, int64(len(segment)), refs["/chunked"].Offset}
	segment, err = warc.AppendExchange(segment, warc.Exchange{URL: "https://news.example.com/large", At: time.Now(), Method: "GET", Status: 200, Body: large})
	if err != nil {
		t.Fatal(err)
	}
	path = strings.TrimSuffix(path, ".warc.gz") + "-longer.warc.gz"
	if err := os.WriteFile(path, segment, 0o600); err != nil {
		t.Fatal(err)
	}
	before := read(t, path)
	var out bytes.Buffer
	if err := warc.Erase(bytes.NewReader(segment), int64(len(segment)), offsets, "the publisher asked for it", &out); err != nil {
		t.Fatal(err)
	}
	erased := strings.TrimSuffix(path, ".warc.gz") + "-erased.warc.gz"
	if err := os.WriteFile(erased, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	after := read(t, erased)
	if len(after) != len(before) {
		t.Fatalf("%d records became %d", len(before), len(after))
	}
	tombstones := 0
	for i, r := range after {
		was := before[i]
		if r.Offset != was.Offset || r.Headers["WARC-Record-ID"] != was.Headers["WARC-Record-ID"] || r.Headers["WARC-Date"] != was.Headers["WARC-Date"] {
			t.Errorf("record %d: %v, was %v", i, r, was)
		}
		uri := was.Headers["WARC-Target-URI"]
		if !strings.HasSuffix(uri, "/plain") && !strings.HasSuffix(uri, "/chunked") && !strings.HasSuffix(uri, "/large") {
			if r.BlockDigest != was.BlockDigest || r.Text != was.Text {
				t.Errorf("record %d of %s has changed", i, uri)
			}
			continue
		}
		tombstones++
		if r.Headers["WARC-Type"] != "metadata" || r.Headers["WARC-Target-URI"] != "" || r.Text != "" || r.BlockDigest != r.Headers["WARC-Block-Digest"] {
			t.Errorf("record %d: %+v", i, r)
		}
	}
	if tombstones != 6 {
		t.Errorf("%d tombstones", tombstones)
	}
}
