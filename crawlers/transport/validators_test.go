package transport

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
)

// TestValidatorsAreOfTheirAddress: each hop is asked about what is held of it,
// byte for byte, and robots.txt is asked about nothing.
func TestValidatorsAreOfTheirAddress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := plug(t, open(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/a":
				http.Redirect(w, r, "/b?c=d", http.StatusFound)
			case "/b":
				http.Redirect(w, r, "/e", http.StatusFound)
			case "/e":
				w.WriteHeader(http.StatusNotModified)
			}
		}))
		defer r.unplug()
		held := map[string]Validators{
			home + "a":     {ETag: `W/"a"`, LastModified: "Sat, 21 Nov 2026 10:00:00 GMT"},
			home + "e":     {ETag: ` "không chuẩn" `, LastModified: "21/11/2026 10:00"},
			home + "other": {ETag: `"x"`},
		}
		req, err := http.NewRequestWithContext(With(t.Context(), Policy{Held: func(address string) Validators { return held[address] }}), http.MethodGet, home+"a", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("If-None-Match", `"somebody else's"`)
		resp, err := (&http.Client{Transport: r.Transport}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusNotModified {
			t.Errorf("%d", resp.StatusCode)
		}
		if got := req.Header.Get("If-None-Match"); got != `"somebody else's"` {
			t.Errorf("the caller's request was changed: %q", got)
		}
		want := map[string][2]string{
			"/robots.txt": {}, "/b": {},
			"/a": {`W/"a"`, "Sat, 21 Nov 2026 10:00:00 GMT"},
			"/e": {`"không chuẩn"`, "21/11/2026 10:00"}, // blanks around a field's value are not part of it
		}
		for _, v := range r.Seen() {
			got := [2]string{v.Header.Get("If-None-Match"), v.Header.Get("If-Modified-Since")}
			if got != want[strings.TrimPrefix(v.Path, "news.example.com")] {
				t.Errorf("%s: %q", v.Path, got)
			}
		}
	})
}

func TestUnaskedNotModifiedIsAnError(t *testing.T) {
	t.Parallel()
	for name, held := range map[string]Validators{"nothing": {}, "nothing that can be sent": {ETag: "\"a\x00\""}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := plug(t, open(answers([]int{304})))
				defer r.unplug()
				_, _, err := r.as(t.Context(), Policy{Held: func(string) Validators { return held }}, home)
				if err == nil || !strings.Contains(err.Error(), "304 Not Modified to a request without conditions") || len(r.paths()) != 1 {
					t.Errorf("%v, %v", err, r.paths())
				}
				if is[*Quiet](err) || errors.Is(err, ErrRobots) {
					t.Error(err)
				}
			})
		})
	}
}
