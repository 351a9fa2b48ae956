package transport

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"attache/seeds"
)

// host is the turn of one machine.
type host struct {
	name  string
	store Hosts
	now   func() time.Time // the wall clock: a suspended machine must not wait twice
	used  time.Time        // guarded by the pacer
	gate  chan struct{}    // held by the request that is to leave next
	stir  chan struct{}    // told when that one should look again

	mu       sync.Mutex
	recalled bool          // the store was asked
	flying   int           // requests whose body is not closed
	left     time.Time     // when the last request left
	back     time.Time     // when the last one came back
	apart    time.Duration // the pace of the last one's source
	slow     time.Duration // what answers took lately, smoothed
	failures int           // in a row
	probe    bool          // after trouble: one request at a time until one works
	peace    Backoff
}

// slowest is as far as slow answers stretch the pace.
const slowest = time.Minute

// take waits for the host's turn. Who comes first leaves first.
func (h *host) take(ctx context.Context, pace seeds.Pace) error {
	select {
	case h.gate <- struct{}{}:
		defer func() { <-h.gate }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	var jitter time.Duration
	if pace.Jitter > 0 {
		jitter = rand.N(time.Duration(pace.Jitter))
	}
	for {
		wait, err := h.leave(pace, jitter)
		if err != nil || wait == 0 {
			return err
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-h.stir:
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		}
		timer.Stop()
	}
}

// leave is how long to wait before leaving; 0 when the request has left.
func (h *host) leave(pace seeds.Pace, jitter time.Duration) (time.Duration, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if quiet := h.quiet(); quiet != nil {
		return 0, quiet
	}
	most, since := max(pace.Parallel, 1), h.left
	if h.probe {
		most = 1
	}
	if h.flying >= most {
		return time.Hour, nil // until one comes back
	}
	if most == 1 {
		since = h.back
	}
	delay := max(time.Duration(pace.Delay), h.apart)
	if delay > 0 { // else the pace is off, as for a test
		delay = max(delay, h.slow)
	}
	if wait := time.Until(since.Add(delay + jitter)); wait > 0 {
		return wait, nil
	}
	h.flying++
	h.left, h.apart = time.Now(), time.Duration(pace.Delay)
	return 0, nil
}

// give returns a turn that took so long. Answers that get slow slow the host's
// pace; silence counts only when it was slower still.
func (h *host) give(took time.Duration, answered bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if answered || took > h.slow {
		h.slow += (min(took, slowest) - h.slow) / 4
	}
	h.flying--
	h.back = time.Now()
	h.look()
}

// look makes the request that waits look again.
func (h *host) look() {
	select {
	case h.stir <- struct{}{}:
	default:
	}
}

// idle holds for a host that may be forgotten; one that is busy this moment is not.
func (h *host) idle() bool {
	if time.Since(h.used) < idleFor || !h.mu.TryLock() {
		return false
	}
	defer h.mu.Unlock()
	return h.flying == 0 && len(h.gate) == 0 && time.Since(h.back) > idleFor && h.now().Sub(h.peace.Until) > forgiven
}
