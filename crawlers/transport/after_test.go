package transport

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestAnotherTransportKeepsTheHostsTurns: other settings are no reason to hurry a host,
// to ask for its robots.txt again, or to forget that it wants quiet.
func TestAnotherTransportKeepsTheHostsTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		asked := map[string][]time.Time{}
		old := plug(t, func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			asked[r.URL.Path] = append(asked[r.URL.Path], time.Now())
			if r.URL.Path == "/busy" {
				w.Header().Set("Retry-After", "3600")
				w.WriteHeader(http.StatusTooManyRequests)
			}
		})
		defer old.unplug()
		next, err := New(Options{UserAgent: old.UserAgent(), Timeout: time.Second, MaxBody: 1 << 20, Wire: old.Connect, After: old.Transport})
		if err != nil {
			t.Fatal(err)
		}
		defer next.Close()
		slow := Policy{Source: "news", Pace: pace(10 * time.Second)}
		fresh := &rig{old.Wire, next}
		for n, r := range []*rig{old, fresh, old, fresh} {
			if status, _, err := r.as(t.Context(), slow, home+"page"); status != http.StatusOK {
				t.Fatalf("%d: %d, %v", n, status, err)
			}
		}
		if len(asked["/robots.txt"]) != 1 || len(asked["/page"]) != 4 {
			t.Errorf("asked %v", asked)
		}
		for n := 1; n < len(asked["/page"]); n++ {
			if apart := asked["/page"][n].Sub(asked["/page"][n-1]); apart < 10*time.Second {
				t.Errorf("%s apart", apart)
			}
		}
		_, _, err = old.as(t.Context(), slow, home+"busy")
		if _, _, after := fresh.as(t.Context(), slow, home+"page"); !is[*Quiet](err) || !is[*Quiet](after) || len(asked["/page"]) != 4 {
			t.Errorf("%v, then %v", err, after)
		}
	})
}
