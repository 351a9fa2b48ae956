package sinks

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"time"
)

// maxAttempts bounds one call. A longer outage is the outbox's to outlast.
const maxAttempts = 4

// do runs one request until it succeeds, fails for good, or the budget is spent,
// and explains the failure. op and key are for the message; bytes is the size of
// the body on its way.
func (b *Bucket) do(ctx context.Context, op, key string, bytes int64, request func(context.Context) error) error {
	began, pause := time.Now(), b.limits.pause
	for attempt := 1; ; attempt++ {
		err := b.attempt(ctx, bytes, request)
		if err == nil {
			return nil
		}
		last := attempt == maxAttempts || !temporary(err) ||
			(status(err) == 0 && time.Since(began) > b.limits.window+allowance(bytes))
		if last || ctx.Err() != nil {
			return b.explain(ctx, op, key, err)
		}
		timer := time.NewTimer(pause - rand.N(pause/2+1)) // so that many do not come back at once
		select {
		case <-ctx.Done():
			timer.Stop()
			return b.explain(ctx, op, key, ctx.Err())
		case <-timer.C:
		}
		pause *= 2
	}
}

// attempt runs request once, within the time its body may take. Credentials are
// fetched first so that their absence is not mistaken for a dead service.
func (b *Bucket) attempt(ctx context.Context, bytes int64, request func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, b.limits.dial+b.limits.tls+b.limits.answer+allowance(bytes))
	defer cancel()
	if _, err := b.creds.Retrieve(ctx); err != nil {
		if b.observe != nil {
			b.observe(Call{Operation: Credentials, Result: result(ctx, &noCredentials{err})})
		}
		return &noCredentials{err}
	}
	return request(ctx)
}

// temporary reports whether the same request may succeed a little later.
func temporary(err error) bool {
	switch code := status(err); {
	case code == http.StatusConflict, code == http.StatusTooManyRequests, code == http.StatusRequestTimeout:
		return !hasCode(err, "BucketAlreadyExists")
	case code >= 500:
		return code != http.StatusNotImplemented
	case code != 0:
		return hasCode(err, "RequestTimeout", "SlowDown", "Throttling", "ThrottlingException")
	}
	var missing *noCredentials
	var lasting *net.DNSError
	switch {
	case errors.As(err, &missing):
		return false
	case errors.As(err, &lasting) && lasting.IsNotFound:
		return false
	}
	return offline(err) || errors.Is(err, errVanished)
}
