package pipeline

import (
	"context"

	"attache/crawlers/transport"
	"attache/internal/store"
)

// Hosts lets the transport remember back-offs in the store.
type Hosts struct{ *store.Store }

// Backoff is what SetBackoff last said of the host.
func (h Hosts) Backoff(ctx context.Context, host string) (transport.Backoff, error) {
	b, err := h.Store.Backoff(ctx, host)
	return transport.Backoff(b), err
}

// SetBackoff keeps b.
func (h Hosts) SetBackoff(ctx context.Context, host string, b transport.Backoff) error {
	return h.Store.SetBackoff(ctx, host, store.Backoff(b))
}
