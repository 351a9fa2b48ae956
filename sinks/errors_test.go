package sinks

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/logging"
)

func TestFailuresSayWhatToDo(t *testing.T) {
	t.Parallel()
	answers := func(status int, header, body string) func(*testing.T, *Settings) {
		return func(t *testing.T, s *Settings) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				if header != "" {
					w.Header().Set("X-Amz-Bucket-Region", header)
				}
				w.WriteHeader(status)
				_, _ = io.WriteString(w, body)
			}))
			t.Cleanup(srv.Close)
			s.Endpoint = srv.URL
		}
	}
	key := func(access, secret string) func(*testing.T, *Settings) {
		return func(_ *testing.T, s *Settings) {
			s.Credentials = credentials.NewStaticCredentialsProvider(access, secret, "")
		}
	}
	for name, c := range map[string]struct {
		change func(*testing.T, *Settings)
		kind   error
		says   string
	}{
		"missing bucket": {func(_ *testing.T, s *Settings) { s.Bucket = "nowhere" }, ErrNoBucket, `bucket "nowhere" does not exist at http://127.0.0.1:`},
		"unknown key":    {key("AKIANOBODY", "verysecret"), ErrDenied, "does not know the access key: check the credentials"},
		"wrong secret":   {key(service.AccessKey, "verysecret"), ErrDenied, "the secret key does not fit"},
		"no credentials": {func(_ *testing.T, s *Settings) {
			s.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{}, errors.New("process printed verysecret")
			})
		}, ErrDenied, "no usable credentials: set AWS_ACCESS_KEY_ID"},
		"wrong region":         {func(_ *testing.T, s *Settings) { s.Region = "eu-west-1" }, ErrWrongRegion, "is not in region eu-west-1"},
		"moved":                {answers(301, "ap-southeast-1", ""), ErrWrongRegion, "it is in ap-southeast-1: correct the region"},
		"moved, no header":     {answers(301, "", "<Error><Code>PermanentRedirect</Code></Error>"), ErrWrongRegion, "correct the region"},
		"refused":              {func(_ *testing.T, s *Settings) { s.Endpoint = "http://127.0.0.1:1" }, ErrUnreachable, "cannot reach http://127.0.0.1:1: connect: connection refused; check the endpoint"},
		"speaks no TLS":        {func(_ *testing.T, s *Settings) { s.Endpoint = strings.Replace(s.Endpoint, "http", "https", 1) }, ErrUnreachable, "cannot reach https://127.0.0.1:"},
		"not S3 at all":        {answers(200, "", "<html>hello</html>"), nil, ""},
		"overloaded":           {answers(503, "", "<Error><Code>SlowDown</Code><Message>later</Message></Error>"), ErrUnreachable, "answers 503 SlowDown (later)"},
		"denied":               {answers(403, "", "<Error><Code>AccessDenied</Code></Error>"), ErrDenied, "may list, read and write there"},
		"expired":              {answers(400, "", "<Error><Code>ExpiredToken</Code></Error>"), ErrDenied, "renew them"},
		"clock":                {answers(403, "", "<Error><Code>RequestTimeTooSkewed</Code></Error>"), ErrClock, "clock"},
		"something unheard of": {answers(418, "", "<Error><Code>Teapot</Code><Message>short\nand  stout</Message></Error>"), nil, "answers 418 Teapot (short and stout)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings()
			made(t, s)
			c.change(t, &s)
			b := open(t, s)
			_, putErr := b.PutBytes(t.Context(), "k", []byte("text"), "text/plain")
			checkErr := b.Check(t.Context())
			if name == "not S3 at all" { // any web server: the check sees nothing wrong in its listing, the proof does
				checkErr = putErr
			}
			for call, err := range map[string]error{"check": checkErr, "put": putErr} {
				switch {
				case err == nil:
					t.Errorf("%s: no error", call)
				case c.kind != nil && !errors.Is(err, c.kind), !strings.Contains(err.Error(), c.says):
					t.Errorf("%s: %v", call, err)
				case strings.Contains(err.Error(), "verysecret"), strings.Contains(err.Error(), service.SecretKey), strings.Contains(err.Error(), "\n"):
					t.Errorf("%s: the message gives away a secret or has two lines: %v", call, err)
				}
			}
		})
	}
}

func TestSilentServiceIsReported(t *testing.T) {
	t.Parallel()
	if worst := 2*patience.answer + patience.pause; worst > 15*time.Second || patience.answer >= patience.window {
		t.Errorf("a silent service is reported after %s, or asked only once", worst)
	}
	if worst := patience.window + patience.dial; worst > 15*time.Second {
		t.Errorf("a dead service is reported after %s", worst)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	s := settings()
	quick := hasty
	quick.answer, quick.window = 20*time.Millisecond, 30*time.Millisecond
	s.Endpoint, s.limits = "http://"+l.Addr().String(), &quick
	b := open(t, s)
	if err := b.Check(t.Context()); !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), "no answer in time") {
		t.Error(err)
	}
}

func TestCallerContextWins(t *testing.T) {
	t.Parallel()
	b := made(t, settings())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.PutBytes(ctx, "k", nil, ""); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := b.Check(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Settings)
		says   string
	}{
		"no bucket":     {func(s *Settings) { s.Bucket = "" }, "no bucket is named"},
		"checksum":      {func(s *Settings) { s.Checksum = "never" }, "use when_supported or when_required"},
		"no scheme":     {func(s *Settings) { s.Endpoint = "minio.local:9000" }, "must look like https://host"},
		"password":      {func(s *Settings) { s.Endpoint = "http://me:verysecret@host" }, "must not hold a user name or password"},
		"path":          {func(s *Settings) { s.Endpoint = "http://host/bucket" }, "use prefix for a folder"},
		"nowhere to go": {func(s *Settings) { s.Endpoint, s.Region = "", "" }, "no region"},
		"garbled":       {func(s *Settings) { s.Endpoint = "http://me:verysecret@ho st" }, "must look like"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings()
			c.change(&s)
			if _, err := Open(t.Context(), s); err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "verysecret") {
				t.Error(err)
			}
		})
	}
}

// TestTheSDKKeepsSilent: its log would be lines of another form on standard error, with
// text that nobody has checked for secrets.
func TestTheSDKKeepsSilent(t *testing.T) {
	t.Parallel()
	cfg, err := Settings{Region: "us-east-1"}.resolve(t.Context())
	if _, nop := cfg.Logger.(logging.Nop); err != nil || !nop {
		t.Errorf("it logs to %T, %v", cfg.Logger, err)
	}
}
