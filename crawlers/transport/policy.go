package transport

import (
	"context"
	"time"

	"attache/seeds"
)

// Policy is what one source may ask of the transport for its requests. It
// travels with their context.
type Policy struct {
	Source string     // id; captures are filed under it
	Pace   seeds.Pace // of each host the source asks
}

type policyKey struct{}

// With makes requests under ctx follow p.
func With(ctx context.Context, p Policy) context.Context {
	return context.WithValue(ctx, policyKey{}, p)
}

// policyOf is the policy of ctx; a request nobody set one for keeps a slow pace.
func policyOf(ctx context.Context) Policy {
	if p, ok := ctx.Value(policyKey{}).(Policy); ok {
		return p
	}
	return Policy{Pace: seeds.Pace{Delay: seeds.Span(5 * time.Second)}}
}
