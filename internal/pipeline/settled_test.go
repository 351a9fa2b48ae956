package pipeline

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"attache/internal/store"
	"attache/sinks"
)

// TestNothingCountsThatIsNotSettled: the store hears that something landed, was sealed,
// removed or erased only when all that S3 has acknowledged will outlast a power cut.
func TestNothingCountsThatIsNotSettled(t *testing.T) {
	t.Parallel()
	var loose atomic.Bool
	s := settings()
	s.Observe = func(c sinks.Call) {
		if strings.HasPrefix(c.Operation, "Put") || strings.HasPrefix(c.Operation, "Delete") {
			loose.Store(true)
		}
	}
	r := newRig(t, made(t, s))
	r.Settle = func() error { loose.Store(false); return nil }
	heard := map[string]bool{}
	r.Store = hooked{Store: r.store, before: func(op, about string) error {
		switch op {
		case "Landed", "Sealed", "Removed", "Erased":
			heard[op] = true
			if loose.Load() {
				t.Errorf("%s of %s is told before S3 has settled", op, about)
			}
		}
		return nil
	}}
	r.KeepLive = 0
	r.capture(t)
	r.run(t, "vtcnews")
	_, err := r.Seal(t.Context(), tomorrow)
	must(t, err)
	r.clock.step(time.Hour)
	_, err = r.TakeDown(t.Context(), store.Takedown{ArticleID: wanted(source(t, "vtcnews"))[0], Reason: why})
	must(t, err)
	if len(heard) != 4 {
		t.Errorf("heard only of %v", heard)
	}
}
