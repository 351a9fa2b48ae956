package coding_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"attache/internal/coding"
)

// pack applies codings in order.
func pack(t testing.TB, body []byte, codings ...string) []byte {
	t.Helper()
	for _, c := range codings {
		var b bytes.Buffer
		var w io.WriteCloser
		switch c {
		case "gzip":
			w = gzip.NewWriter(&b)
		case "br":
			w = brotli.NewWriter(&b)
		case "zstd":
			z, err := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
			if err != nil {
				t.Fatal(err)
			}
			w = z
		}
		if _, err := w.Write(body); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		body = b.Bytes()
	}
	return body
}

func unpack(codings string, packed io.Reader, limit int64) ([]byte, error) {
	r := coding.Reader(codings, packed, limit)
	defer r.Close()
	return io.ReadAll(r)
}

var page = []byte(strings.Repeat("<p>Hai nước bàn về hợp tác quốc phòng.</p>\n", 200))

func TestCodings(t *testing.T) {
	t.Parallel()
	for header, codings := range map[string][]string{
		"":                    nil,
		"identity":            nil,
		"utf-8":               nil, // a slip
		"UTF-8, none":         nil,
		"gzip":                {"gzip"},
		"x-gzip":              {"gzip"},
		" GZip ":              {"gzip"},
		"identity,, gzip":     {"gzip"},
		"br":                  {"br"},
		"zstd":                {"zstd"},
		"gzip, gzip":          {"gzip", "gzip"},
		"gzip, br":            {"gzip", "br"},
		"zstd,gzip":           {"zstd", "gzip"},
		"br, identity , zstd": {"br", "zstd"},
	} {
		t.Run(header, func(t *testing.T) {
			t.Parallel()
			packed := pack(t, page, codings...)
			for range 3 { // decoders come back from earlier bodies
				for name, r := range map[string]io.Reader{
					"at once": bytes.NewReader(packed), "by bytes": iotest.OneByteReader(bytes.NewReader(packed)), "EOF with the last": iotest.DataErrReader(bytes.NewReader(packed)),
				} {
					if got, err := unpack(header, r, int64(len(page))); err != nil || !bytes.Equal(got, page) {
						t.Fatalf("%s: %d bytes of %d, %v", name, len(got), len(page), err)
					}
				}
			}
			if len(codings) == 0 {
				return
			}
			if got, err := unpack(header, strings.NewReader(""), 10); err != nil || len(got) > 0 {
				t.Errorf("nothing became %q, %v", got, err)
			}
		})
	}
}

func TestWhatWasNotAskedFor(t *testing.T) {
	t.Parallel()
	for header, why := range map[string]string{
		"deflate":          "not asked for",
		"compress":         "not asked for",
		"gzip, deflate":    "not asked for",
		"gzip;q=1":         "not asked for",
		"dcb":              "not asked for",
		"gzip, gzip, gzip": "packed 3 times",
		"br,gzip,zstd,br":  "packed 4 times",
	} {
		if _, err := unpack(header, strings.NewReader(""), 10); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v, which does not say %q", header, err, why)
		}
	}
}

// TestEveryCutIsAnError: no prefix of a packed page is a page.
func TestEveryCutIsAnError(t *testing.T) {
	t.Parallel()
	for _, c := range [][]string{{"gzip"}, {"br"}, {"zstd"}, {"gzip", "br"}, {"br", "gzip"}} {
		packed := pack(t, page, c...)
		for n := 1; n < len(packed); n++ {
			if got, err := unpack(strings.Join(c, ","), bytes.NewReader(packed[:n]), 1<<20); err == nil {
				t.Fatalf("%v: %d of %d bytes became a page of %d", c, n, len(packed), len(got))
			}
		}
		if _, err := unpack(strings.Join(c, ","), bytes.NewReader(append(packed, "tail"...)), 1<<20); err == nil {
			t.Errorf("%v: what came after the end was passed over", c)
		}
	}
	broken := errors.New("connection reset")
	for _, c := range []string{"", "gzip", "br", "zstd"} {
		half := pack(t, page, strings.Fields(c)...)
		r := io.MultiReader(bytes.NewReader(half[:len(half)/2]), iotest.ErrReader(broken))
		if _, err := unpack(c, r, 1<<20); !errors.Is(err, broken) {
			t.Errorf("%q: %v instead of what broke the connection", c, err)
		}
	}
}

