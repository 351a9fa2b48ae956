package sinks

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"unicode"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// The failures a caller tells apart with errors.Is.
var (
	ErrNoBucket    = errors.New("no such bucket")
	ErrWrongRegion = errors.New("wrong region")
	ErrDenied      = errors.New("access denied")
	ErrUnreachable = errors.New("service unreachable") // also: overloaded, answering 5xx
	ErrConflict    = errors.New("the key holds other bytes")
	ErrNotFound    = errors.New("no such object")
	ErrClock       = fmt.Errorf("%w: the clock is wrong", ErrDenied)
)

// failure is one line for a person and, underneath, one of the kinds above or
// nothing. The SDK's error is deliberately not in its chain: it would carry
// deadlines that were ours, not the caller's, and text nobody has checked for secrets.
type failure struct {
	kind error
	text string
}

func (f *failure) Error() string { return "s3: " + f.text }
func (f *failure) Unwrap() error { return f.kind }

// noCredentials wraps what the SDK's chain said. Its text stays unprinted: a
// credential_process that fails has its output in it.
type noCredentials struct{ cause error }

func (*noCredentials) Error() string   { return "no usable credentials" }
func (n *noCredentials) Unwrap() error { return n.cause }

// explain turns err into the line an operator reads. An ended ctx wins over
// everything and stays recognisable.
func (b *Bucket) explain(ctx context.Context, op, key string, err error) error {
	what := strings.TrimSpace(op + " " + key)
	if ctx.Err() != nil {
		return fmt.Errorf("s3: %s: %w", what, context.Cause(ctx))
	}
	fail := func(kind error, format string, args ...any) error {
		return &failure{kind, fmt.Sprintf(format, args...)}
	}
	var missing *noCredentials
	var known *failure
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &missing):
		return fail(ErrDenied, "no usable credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile or role the AWS SDK finds")
	case errors.Is(err, errVanished):
		return fail(ErrConflict, "%s: %s", what, err)
	case status(err) != 0:
		return b.explainAnswer(fail, what, key, err)
	case offline(err):
		return fail(ErrUnreachable, "cannot reach %s: %s; check the endpoint and that the service is up", b.where, reason(err))
	}
	return fail(nil, "%s: %s", what, oneLine(reason(err)))
}

// explainAnswer explains an answer that is an error.
func (b *Bucket) explainAnswer(fail func(error, string, ...any) error, what, key string, err error) error {
	home := bucketRegion(err)
	switch code := status(err); {
	case hasCode(err, "NoSuchBucket"), code == http.StatusNotFound && key == "":
		return fail(ErrNoBucket, "bucket %q does not exist at %s: make it, or correct the bucket's name", b.name, b.where)
	case missing(err):
		return fail(ErrNotFound, "%s: bucket %q has no such object", what, b.name)
	case code == http.StatusNotFound:
		return fail(nil, "%s: %s answers 404 without saying of what, as no S3 does: check the endpoint, and what stands before it", what, b.where)
	case code == http.StatusMovedPermanently, code == http.StatusTemporaryRedirect,
		hasCode(err, "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"),
		home != "" && home != b.s3.Options().Region:
		is := ""
		if home != "" {
			is = ", it is in " + home
		}
		return fail(ErrWrongRegion, "bucket %q is not in region %s%s: correct the region, and the endpoint if one is set", b.name, b.s3.Options().Region, is)
	case hasCode(err, "InvalidAccessKeyId"):
		return fail(ErrDenied, "%s does not know the access key: check the credentials", b.where)
	case hasCode(err, "SignatureDoesNotMatch"):
		return fail(ErrDenied, "the secret key does not fit the access key: check the credentials for %s", b.where)
	case hasCode(err, "ExpiredToken", "TokenRefreshRequired", "InvalidToken"):
		return fail(ErrDenied, "the session credentials for %s have expired: renew them", b.where)
	case hasCode(err, "RequestTimeTooSkewed"):
		return fail(ErrClock, "this machine's clock is too far from that of %s: set it right", b.where)
	case code == http.StatusForbidden, code == http.StatusUnauthorized:
		return fail(ErrDenied, "%s: access to bucket %q is denied: check the credentials, and that they may list, read and write there", what, b.name)
	case code == http.StatusConflict:
		return fail(ErrConflict, "%s: bucket %q answers %s", what, b.name, answer(err))
	case temporary(err):
		return fail(ErrUnreachable, "%s: %s answers %s: it is overloaded or down, try again later", what, b.where, answer(err))
	}
	return fail(nil, "%s: %s answers %s", what, b.where, answer(err))
}

// status is the HTTP status of the answer, 0 when there was none.
func status(err error) int {
	var answered *smithyhttp.ResponseError
	if errors.As(err, &answered) && answered.Response != nil {
		return answered.HTTPStatusCode()
	}
	return 0
}

// hasCode reports whether the service gave one of these error codes.
func hasCode(err error, codes ...string) bool {
	var api smithy.APIError
	return errors.As(err, &api) && slices.Contains(codes, api.ErrorCode())
}

// bucketRegion is where the answer says the bucket is; empty when it does not say.
func bucketRegion(err error) string {
	var answered *smithyhttp.ResponseError
	if errors.As(err, &answered) && answered.Response != nil {
		return answered.Response.Header.Get("X-Amz-Bucket-Region")
	}
	return ""
}

// answer is "503 SlowDown (Please reduce your request rate.)".
func answer(err error) string {
	text := fmt.Sprint(status(err))
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		text += " " + api.ErrorCode()
		if m := api.ErrorMessage(); m != "" {
			text += " (" + oneLine(m) + ")"
		}
	}
	return text
}

// offline reports whether no whole answer came.
func offline(err error) bool {
	var network net.Error
	var sending *smithyhttp.RequestSendError
	return errors.As(err, &sending) || errors.As(err, &network) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) ||
		errors.Is(err, context.DeadlineExceeded)
}

// reason is the heart of a network error, without addresses and wrappers.
func reason(err error) string {
	var op *net.OpError
	var network net.Error
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &untrusted):
		return "its certificate is not trusted: " + untrusted.Err.Error()
	case errors.As(err, &network) && network.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	case errors.As(err, &op) && op.Err != nil:
		return op.Err.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection broke off"
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

// oneLine folds white space, writes out what does not print, such as the escapes that
// steer a terminal, and cuts what is too long for a line.
func oneLine(s string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(s), " ") {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	s = b.String()
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300]) + "…"
	}
	return s
}
