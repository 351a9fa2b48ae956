package warc

import (
	"bytes"
	stdgzip "compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
)

const why = "at the request of the person named"

// pages is a segment of answers of all sizes, each with its number in it.
func pages(t *testing.T) (segment []byte, all []*Record) {
	t.Helper()
	noise := make([]byte, 300_000)
	for i := range noise {
		noise[i] = byte(rand.N(256))
	}
	var exchanges []Exchange
	for n, body := range [][]byte{[]byte("<p>Hai nước"), nil, noise, bytes.Repeat([]byte("hợp tác "), 50_000), []byte("<p>cuối")} {
		e := answer()
		e.URL = fmt.Sprintf("https://news.example.com/ten-bai-%d.html", n)
		e.Body = fmt.Appendf(slices.Clone(body), "secret %d", n)
		exchanges = append(exchanges, e)
	}
	exchanges[1].Status, exchanges[1].Received = 304, http.Header{}
	segment = write(t, exchanges...)
	return segment, records(t, segment)
}

func erase(t testing.TB, segment []byte, reason string, offsets ...int64) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Erase(bytes.NewReader(segment), int64(len(segment)), offsets, reason, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestErased: the text is gone, and all else is where it was.
func TestErased(t *testing.T) {
	t.Parallel()
	segment, before := pages(t)
	for _, which := range [][]int{{0}, {1}, {2}, {3}, {4}, {0, 1}, {4, 2, 2}, {0, 1, 2, 3, 4}, nil} {
		var offsets []int64
		for _, n := range which {
			offsets = append(offsets, before[1+2*n].Offset)
		}
		after := erase(t, segment, why, offsets...)
		if len(after) != len(segment) {
			t.Fatalf("%v: %d bytes became %d", which, len(segment), len(after))
		}
		var text strings.Builder
		for i, r := range records(t, after) {
			was, n := before[i], (i-1)/2
			switch {
			case r.Offset != was.Offset:
				t.Errorf("%v: record %d moved from %d to %d", which, i, was.Offset, r.Offset)
			case i == 0 || !slices.Contains(which, n):
				if !bytes.Equal(r.Block, was.Block) {
					t.Errorf("%v: record %d has changed", which, i)
				}
				continue
			case r.Type != "metadata" || r.Fields.Get("WARC-Record-ID") != was.Fields.Get("WARC-Record-ID") || r.Fields.Get("WARC-Date") != was.Fields.Get("WARC-Date"):
				t.Errorf("%v: record %d: %v", which, i, r.Fields)
			case was.Type == "response" && string(r.Block) != "erased: "+why+"\r\n":
				t.Errorf("%v: record %d says %q", which, i, r.Block)
			}
			fmt.Fprint(&text, r.Fields, string(r.Block))
		}
		if s := text.String(); strings.Contains(s, "secret") || strings.Contains(s, "ten-bai") {
			t.Errorf("%v: left is %s", which, s)
		}
		z, err := stdgzip.NewReader(bytes.NewReader(after)) // another reader than ours
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(z)
		for n := range 5 {
			if has := bytes.Contains(plain, fmt.Appendf(nil, "secret %d", n)); err != nil || has == slices.Contains(which, n) {
				t.Errorf("%v: secret %d is there: %t, %v", which, n, has, err)
			}
		}
		if again := erase(t, after, why, offsets...); !bytes.Equal(again, after) {
			t.Errorf("%v: erased twice it differs", which)
		}
	}
}

// TestErasedFitsExactly into whatever room there was, down to none.
func TestErasedFitsExactly(t *testing.T) {
	t.Parallel()
	const head = "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:7>\r\nWARC-Date: 2026-11-21T08:30:01Z\r\nContent-Length: "
	said := map[string]int{}
	for n := range 300 {
		noise := make([]byte, n)
		for i := range noise {
			noise[i] = byte(rand.N(256))
		}
		member := zip(t, fmt.Sprintf("%s%d\r\n\r\n%s\r\n\r\n", head, n, noise))
		var out bytes.Buffer
		err := Erase(bytes.NewReader(member), int64(len(member)), []int64{0}, why, &out)
		if err != nil {
			if !strings.Contains(err.Error(), "no room") {
				t.Fatal(err)
			}
			said["no room"]++
			continue
		}
		all := records(t, out.Bytes())
		if out.Len() != len(member) || len(all) != 1 {
			t.Fatalf("%d bytes became %d, %d records", len(member), out.Len(), len(all))
		}
		if _, err := io.Copy(io.Discard, must(stdgzip.NewReader(&out))); err != nil {
			t.Fatal(err)
		}
		said[string(all[0].Block)]++
	}
	for _, want := range []string{"", "erased: \r\n", "erased: " + why + "\r\n"} {
		if said[want] < 5 {
			t.Errorf("%q was said %d times of %v", want, said[want], said)
		}
	}
}

// TestNoRoom: a record that says next to nothing cannot be erased, and that is said.
func TestNoRoom(t *testing.T) {
	t.Parallel()
	text := "WARC/1.1\r\nWARC-Type:response\r\nWARC-Record-ID:7\r\nContent-Length:0\r\n\r\n\r\n\r\n"
	var b bytes.Buffer
	if err := pad(&b, []byte(text), deflated([]byte(text)), gzipFrame+int64(len(deflated([]byte(text))))); err != nil {
		t.Fatal(err)
	}
	member := b.Bytes()
	if all := records(t, member); len(all) != 1 || all[0].Type != "response" {
		t.Fatal(all)
	}
	err := Erase(bytes.NewReader(member), int64(len(member)), []int64{0}, why, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "no room for a tombstone") {
		t.Error(err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestWhatCannotBeErased(t *testing.T) {
	t.Parallel()
	segment, all := pages(t)
	size := int64(len(segment))
	anonymous := zip(t, "WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 0\r\n\r\n\r\n\r\n")
	for says, c := range map[string]struct {
		segment []byte
		offsets []int64
	}{
		"a warcinfo, not a response": {segment, []int64{0}},
		"a request, not a response":  {segment, []int64{all[2].Offset}},
		"gzip":                       {segment, []int64{all[1].Offset + 1}},
		"no record begins there":     {segment, []int64{size}},
		"at -1: no record":           {segment, []int64{-1}},
		"record at":                  {segment, []int64{all[1].Offset, all[1].Offset + 1}},
		"EOF":                        {segment[:all[2].Offset-1], []int64{all[1].Offset}},
		"no WARC-Record-ID":          {anonymous, []int64{0}},
	} {
		err := Erase(bytes.NewReader(c.segment), int64(len(c.segment)), c.offsets, why, io.Discard)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: %v, which does not say %q", c.offsets, err, says)
		}
	}
	if err := Erase(bytes.NewReader(segment), size+1, nil, why, io.Discard); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
	full := errors.New("no space left")
	for room := range 40 {
		if err := Erase(bytes.NewReader(segment), size, []int64{all[1].Offset, all[5].Offset}, why, &narrow{room, full}); !errors.Is(err, full) {
			t.Errorf("after %d writes: %v", room, err)
		}
	}
	if got := erase(t, segment, why, all[1].Offset, all[2].Offset); !bytes.Equal(got, erase(t, segment, why, all[1].Offset)) {
		t.Error("to name the request as well makes a difference")
	}
}

// narrow takes so many writes.
type narrow struct {
	room int
	err  error
}

func (n *narrow) Write(p []byte) (int, error) {
	if n.room--; n.room < 0 {
		return 0, n.err
	}
	return len(p), nil
}

// TestReasonIsOneLine, whatever it holds.
func TestReasonIsOneLine(t *testing.T) {
	t.Parallel()
	segment, all := pages(t)
	long := strings.Repeat("theo yêu cầu ", 1000)
	for reason, want := range map[string]string{"a\r\n\r\nWARC/1.1": "erased: a WARC/1.1\r\n", "": "erased: \r\n", long: "erased: " + strings.TrimSpace(long) + "\r\n"} {
		after := erase(t, segment, reason, all[5].Offset)
		if got := string(records(t, after)[5].Block); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

func FuzzErase(f *testing.F) {
	e := answer()
	e.Sent, e.Received, e.Body = nil, nil, []byte("a") // small, as the fuzzer likes it
	exchange := must(AppendExchange(nil, e))
	f.Add(exchange, int64(0), why)
	f.Add(erase(f, exchange, why, 0), int64(0), "another\nreason")
	f.Add([]byte("WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: 7\r\nContent-Length: 0\r\n\r\n\r\n\r\n"), int64(0), why)
	f.Fuzz(func(t *testing.T, data []byte, at int64, reason string) {
		for _, in := range [][]byte{data, zip(t, string(data))} {
			var out bytes.Buffer
			if err := Erase(bytes.NewReader(in), int64(len(in)), []int64{at}, reason, &out); err != nil {
				continue
			}
			after := out.Bytes()
			if len(after) != len(in) || !bytes.Equal(after[:at], in[:at]) {
				t.Fatalf("%d bytes became %d, or something before %d has changed", len(in), len(after), at)
			}
			rec, err := NewReader(bytes.NewReader(after[at:]), most).Next()
			if err != nil || rec.Type != "metadata" {
				t.Fatalf("%+v, %v", rec, err)
			}
			if again := erase(t, after, reason, at); !bytes.Equal(again, after) {
				t.Fatal("erased twice it differs")
			}
		}
	})
}
