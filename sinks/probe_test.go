package sinks

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// answers gives status to every request that is meant, instead of the service.
func answers(meant func(*http.Request) bool, status int) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !meant(r) {
				next.ServeHTTP(w, r)
				return
			}
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("ETag", `"abc"`)
			w.WriteHeader(status)
		})
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	put := func(r *http.Request) bool { return r.Method == http.MethodPut }
	for name, c := range map[string]struct {
		touch  func(http.Handler) http.Handler
		answer func(*http.Response) error
		fails  string // the right that fails; "" for none
		kind   error
		tried  int // rights
		left   bool
		ahead  time.Duration
	}{
		"all is well":                {tried: 7},
		"nothing may be deleted":     {touch: answers(func(r *http.Request) bool { return r.Method == http.MethodDelete }, http.StatusForbidden), tried: 7, left: true},
		"nothing may be put":         {touch: answers(put, http.StatusForbidden), fails: "put", kind: ErrDenied, tried: 2},
		"nothing may be read":        {touch: answers(func(r *http.Request) bool { return r.Method == http.MethodGet && strings.Contains(r.URL.Path, "probe") }, http.StatusForbidden), fails: "get", kind: ErrDenied, tried: 7},
		"If-None-Match is ignored":   {touch: answers(func(r *http.Request) bool { return put(r) && r.Header.Get("If-None-Match") != "" }, http.StatusOK), fails: "put only what is not there (If-None-Match)", kind: errHeedless, tried: 7},
		"If-None-Match is not known": {touch: answers(func(r *http.Request) bool { return r.Header.Get("If-None-Match") != "" }, http.StatusNotImplemented), fails: "put only what is not there (If-None-Match)", tried: 7},
		"If-Match is ignored":        {touch: answers(func(r *http.Request) bool { return strings.Contains(r.Header.Get("If-Match"), "0000") }, http.StatusOK), fails: "replace only what was read (If-Match), another version", kind: errHeedless, tried: 7},
		"its clock is ahead": {answer: func(r *http.Response) error {
			r.Header.Set("Date", time.Now().Add(4*time.Minute).UTC().Format(http.TimeFormat))
			return nil
		}, tried: 7, ahead: 4 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings()
			made(t, s)
			b := through(t, s, c.touch, c.answer)
			for range 2 { // what one leaves does not disturb the next
				p, err := b.Probe(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if len(p.Rights) != c.tried || (p.Left != "") != c.left || !p.Dated || (p.Clock-c.ahead).Abs() > 5*time.Second {
					t.Errorf("%+v", p)
				}
				for _, r := range p.Rights {
					if (r.Err != nil) != (r.Name == c.fails) || c.kind != nil && r.Err != nil && !errors.Is(r.Err, c.kind) {
						t.Errorf("%s: %v", r.Name, r.Err)
					}
				}
				objects, err := made(t, s).List(t.Context(), "")
				if err != nil || (len(objects) == 1) != c.left || len(objects) > 1 {
					t.Errorf("it leaves %v, %v", objects, err)
				}
			}
		})
	}
}

func TestProbeOfNoBucket(t *testing.T) {
	t.Parallel()
	p, err := open(t, settings()).Probe(t.Context())
	if err != nil || len(p.Rights) != 1 || !errors.Is(p.Rights[0].Err, ErrNoBucket) {
		t.Errorf("%+v, %v", p, err)
	}
}
