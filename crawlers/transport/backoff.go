package transport

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"
)

const (
	firstPeace   = time.Minute
	longestPeace = 24 * time.Hour
	forgiven     = 30 * time.Minute // without trouble, and the next back-off is a first one
	mostFailures = 5                // in a row, and the circuit opens
)

// note takes in how a request went. It comes before the turn is given back, so
// that nothing leaves in between. 429 and 503 are back-off at once, as is trouble
// with the first request after one; other failures when there are too many in a
// row. An error is the store's.
func (h *host) note(ctx context.Context, resp *http.Response, err error) error {
	if err != nil && !silent(ctx, err) {
		return nil // our own judgement says nothing of the host
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	var asked time.Duration
	var status int
	if err == nil {
		status, asked = resp.StatusCode, retryAfter(resp)
		err = fmt.Errorf("it answers %d %s", status, http.StatusText(status))
		if status < 500 && status != http.StatusTooManyRequests {
			h.failures, h.probe = 0, false
			if status < 300 || status >= 400 || asked == 0 {
				return nil
			}
			return h.rest(ctx, asked, err.Error())
		}
	}
	h.failures++
	switch {
	case h.failures >= mostFailures:
		err = fmt.Errorf("%d requests in a row failed, the last: %w", h.failures, err)
	case !h.probe && asked == 0 && status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable:
		return nil
	}
	return h.rest(ctx, asked, err.Error())
}

// rest leaves the host in peace for as long as it asked or, when it did not say
// or goes on failing, for a minute, doubling to a day, with up to a tenth more
// by chance. What comes back meanwhile left before, and adds nothing.
func (h *host) rest(ctx context.Context, asked time.Duration, reason string) error {
	now := time.Now().UTC().Round(0) // the wall clock: a suspended machine must not wait twice
	if h.peace.Until.After(now.Add(asked)) {
		return nil
	}
	b := Backoff{Until: now.Add(asked), Step: h.peace.Step, Reason: reason}
	if now.Sub(h.peace.Until) >= forgiven {
		b.Step = 0
	}
	if asked == 0 || h.failures >= mostFailures {
		b.Step = min(max(2*b.Step, firstPeace), longestPeace)
		if own := now.Add(b.Step + rand.N(b.Step/10)); own.After(b.Until) {
			b.Until = own
		}
	}
	h.peace, h.probe = b, true
	h.look()
	if h.store == nil {
		return nil
	}
	if err := h.store.SetBackoff(context.WithoutCancel(ctx), h.name, b); err != nil {
		return fmt.Errorf("to keep that %s is left in peace: %w", h.name, err)
	}
	return nil
}

// recall asks the store once how the host was left when the process ended.
func (h *host) recall(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.recalled || h.store == nil {
		return nil
	}
	b, err := h.store.Backoff(ctx, h.name)
	if err != nil {
		return fmt.Errorf("to learn whether %s is left in peace: %w", h.name, err)
	}
	now := time.Now()
	if last := now.Add(longestPeace + longestPeace/10); b.Until.After(last) { // a clock went wrong
		b.Until = last
	}
	h.peace, h.recalled, h.probe = b, true, now.Sub(b.Until) < forgiven
	return nil
}

// quiet is nil when the host may be asked.
func (h *host) quiet() *Quiet {
	if !time.Now().Before(h.peace.Until) {
		return nil
	}
	return &Quiet{Host: h.name, Until: h.peace.Until, Reason: h.peace.Reason}
}
