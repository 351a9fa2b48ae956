package warc

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/klauspost/compress/gzip"
)

const most = 1 << 20

func answer() Exchange {
	return Exchange{
		URL: "https://news.example.com/hai-nuoc-7.html?p=1&q=hợp tác", At: time.Date(2026, 11, 21, 8, 30, 1, 234567000, time.UTC),
		Remote: netip.MustParseAddr("2001:db8::7"), Method: "GET", Sent: http.Header{"User-Agent": {"attache/test"}},
		Status: 200, Received: http.Header{"Content-Type": {"text/html; charset=utf-8"}, "Set-Cookie": {"a=1", "b=2"}, "X-Bytes": {"caf\xe9"}},
		Body: []byte("<p>Hai nước\r\n\r\ndiễn tập"),
	}
}

func write(t testing.TB, exchanges ...Exchange) []byte {
	t.Helper()
	segment := AppendInfo(nil, "one.warc.gz", "attache/test", time.Unix(0, 0))
	for _, e := range exchanges {
		var err error
		if segment, err = AppendExchange(segment, e); err != nil {
			t.Fatal(err)
		}
	}
	return segment
}

func records(t *testing.T, segment []byte) []*Record {
	t.Helper()
	var all []*Record
	for r := NewReader(bytes.NewReader(segment), most); ; {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rec)
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	plain, moved, same, cut, empty := answer(), answer(), answer(), answer(), answer()
	moved.Status, moved.Body = 301, nil
	moved.Received = http.Header{"Location": {"/b.html"}, "Content-Length": {"0"}}
	same.Status, same.Body = 304, nil
	same.Received = http.Header{"Etag": {`W/"7"`}, "Content-Length": {"5120"}} // of the page it would have been
	cut.Truncated, cut.Remote = "disconnect", netip.Addr{}
	empty.Status, empty.Body, empty.Received = 799, nil, http.Header{}
	all := []Exchange{plain, moved, same, cut, empty}
	segment := write(t, all...)
	recs := records(t, segment)
	if len(recs) != 1+2*len(all) || recs[0].Type != "warcinfo" {
		t.Fatalf("%d records, the first %q", len(recs), recs[0].Type)
	}
	for i, want := range all {
		response, request := recs[1+2*i], recs[2+2*i]
		want.Method, want.Sent = "", nil
		want.URL = strings.ReplaceAll(want.URL, " ", "%20")
		got, err := response.Exchange()
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Body) == 0 {
			got.Body = nil
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("read\n%+v, wrote\n%+v", got, want)
		}
		if request.Fields.Get("WARC-Concurrent-To") != response.Fields.Get("WARC-Record-ID") {
			t.Error("the request belongs to nothing")
		}
		if _, err := request.Exchange(); err == nil {
			t.Error("a request was read as an answer")
		}
		// A reader that knows the offset needs nothing else.
		at, err := NewReader(bytes.NewReader(segment[response.Offset:]), most).Next()
		if err != nil || !bytes.Equal(at.Block, response.Block) {
			t.Errorf("at its offset: %v", err)
		}
	}
	if got := string(recs[2].Block); !strings.HasPrefix(got, "GET /hai-nuoc-7.html?p=1&q=hợp%20tác HTTP/1.1\r\nHost: news.example.com\r\nUser-Agent: attache/test\r\n\r\n") {
		t.Errorf("request %q", got)
	}
}

// TestHeadsAreTrueToTheBlock: what is stored can be read as HTTP/1.1.
func TestHeadsAreTrueToTheBlock(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		header http.Header
		want   string
	}{
		"as sent":             {http.Header{"Content-Length": {"3"}}, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"},
		"cut":                 {http.Header{"Content-Length": {"300"}}, "HTTP/1.1 200 OK\r\nX-Archive-Orig-Content-Length: 300\r\nContent-Length: 3\r\n\r\nabc"},
		"chunked":             {http.Header{"Transfer-Encoding": {"chunked"}}, "HTTP/1.1 200 OK\r\n\r\nabc"},
		"content coding":      {http.Header{"Content-Encoding": {"br"}}, "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nabc"},
		"no second head":      {http.Header{"X-A": {"a\r\n\r\nb"}, "X B": {"c"}}, "HTTP/1.1 200 OK\r\nX-A: a    b\r\n\r\nabc"},
		"no head in a length": {http.Header{"Content-Length": {"1\r\nX: y"}}, "HTTP/1.1 200 OK\r\nX-Archive-Orig-Content-Length: 1 X: y\r\nContent-Length: 3\r\n\r\nabc"},
	} {
		e := answer()
		e.Received, e.Body = c.header, []byte("abc")
		if got := string(records(t, write(t, e))[1].Block); got != c.want {
			t.Errorf("%s: %q, not %q", name, got, c.want)
		}
	}
}

