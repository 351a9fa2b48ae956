package pipeline

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/article"
)

// TestTroubleThatPassesCostsNothing: whatever publishers do to article pages for a
// day, what they listed lands when it is over.
func TestTroubleThatPassesCostsNothing(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]http.HandlerFunc{
		"everybody is shut out": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"under maintenance": func(w http.ResponseWriter, q *http.Request) {
			http.Redirect(w, q, "https://vtcnews.vn/quan-su-49.html", http.StatusFound)
		},
		"not there yet": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) },
		"empty":         func(http.ResponseWriter, *http.Request) {},
		"a wall": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("cf-mitigated", "challenge")
			w.WriteHeader(http.StatusForbidden)
		},
		"no room for robots": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, made(t, settings()))
			r.Revisits = Revisits{After: []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour}, NearMiss: 0.2, Confirm: 6 * time.Hour}
			bad := true
			next := doors(t, func(w http.ResponseWriter, q *http.Request) bool {
				switch {
				case !bad:
					return false
				case trouble == nil && q.URL.Path == "/robots.txt":
					_, _ = w.Write([]byte("User-agent: *\nDisallow: /*-ar\n"))
					return true
				case trouble != nil && strings.Contains(q.URL.Path, "-ar1"):
					trouble(w, q)
					return true
				}
				return false
			})
			for range 7 { // for a day
				r.Transport = next()
				_, err := r.Run(t.Context(), source(t, "vtcnews"))
				must(t, err)
				r.clock.step(3 * time.Hour)
			}
			bad = false
			for range 8 * 2 { // for a week
				r.Transport = next()
				_, err := r.Run(t.Context(), source(t, "vtcnews"))
				must(t, err)
				r.clock.step(12 * time.Hour)
			}
			var landed []string
			for _, id := range wanted(source(t, "vtcnews")) {
				if last, err := r.store.Latest(t.Context(), id); err == nil && last != nil && last.ChangeType != article.Removed {
					landed = append(landed, id)
				}
			}
			same(t, "landed when it was over", landed, wanted(source(t, "vtcnews")))
			ledgerAdds(t, r)
		})
	}
}

// TestOneBadAddressStopsNoOther: one article that asks for quiet each time, or leads to
// a host that is dead, is given up in the end; the others land at once.
func TestOneBadAddressStopsNoOther(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]http.HandlerFunc{
		"always 429": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) },
		"always 503": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		"a dead host": func(w http.ResponseWriter, q *http.Request) {
			http.Redirect(w, q, "https://dead.invalid/x", http.StatusFound)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, made(t, settings()))
			path := strings.TrimPrefix(room.Stories("vtcnews")[8].URL, "https://vtcnews.vn") // the first to be visited or the last
			first := strings.TrimPrefix(room.Stories("vtcnews")[0].URL, "https://vtcnews.vn")
			next := doors(t, func(w http.ResponseWriter, q *http.Request) bool {
				if q.URL.Path == path || q.URL.Path == first {
					bad(w, q)
					return true
				}
				return false
			})
			for n := range 30 { // every half hour, and then for three weeks
				r.Transport = next()
				r.run(t, "vtcnews")
				r.clock.step(30 * time.Minute)
				if n > 8 {
					r.clock.step(24 * time.Hour)
				}
			}
			want := slices.DeleteFunc(wanted(source(t, "vtcnews")), func(id string) bool { return id == idOf(t, path) || id == idOf(t, first) })
			for _, id := range want {
				if last, err := r.store.Latest(t.Context(), id); err != nil || last == nil {
					t.Errorf("%s did not land: %v", id, err)
				}
			}
			ledgerAdds(t, r)
		})
	}
}
