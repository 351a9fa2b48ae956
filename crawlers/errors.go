package crawlers

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"attache/crawlers/transport"
)

// Verdict is what a failure means for the address.
type Verdict string

// The verdicts.
const (
	Again     Verdict = "again"     // may work later: timeouts, 5xx, 403 from a nervous firewall
	Busy      Verdict = "busy"      // the host wants quiet; nothing more to it before Until
	Gone      Verdict = "gone"      // 404 or 410
	Elsewhere Verdict = "elsewhere" // leads to something that is not the article
	Denied    Verdict = "denied"    // robots.txt forbids it
	Walled    Verdict = "walled"    // a page for machines to fail at came instead
)

// Error is a fetch that gave no page.
type Error struct {
	Address string
	Status  int // of the last answer, whether it came whole or not; 0 when none came
	Verdict Verdict
	Until   time.Time // of Busy: when the host may be asked again; zero when nobody said
	Host    string    // of Busy: the host that wants quiet, which a redirect may have led to
	Err     error
}

func (e *Error) Error() string {
	if a, ok := errors.AsType[answers](e.Err); ok {
		return e.Address + " " + a.Error()
	}
	return fmt.Sprintf("%s: %v", e.Address, e.Err)
}

// answers is the status of an answer that is no page.
type answers int

func (a answers) Error() string { return fmt.Sprintf("answers %d %s", int(a), http.StatusText(int(a))) }

func (e *Error) Unwrap() error { return e.Err }

// verdict judges in one place what every status and error means.
func verdict(address string, status int, err error) *Error {
	if u, ok := errors.AsType[*url.Error](err); ok && u.URL == address {
		err = u.Err // net/http says the address once more
	}
	e := &Error{Address: address, Status: status, Verdict: Again, Err: err}
	var quiet *transport.Quiet
	var wall *transport.Challenge
	switch {
	case errors.Is(err, transport.ErrRobots):
		e.Verdict = Denied
	case errors.As(err, &quiet):
		e.Verdict, e.Status, e.Until, e.Host = Busy, quiet.Status, quiet.Until, quiet.Host
	case errors.As(err, &wall):
		e.Verdict, e.Status = Walled, wall.Status
	case status == http.StatusNotFound || status == http.StatusGone:
		e.Verdict = Gone
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable:
		e.Verdict = Busy
	}
	return e
}

// VerdictOf is the verdict of an error from this package, Again for any other.
func VerdictOf(err error) Verdict {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Verdict
	}
	return Again
}
