package sinks

import (
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// limits are the waits of one attempt and of a call.
type limits struct {
	dial   time.Duration
	tls    time.Duration
	answer time.Duration // from the request's last byte to the answer's first
	idle   time.Duration // between two pieces of an answer's body
	window time.Duration // after silence, no attempt begins later than this
	pause  time.Duration // before the second attempt; doubled for each further one
}

// patience keeps the report of a dead or silent service within 15 s: an answer
// awaited in vain, a pause, and a second one that began inside the window.
var patience = limits{
	dial: 3 * time.Second, tls: 4 * time.Second, answer: 7 * time.Second, idle: 30 * time.Second,
	window: 8 * time.Second, pause: 250 * time.Millisecond,
}

// slowest is the rate, bytes a second, below which an upload is given up.
const slowest = 128 << 10

// newClient is the SDK's client without its retries: they would multiply ours.
func newClient(cfg aws.Config, s Settings, l limits) *s3.Client {
	transport := awshttp.NewBuildableClient().
		WithDialerOptions(func(d *net.Dialer) { d.Timeout = l.dial }).
		WithTransportOptions(func(t *http.Transport) {
			t.TLSHandshakeTimeout = l.tls
			t.ResponseHeaderTimeout = l.answer
			t.DisableCompression = true // objects as stored
		})
	return s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.HTTPClient = transport
		o.Retryer = aws.NopRetryer{}
		o.UsePathStyle = s.PathStyle
		if s.Endpoint != "" {
			o.BaseEndpoint = aws.String(strings.TrimRight(s.Endpoint, "/"))
		}
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		if s.Checksum == WhenSupported {
			o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenSupported
		}
		// What is read is hashed here, and damage named as such.
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
		if s.Observe != nil {
			o.APIOptions = append(o.APIOptions, observing(s.Observe))
		}
		o.DisableLogOutputChecksumValidationSkipped = true
	})
}

// allowance is the time a body of so many bytes may take on the way.
func allowance(bytes int64) time.Duration {
	return time.Duration(bytes/slowest) * time.Second
}
