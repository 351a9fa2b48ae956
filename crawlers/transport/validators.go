package transport

import (
	"errors"
	"net/http"

	"golang.org/x/net/http/httpguts"
)

// validators makes each request conditional on what the crawler holds of its
// very address: net/http copies the headers of the first hop to all others. A
// 304 to a request that was not conditional is an error, for nothing came.
type validators struct{ next http.RoundTripper }

func (v *validators) RoundTrip(req *http.Request) (*http.Response, error) {
	var held Validators
	if ask := policyOf(req.Context()).Held; ask != nil && req.Method == http.MethodGet {
		held = ask(req.URL.String())
	}
	req = req.Clone(req.Context())
	conditional := set(req.Header, "If-None-Match", held.ETag)
	conditional = set(req.Header, "If-Modified-Since", held.LastModified) || conditional
	resp, err := v.next.RoundTrip(req)
	if err == nil && resp.StatusCode == http.StatusNotModified && !conditional {
		return nil, errors.Join(errors.New("it answers 304 Not Modified to a request without conditions"), resp.Body.Close())
	}
	return resp, err
}

// set takes the value byte for byte. What net/http would refuse to send is left out.
func set(h http.Header, name, value string) bool {
	h.Del(name)
	if value == "" || !httpguts.ValidHeaderFieldValue(value) {
		return false
	}
	h.Set(name, value)
	return true
}
