//go:build heavy && !race

package crawlers

import (
	"fmt"
	"net/http/httptest"
	"runtime"
	"testing"

	"attache/crawlers/transport"
)

// TestMemoryStaysFlat gets 100,000 pages, a run of a thousand after the other, as a
// daemon does for weeks: what the process has taken from the system by then is at
// most 1.2 times what it had after 10,000, and what is alive in it has not grown. It takes
// half a minute, and under the race detector it would measure the detector:
// scripts/test runs it apart, by its tag.
func TestMemoryStaysFlat(t *testing.T) {
	const early, all, run = 10_000, 100_000, 1_000
	server := httptest.NewServer(page("<h1>Hai nước diễn tập</h1>"))
	defer server.Close()
	o := options()
	o.Resolve = map[string]string{"news.example.com": server.Listener.Addr().String()}
	polite, err := transport.New(o)
	if err != nil {
		t.Fatal(err)
	}
	defer polite.Close()
	var base runtime.MemStats
	src := source(t)
	for n := 0; n < all; {
		c := New(t.Context(), polite, src)
		for range run {
			n++
			if _, err := c.Fetch(fmt.Sprintf("http://news.example.com/hai-nuoc-dien-tap-%d.html", n), transport.Validators{}); err != nil {
				t.Fatal(err)
			}
		}
		if n == early {
			base = memory()
		}
	}
	after := memory()
	ratio := float64(after.Sys) / float64(base.Sys)
	t.Logf("%d MB after %d pages, %d MB after %d: %.2f; alive %d and %d kB", base.Sys>>20, early, after.Sys>>20, all, ratio, base.HeapAlloc>>10, after.HeapAlloc>>10)
	// The process is so small that an arena or two of the collector's, 4 MiB each, would
	// show in the ratio.
	if ratio > 1.2 && after.Sys-base.Sys > 8<<20 {
		t.Errorf("%.2f is more than 1.2", ratio)
	}
	if after.HeapAlloc > base.HeapAlloc+1<<20 { // 11 bytes a page
		t.Errorf("%d kB more are alive", (after.HeapAlloc-base.HeapAlloc)>>10)
	}
}

// memory is what the process has, once what is dead has gone.
func memory() (m runtime.MemStats) {
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m
}
