package capture

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"

	"github.com/klauspost/compress/gzip"

	"attache/internal/warc"
)

// BenchmarkRecord: a page of news as a server with gzip sends it, and as one without.
func BenchmarkRecord(b *testing.B) {
	var text bytes.Buffer
	for n := range 1200 {
		fmt.Fprintf(&text, "<p class=\"body-%d\">Hai nước nhất trí hợp tác quốc phòng, đợt %d, từ ngày %d.</p>\n", n%7, n*n, n%31)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(text.Bytes())
	_ = z.Close()
	for name, e := range map[string]warc.Exchange{
		"plain": {Received: http.Header{}, Body: text.Bytes()},
		"gzip":  {Received: http.Header{"Content-Encoding": {"gzip"}}, Body: packed.Bytes()},
	} {
		b.Run(name, func(b *testing.B) {
			s, err := Open(b.TempDir(), Options{})
			if err != nil {
				b.Fatal(err)
			}
			e.URL, e.Status, e.Method = "https://news.example.com/1.html", 200, "GET"
			b.SetBytes(int64(len(e.Body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Record("vtcnews", e); err != nil {
					b.Fatal(err)
				}
			}
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}
