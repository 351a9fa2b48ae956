package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"
)

// ErrRobots is returned for an address the publisher's robots.txt forbids.
var ErrRobots = errors.New("forbidden by robots.txt")

// ErrRefused is a connection that was not tried, because it would have led into
// the operator's own network or past a publisher's ports.
var ErrRefused = errors.New("refused to connect")

// Quiet says that a host wants no requests for now: it answered 429 or 503, its
// robots.txt cannot be had, or it failed too often. Nothing was sent, or nothing
// came of it.
type Quiet struct {
	Host   string
	Status int // the answer that asked for it; 0 when it did not come from an answer to this request
	Until  time.Time
	Reason string
}

func (q *Quiet) Error() string {
	return fmt.Sprintf("%s is left in peace until %s: %s", q.Host, q.Until.UTC().Format(time.RFC3339), q.Reason)
}

// Challenge says that a page for machines to fail at came instead of the one asked for.
type Challenge struct {
	Status int
	Seen   string // what gave it away
}

func (c *Challenge) Error() string { return "a challenge came instead of the page: " + c.Seen }

// unanswered marks a request that brought no answer, or not all of one.
type unanswered struct{ error }

func (u unanswered) Unwrap() error { return u.error }

// silent holds when the host failed to answer: err is not what came of the end
// of ctx, nor of our own judgement of an answer or an address.
func silent(ctx context.Context, err error) bool {
	if ctx.Err() != nil || errors.Is(err, ErrRefused) {
		return false
	}
	return is[unanswered](err) || is[overdue](err)
}

// passing holds for silence that the next attempt may well not meet.
func passing(ctx context.Context, err error) bool {
	if !silent(ctx, err) || is[*tls.CertificateVerificationError](err) {
		return false
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return !dns.IsNotFound
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "remote error" { // an alert of TLS
		return false
	}
	slow, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	return !ok || !slow.Timeout()
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
