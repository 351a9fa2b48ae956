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
// most 1.2 times what it had after 10,000. It takes half a minute, and under the race
// detector it would measure the detector: scripts/test runs it apart, by its tag.
func TestMemoryStaysFlat(t *testing.T) {
	const early, all, run, most, arena = 10_000, 100_000, 1_000, 1.2, 4 << 20
	server := httptest.NewServer(page("<h1>Hai nước diễn tập</h1>"))
	defer server.Close()
	o := options()
	o.Resolve = map[string]string{"news.example.com": server.Listener.Addr().String()}
	polite, err := transport.New(o)
	if err != nil {
		t.Fatal(err)
	}
	defer polite.Close()
	var after runtime.MemStats
	var base uint64
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
			runtime.ReadMemStats(&after)
			base = after.Sys
		}
	}
	runtime.ReadMemStats(&after)
	ratio := float64(after.Sys) / float64(base)
	t.Logf("%d MB after %d pages, %d MB after %d: %.2f", base>>20, early, after.Sys>>20, all, ratio)
	// The process is so small that one more arena of the collector's shows in the ratio.
	if grown := after.Sys - base; ratio > most && grown > arena {
		t.Errorf("%.2f is more than %.1f", ratio, most)
	}
}
