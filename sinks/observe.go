package sinks

import (
	"context"
	"errors"
	"net/http"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
)

// Call is one request to the service: each attempt of a retry is one.
type Call struct {
	Operation string // as S3 names it, such as PutObject
	Result    Result
	Took      time.Duration // up to the body of the answer
	Clock     time.Duration // how far the service's clock is ahead of ours, to a second or two
	Dated     bool          // the service said what time it is
}

// Credentials is the operation of a call that did not leave, for want of them.
const Credentials = "Credentials"

// Result is how a call ended. The vocabulary is closed.
type Result string

// The results. CallMissing and CallRefused are answers that attache asks for.
const (
	CallDone        Result = "done"
	CallMissing     Result = "missing"     // there is no such object
	CallRefused     Result = "refused"     // a condition did not hold, or another writer was at it
	CallDenied      Result = "denied"      // the credentials, or their rights
	CallBusy        Result = "busy"        // 429 or 5xx
	CallUnreachable Result = "unreachable" // no answer
	CallWrong       Result = "wrong"       // any other answer
	CallEnded       Result = "ended"       // attache itself did not wait for the answer
)

// Results lists the vocabulary.
var Results = []Result{CallDone, CallMissing, CallRefused, CallDenied, CallBusy, CallUnreachable, CallWrong, CallEnded}

// Failed holds for what keeps drops from landing.
func (r Result) Failed() bool {
	return r == CallDenied || r == CallBusy || r == CallUnreachable || r == CallWrong
}

// observing tells of every call that leaves.
func observing(tell func(Call)) func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("attache.observe",
			func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
				began := time.Now()
				out, metadata, err := next.HandleInitialize(ctx, in)
				c := Call{Operation: awsmiddleware.GetOperationName(ctx), Result: result(ctx, err), Took: time.Since(began)}
				if at, ok := awsmiddleware.GetServerTime(metadata); ok {
					c.Clock, c.Dated = time.Until(at), true
				}
				tell(c)
				return out, metadata, err
			}), middleware.After)
	}
}

func result(ctx context.Context, err error) Result {
	var keyless *noCredentials
	switch code := status(err); {
	case err == nil:
		return CallDone
	case errors.Is(ctx.Err(), context.Canceled):
		return CallEnded
	case missing(err):
		return CallMissing
	case code == http.StatusPreconditionFailed, code == http.StatusConflict:
		return CallRefused
	case errors.As(err, &keyless), code == http.StatusUnauthorized, code == http.StatusForbidden:
		return CallDenied
	case code == http.StatusTooManyRequests, code >= 500:
		return CallBusy
	case code != 0:
		return CallWrong
	case offline(err):
		return CallUnreachable
	}
	return CallWrong
}
