package transport

import (
	"net/http"
	"net/url"
)

// Walled says of an answer that was kept, its body decoded, what gives it away as a
// [Challenge]; empty when it is the page that was asked for.
func Walled(address string, status int, h http.Header, body []byte) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	seen := wallByHeader(u, h)
	if seen == "" && isPage(&http.Response{StatusCode: status, Header: h}) {
		head := body[:min(len(body), maxHead)]
		seen = wall(status, head, len(head) == len(body))
	}
	return seen
}
