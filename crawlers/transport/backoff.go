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

// note takes in how a request went up to its body. It comes before the turn is
// given back, so that nothing leaves in between. 429 and 503 are back-off at once,
// as is trouble with the first request after one; other failures when there are
// too many in a row. An error is the store's.
func (h *host) note(ctx context.Context, resp *http.Response, err error) error {
	if err != nil {
		return h.broke(ctx, err)
	}
	asked := retryAfter(resp)
	says := fmt.Errorf("it answers %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
	h.mu.Lock()
	defer h.mu.Unlock()
	switch status := resp.StatusCode; {
	case failure(status):
		return h.failed(ctx, says, asked, status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable)
	case status >= 300 && status < 400 && asked > 0:
		return h.rest(ctx, asked, says.Error())
	}
	return nil
}

// failure holds for an answer that is none.
func failure(status int) bool { return status >= 500 || status == http.StatusTooManyRequests }

// broke takes in that an answer, or the rest of it, did not come. Our own
// judgement says nothing of the host.
func (h *host) broke(ctx context.Context, err error) error {
	if !silent(ctx, err) {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.failed(ctx, err, 0, false)
}

func (h *host) failed(ctx context.Context, err error, asked time.Duration, busy bool) error {
	h.failures++
	switch {
	case h.failures >= mostFailures:
		err = fmt.Errorf("%d requests in a row failed, the last: %w", h.failures, err)
	case !h.probe && asked == 0 && !busy:
		return nil
	}
	return h.rest(ctx, asked, err.Error())
}

// worked takes in that an answer came whole. Each that was a success halves the
// step of the next back-off: one address that always answers 429 among others that
// are fine does not close the host for a day. What left before the host was left
// in peace, or turned out to be a wall, proves nothing.
func (h *host) worked(status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if failure(status) || h.quiet() != nil {
		return
	}
	h.failures, h.probe = 0, false
	if status < 400 {
		h.peace.Step /= 2
	}
}

// rest leaves the host in peace for as long as it asked or, when it did not say
// or goes on failing, for a minute, doubling to a day, with up to a tenth more
// by chance. What comes back meanwhile left before, and adds nothing.
func (h *host) rest(ctx context.Context, asked time.Duration, reason string) error {
	now := h.now().UTC().Round(0)
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
	return h.remember(ctx)
}

func (h *host) remember(ctx context.Context) error {
	if h.store == nil {
		return nil
	}
	if err := h.store.SetBackoff(context.WithoutCancel(ctx), h.name, h.peace); err != nil {
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
	h.peace, h.recalled, h.probe = b, true, h.now().Sub(b.Until) < forgiven
	if h.quiet() != nil && h.peace.Until.Before(b.Until) { // else each restart would begin the last day anew
		return h.remember(ctx)
	}
	return nil
}

// quiet is nil when the host may be asked. Whatever a clock that was ahead made of
// it, no back-off ends later than about a day from now.
func (h *host) quiet() *Quiet {
	now := h.now()
	if !now.Before(h.peace.Until) {
		return nil
	}
	if last := now.UTC().Round(0).Add(longestPeace + longestPeace/10); h.peace.Until.After(last) {
		h.peace.Until = last
	}
	return &Quiet{Host: h.name, Until: h.peace.Until, Reason: h.peace.Reason}
}
