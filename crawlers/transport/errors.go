package transport

import (
	"errors"
	"fmt"
	"time"
)

// ErrRobots is returned for an address the publisher's robots.txt forbids.
var ErrRobots = errors.New("forbidden by robots.txt")

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
