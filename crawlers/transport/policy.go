package transport

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"attache/seeds"
)

// Policy is what one source may ask of the transport for its requests. It
// travels with their context.
type Policy struct {
	Source string     // id; captures are filed under it
	Pace   seeds.Pace // of each host the source asks
	Ports  []int      // that the source's hosts may use besides 80 and 443
	OldTLS bool       // its host knows only TLS that is not safe any more

	// Held tells what the crawler holds of an address, so that the server need not
	// send it again; nil for nothing. It is asked for each hop of a redirect.
	Held func(address string) Validators

	// Largest is how many bytes the answer to a request may have, as they come and
	// decoded; nil or 0 for the limits of [Options]. It is asked as Held is.
	Largest func(address string) int64
}

// largest is the limit of the answer to req, where only pages have the other one.
func largest(req *http.Request, other int64) int64 {
	if ask := policyOf(req.Context()).Largest; ask != nil {
		return cmp.Or(ask(req.URL.String()), other)
	}
	return other
}

// Validators name the state of a resource, byte for byte as the server sent them
// (RFC 9110, 8.8). Either may be empty.
type Validators struct {
	ETag         string
	LastModified string
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