// endless is n zero bytes.
type endless struct{ n int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.n <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), e.n)
	clear(p[:n])
	e.n -= n
	return int(n), nil
}

// bomb is size zero bytes, packed.
func bomb(t *testing.T, size int64, codings ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch codings[0] {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "br":
		w = brotli.NewWriterLevel(&b, 5)
	case "zstd":
		w, _ = zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
	}
	if _, err := io.Copy(w, &endless{size}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return pack(t, b.Bytes(), codings[1:]...)
}

// TestBombs is not parallel: it watches memory.
func TestBombs(t *testing.T) {
	const limit = 1 << 20
	for _, c := range [][]string{{"gzip"}, {"br"}, {"zstd"}, {"gzip", "gzip"}, {"zstd", "br"}} {
		packed := bomb(t, 48<<20, c...)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := unpack(strings.Join(c, ", "), bytes.NewReader(packed), limit)
		runtime.ReadMemStats(&after)
		if large, ok := errors.AsType[*coding.TooLarge](err); !ok || large.Limit != limit {
			t.Errorf("%v: %d bytes went off: %v", c, len(packed), err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 48<<20 {
			t.Errorf("%v: %d MiB for an answer of 1 MiB", c, took>>20)
		}
	}
}

// TestBombBetweenCodings: gzip members that hold nothing, by the million.
func TestBombBetweenCodings(t *testing.T) {
	t.Parallel()
	packed := pack(t, bytes.Repeat(pack(t, nil, "gzip"), 1<<17), "gzip")
	_, err := unpack("gzip, gzip", bytes.NewReader(packed), 1<<20)
	if _, ok := errors.AsType[*coding.TooLarge](err); !ok {
		t.Error(err)
	}
}

func TestZstdWindow(t *testing.T) {
	t.Parallel()
	for size, fits := range map[int]bool{8 << 20: true, 16 << 20: false} {
		var b bytes.Buffer
		w, err := zstd.NewWriter(&b, zstd.WithWindowSize(size), zstd.WithSingleSegment(false), zstd.WithEncoderConcurrency(1))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(w, &endless{17 << 20})
		w.Close()
		if got, err := unpack("zstd", &b, 64<<20); (err == nil) != fits {
			t.Errorf("window of %d MiB: %d bytes, %v", size>>20, len(got), err)
		}
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	for _, c := range []string{"", "gzip", "br", "zstd"} {
		packed := pack(t, page, strings.Fields(c)...)
		want := fmt.Sprintf("the answer is larger than %d bytes", len(page)-1)
		if _, err := unpack(c, bytes.NewReader(packed), int64(len(page))-1); err == nil || err.Error() != want {
			t.Errorf("%q, one over: %v", c, err)
		}
		if _, err := unpack(c, bytes.NewReader(packed), 1<<63-1); err != nil {
			t.Errorf("%q, no limit to speak of: %v", c, err)
		}
	}
	r := coding.Reader("gzip", bytes.NewReader(pack(t, page, "gzip")), 1<<20)
	r.Close()
	if n, err := r.Read(make([]byte, 10)); err == nil {
		t.Errorf("%d bytes from a closed body", n)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

func FuzzReader(f *testing.F) {
	for _, c := range []string{"gzip", "br", "zstd", "gzip, br", "identity"} {
		f.Add(c, pack(f, page[:400], strings.FieldsFunc(strings.TrimPrefix(c, "identity"), func(r rune) bool { return r == ',' || r == ' ' })...))
	}
	f.Fuzz(func(t *testing.T, codings string, packed []byte) {
		const limit = 1 << 16
		if got, err := unpack(codings, bytes.NewReader(packed), limit); err == nil && len(got) > limit {
			t.Errorf("%d bytes", len(got))
		}
	})
}

func BenchmarkReader(b *testing.B) {
	for _, c := range []string{"identity", "gzip", "br", "zstd"} {
		b.Run(c, func(b *testing.B) {
			packed := page
			if c != "identity" {
				packed = pack(b, page, c)
			}
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			for b.Loop() {
				r := coding.Reader(c, bytes.NewReader(packed), 1<<20)
				if _, err := io.Copy(io.Discard, r); err != nil {
					b.Fatal(err)
				}
				r.Close()
			}
		})
	}
}
