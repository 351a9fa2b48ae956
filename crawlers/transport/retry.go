package transport

import (
	"context"
	"io"
	"net/http"
	"time"
)

// attempts are what one request may cost a host at most.
const attempts = 3

// retry makes up to two further attempts at a GET that met silence, 500, 502 or
// 504, each at the host's pace. When the host wants quiet for no longer than
// patience it waits, holding no turn; else the answer is [Quiet]. Long silence,
// certificates and answers we refused are not tried again.
type retry struct {
	next     http.RoundTripper
	pace     *pacer
	patience time.Duration
}

func (r *retry) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, status := req.Context(), 0
	for left := attempts - 1; ; left-- {
		if req.Method != http.MethodGet {
			left = 0
		}
		resp, err := r.next.RoundTrip(req)
		if err == nil {
			status = resp.StatusCode
		}
		if quiet := r.quiet(req, resp, err); quiet != nil {
			discard(resp)
			quiet.Status = status
			if left == 0 || quiet.Until.Sub(r.pace.now()) > r.patience {
				return nil, quiet
			}
			if err := pause(ctx, quiet.Until.Sub(r.pace.now())); err != nil {
				return nil, err
			}
			continue
		}
		if left == 0 || !worth(ctx, resp, err) {
			return resp, err
		}
		discard(resp)
	}
}

// quiet is what a failure came to when the host is left in peace for it. An
// answer that is no failure is handed on, whatever another request met meanwhile.
func (r *retry) quiet(req *http.Request, resp *http.Response, err error) *Quiet {
	switch {
	case err != nil && !is[*Quiet](err) && !silent(req.Context(), err):
		return nil
	case err == nil && resp.StatusCode < 500 && resp.StatusCode != http.StatusTooManyRequests:
		return nil
	}
	return r.pace.resting(req.URL)
}

func worth(ctx context.Context, resp *http.Response, err error) bool {
	if err != nil {
		return passing(ctx, err)
	}
	switch resp.StatusCode {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// discard is done with an answer. Little is read of it, to keep the connection.
func discard(resp *http.Response) {
	if resp != nil {
		_, _ = io.CopyN(io.Discard, resp.Body, 16<<10)
		_ = resp.Body.Close()
	}
}

// pause waits for d, or for the end of ctx.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
