package transport

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// retryAfter is how long an answer asks to be left in peace (RFC 9110, 10.2.3),
// at most a day; 0 when it does not say, says nonsense or names the past. A date
// counts from the server's own clock, where the answer shows it.
func retryAfter(resp *http.Response) time.Duration {
	value := strings.TrimSpace(resp.Header.Get("Retry-After"))
	seconds, err := strconv.ParseUint(value, 10, 64)
	switch {
	case err == nil || errors.Is(err, strconv.ErrRange):
		return time.Duration(min(seconds, uint64(longestPeace/time.Second))) * time.Second
	case value == "":
		return 0
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return min(max(until.Sub(now), 0), longestPeace)
}