func TestNoAddressNoRecord(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "/a", "mailto:a@b", "https://a.example/\r\nWARC-Type: x", "https://%zz/"} {
		if _, err := AppendExchange(nil, Exchange{URL: address}); err == nil || !strings.Contains(err.Error(), "cannot be recorded") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// TestEveryCutIsSeen: a segment that ends inside a record says so, and where the
// whole ones end.
func TestEveryCutIsSeen(t *testing.T) {
	t.Parallel()
	first := write(t, answer())
	segment := write(t, answer(), answer())
	ends := map[int]bool{0: true, len(segment): true}
	for _, r := range records(t, segment) {
		ends[int(r.Offset)] = true
	}
	last := 0
	for n := 0; n <= len(segment); n++ {
		if ends[n] {
			last = n
		}
		length, _, err := Whole(bytes.NewReader(segment[:n]))
		if err != nil || length != int64(last) {
			t.Fatalf("%d bytes of %d: whole are %d, not %d (%v)", n, len(segment), length, last, err)
		}
		r := NewReader(bytes.NewReader(segment[:n]), most)
		for err == nil {
			_, err = r.Next()
		}
		if errors.Is(err, io.EOF) != ends[n] {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
	if _, members, _ := Whole(bytes.NewReader(first)); members != 3 {
		t.Errorf("%d members", members)
	}
	broken := errors.New("no such disk")
	if _, _, err := Whole(io.MultiReader(bytes.NewReader(first), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("%v, not %v", err, broken)
	}
}

func zip(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBadRecords(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, why string }{
		"not WARC":         {"HTTP/1.1 200 OK\r\n\r\n", "begins with"},
		"no length":        {"WARC/1.1\r\nWARC-Type: response\r\n\r\n\r\n\r\n", "Content-Length"},
		"negative":         {"WARC/1.1\r\nContent-Length: -1\r\n\r\n\r\n\r\n", "Content-Length"},
		"too large":        {"WARC/1.1\r\nContent-Length: 1048577\r\n\r\n", "1048576 are the most"},
		"longer than it":   {"WARC/1.1\r\nContent-Length: 9\r\n\r\nab\r\n\r\n", "unexpected EOF"},
		"shorter than it":  {"WARC/1.1\r\nContent-Length: 1\r\n\r\nab\r\n\r\n", "ends with"},
		"two in a member":  {"WARC/1.1\r\nContent-Length: 0\r\n\r\n\r\n\r\nWARC/1.1", "ends with"},
		"endless line":     {"WARC/1.1\r\nA: " + strings.Repeat("a", 1<<20), "head is larger"},
		"endless lines":    {"WARC/1.1\r\n" + strings.Repeat("A: a\r\n", 1<<20), "head is larger"},
		"head without end": {"WARC/1.1\r\nContent-Length: 1", "unexpected EOF"},
		"wrong digest":     {"WARC/1.1\r\nContent-Length: 1\r\nWARC-Block-Digest: sha256:00\r\n\r\na\r\n\r\n", "does not have its digest"},
		"no colon":         {"WARC/1.1\r\nnonsense\r\n\r\n", "malformed"},
	} {
		_, err := NewReader(bytes.NewReader(zip(t, c.text)), most).Next()
		if err == nil || !strings.Contains(err.Error(), c.why) || !strings.Contains(err.Error(), "record at 0") {
			t.Errorf("%s: %v, which does not say %q", name, err, c.why)
		}
	}
	if _, err := NewReader(strings.NewReader("WARC/1.1\r\n"), most).Next(); err == nil {
		t.Error("a segment that is not packed was read")
	}
	for name, c := range map[string]struct{ block, why string }{
		"no end":        {"HTTP/1.1 200 OK\r\n", "no end"},
		"no status":     {"HTTP/1.1\r\n\r\n", "no status line"},
		"odd status":    {"HTTP/1.1 2000 OK\r\n\r\n", "no status line"},
		"other":         {"SIP/2.0 200 OK\r\n\r\n", "no status line"},
		"bad head":      {"HTTP/1.1 200 OK\r\n: a\r\n\r\n", "HTTP head"},
		"endless":       {"HTTP/1.1 200 OK\r\nA: " + strings.Repeat("a", maxHead), "no end"},
		"without a day": {"HTTP/1.1 200 OK\r\n\r\n", "WARC-Date"},
	} {
		_, err := (&Record{Type: "response", Block: []byte(c.block)}).Exchange()
		if err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %v, which does not say %q", name, err, c.why)
		}
	}
}

func TestDecoded(t *testing.T) {
	t.Parallel()
	e := answer()
	e.Body, e.Received = zip(t, "<p>Hai nước"), http.Header{"Content-Encoding": {"gzip"}}
	if got, err := e.Decoded(most); err != nil || string(got) != "<p>Hai nước" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := e.Decoded(5); err == nil || !strings.Contains(err.Error(), "larger than 5 bytes") {
		t.Error(err)
	}
	e.Truncated = "length"
	if _, err := e.Decoded(most); err == nil || !strings.Contains(err.Error(), "not whole") {
		t.Error(err)
	}
}

func FuzzReader(f *testing.F) {
	segment := write(f, answer())
	f.Add(segment)
	z, _ := gzip.NewReader(bytes.NewReader(segment))
	text, _ := io.ReadAll(z)
	f.Add(text)
	f.Add([]byte("WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: 2026-11-21T08:30:01Z\r\nContent-Length: 19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		const most = 1 << 12
		for _, in := range [][]byte{data, zip(t, string(data))} {
			r := NewReader(bytes.NewReader(in), most)
			for {
				rec, err := r.Next()
				if err != nil {
					break
				}
				if len(rec.Block) > most || rec.Offset < 0 || rec.Offset > int64(len(in)) {
					t.Errorf("%d bytes at %d", len(rec.Block), rec.Offset)
				}
				e, err := rec.Exchange()
				if err != nil {
					continue
				}
				if _, err := AppendExchange(nil, e); err == nil {
					_, _ = e.Decoded(most)
				}
			}
			if n, _, err := Whole(bytes.NewReader(in)); err != nil || n > int64(len(in)) {
				t.Errorf("%d of %d whole, %v", n, len(in), err)
			}
		}
	})
}
