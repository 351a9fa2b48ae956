package crawlers

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/gocolly/colly/v2"

	"attache/crawlers/transport"
	"attache/internal/capture"
)

// BenchmarkBesideColly gets the same pages by turns through bare colly and through
// the whole transport, without captures and with, one request at a time and one goquery
// parse each, no pace. of_colly is our pages a second as a share of bare colly's in the
// same run.
func BenchmarkBesideColly(b *testing.B) {
	for name, capture := range map[string]bool{"capture off": false, "capture on": true} {
		b.Run(name, func(b *testing.B) { besideColly(b, capture) })
	}
}

func besideColly(b *testing.B, captures bool) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(sizable)
	}))
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	at := server.Listener.Addr().String()

	bare := colly.NewCollector(colly.AllowURLRevisit())
	bare.WithTransport(&http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, at)
		},
	})
	parsed := 0
	bare.OnHTML("h1", func(*colly.HTMLElement) { parsed++ })

	o := options()
	o.MaxBody, o.Roots, o.Resolve = 8<<20, roots, map[string]string{"news.example.com": at}
	if captures {
		store, err := capture.Open(b.TempDir(), capture.Options{Producer: "benchmark"})
		if err != nil {
			b.Fatal(err)
		}
		o.Recorder = store
	}
	polite, err := transport.New(o)
	if err != nil {
		b.Fatal(err)
	}
	defer polite.Close()
	ours := New(b.Context(), polite, source(b))

	var alone, whole time.Duration
	n := 0
	for b.Loop() {
		address := fmt.Sprintf("https://news.example.com/hai-nuoc-dien-tap-%d.html", n)
		n++
		begin := time.Now()
		if err := bare.Visit(address); err != nil {
			b.Fatal(err)
		}
		between := time.Now()
		page, err := ours.Fetch(address, transport.Validators{})
		if err != nil {
			b.Fatal(err)
		}
		doc, err := goquery.NewDocumentFromReader(bytes.NewReader(page.Body))
		if err != nil {
			b.Fatal(err)
		}
		parsed += doc.Find("h1").Length()
		alone, whole = alone+between.Sub(begin), whole+time.Since(between)
	}
	if parsed != 2*n {
		b.Fatalf("%d headlines of %d", parsed, 2*n)
	}
	b.ReportMetric(alone.Seconds()/whole.Seconds(), "of_colly")
	b.ReportMetric(float64(n)/whole.Seconds(), "pages/s")
}

// sizable is a page of some 60 kB, as news pages are.
var sizable = func() []byte {
	var page strings.Builder
	page.WriteString("<!DOCTYPE html><html><head><title>Hai nước diễn tập</title></head><body><nav>")
	for i := range 120 {
		fmt.Fprintf(&page, `<li class="menu-item"><a href="/muc-%d.html" title="Mục %d">Mục %d</a></li>`, i, i, i)
	}
	page.WriteString("</nav><article><h1>Hai nước diễn tập chung trên biển</h1>")
	for i := range 150 {
		fmt.Fprintf(&page, `<p class="par" id="p%d">Đoạn thứ %d: hai bên <a href="/x-%d.html">trao đổi</a> kinh nghiệm tìm kiếm cứu nạn, thông tin liên lạc và hậu cần trong ba ngày làm việc.</p>`, i, i, i)
	}
	page.WriteString("</article></body></html>")
	return []byte(page.String())
}()
