package crawlers

import (
	"net/http"
	"testing"
	"time"

	"attache/crawlers/transport"
	"attache/crawlers/transport/wiretest"
)

// plug starts a publisher on a wire, and a transport that reaches it by every
// name. It must be called inside a synctest bubble; what it starts ends with the
// returned function.
func plug(t *testing.T, answer http.HandlerFunc, changes ...func(*transport.Options)) (*wiretest.Wire, *transport.Transport, func()) {
	t.Helper()
	w := wiretest.New(answer)
	o := options()
	o.Wire = w.Connect
	for _, change := range changes {
		change(&o)
	}
	polite, err := transport.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return w, polite, func() {
		polite.Close()
		w.Close()
	}
}

// pass lets time go by.
func pass(d time.Duration) { <-time.After(d) }

func noRobots(next http.HandlerFunc) http.HandlerFunc { return withRobots("", next) }

func withRobots(rules string, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			text("text/plain", rules)(w, r)
			return
		}
		next(w, r)
	}
}
