package sinks

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/logging"
)

// Settings say which bucket, and how to speak to it.
type Settings struct {
	Bucket      string
	Prefix      string                  // put before every key; a missing "/" at its end is added
	Region      string                  // empty: what the SDK finds; us-east-1 with an Endpoint
	Endpoint    string                  // http(s)://host[:port]; empty: Amazon S3
	PathStyle   bool                    // endpoint/bucket/key; most services other than Amazon's want it
	Checksum    string                  // when_supported (default) or when_required
	Credentials aws.CredentialsProvider // nil: the SDK's own chain (environment, profile, role)
	Observe     func(Call)              // told of each request; may be nil
	Pause       time.Duration           // before a request is made again, doubling; 0 for a quarter of a second
	Copies      string                  // folder for copies of what is verified; the temporary one where it is empty or cannot be written to

	limits *limits // tests are less patient
}

// The checksum modes. With WhenRequired no checksum header is sent, for services
// that refuse it, and every put is proved by reading it back.
const (
	WhenSupported = "when_supported"
	WhenRequired  = "when_required"
)

// Bucket is one prefix of one bucket. All keys its methods take and give are
// without that prefix. Safe for concurrent use.
type Bucket struct {
	name     string
	prefix   string
	where    string // the service, for messages
	checksum bool
	limits   limits
	creds    aws.CredentialsProvider
	observe  func(Call) // may be nil
	copies   string
	s3       *s3.Client
}

// Open prepares the client; it sends nothing to the bucket. See [Bucket.Check].
func Open(ctx context.Context, s Settings) (*Bucket, error) {
	if s.Bucket == "" {
		return nil, errors.New("s3: no bucket is named")
	}
	if err := checkEndpoint(s.Endpoint); err != nil {
		return nil, err
	}
	switch s.Checksum {
	case "":
		s.Checksum = WhenSupported
	case WhenSupported, WhenRequired:
	default:
		return nil, fmt.Errorf("s3: checksum %q: use %s or %s", s.Checksum, WhenSupported, WhenRequired)
	}
	cfg, err := s.resolve(ctx)
	if err != nil {
		return nil, err
	}
	b := &Bucket{
		name:     s.Bucket,
		prefix:   strings.TrimLeft(s.Prefix, "/"),
		where:    s.Endpoint,
		checksum: s.Checksum == WhenSupported,
		limits:   patience,
		creds:    cfg.Credentials,
		observe:  s.Observe,
		copies:   s.Copies,
	}
	if s.limits != nil {
		b.limits = *s.limits
	}
	if s.Pause > 0 {
		b.limits.pause = s.Pause
	}
	if b.prefix != "" && !strings.HasSuffix(b.prefix, "/") {
		b.prefix += "/"
	}
	if b.where == "" {
		b.where = "Amazon S3 in " + cfg.Region
	}
	b.s3 = newClient(cfg, s, b.limits)
	return b, nil
}

// resolve finds region and credentials. Where both are given, nothing of the
// machine's AWS configuration is read. The SDK's own log, lines of no form to standard
// error, is kept silent: what matters comes as an error.
func (s Settings) resolve(ctx context.Context) (aws.Config, error) {
	region := s.Region
	cfg := aws.Config{Region: region, Credentials: s.Credentials}
	if s.Credentials == nil {
		var err error
		if cfg, err = config.LoadDefaultConfig(ctx, config.WithRegion(region), config.WithLogger(logging.Nop{})); err != nil {
			return cfg, fmt.Errorf("s3: the AWS configuration of this machine cannot be used: %w", err)
		}
	} else if _, cached := s.Credentials.(*aws.CredentialsCache); !cached {
		cfg.Credentials = aws.NewCredentialsCache(s.Credentials)
	}
	if cfg.Region == "" {
		if s.Endpoint == "" {
			return cfg, errors.New("s3: no region: set it, or AWS_REGION")
		}
		cfg.Region = "us-east-1"
	}
	return cfg, nil
}

// checkEndpoint refuses what is not a plain service address; user names and
// passwords belong in credentials, where no message prints them.
func checkEndpoint(endpoint string) error {
	if endpoint == "" {
		return nil
	}
	u, err := url.Parse(endpoint)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return errors.New("s3: the endpoint must look like https://host or http://host:port")
	case u.User != nil:
		return errors.New("s3: the endpoint must not hold a user name or password; give credentials by environment or profile")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return errors.New("s3: the endpoint must not have a path; use prefix for a folder in the bucket")
	}
	return nil
}

// EnsureBucket makes the bucket when it is missing. It is meant for the embedded
// service; a bucket elsewhere is its owner's to make.
func (b *Bucket) EnsureBucket(ctx context.Context) error {
	err := b.do(ctx, "look for bucket", "", 0, func(ctx context.Context) error {
		_, err := b.s3.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &b.name})
		return err
	})
	if !errors.Is(err, ErrNoBucket) {
		return err
	}
	return b.do(ctx, "make bucket", "", 0, func(ctx context.Context) error {
		_, err := b.s3.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &b.name})
		if hasCode(err, "BucketAlreadyOwnedByYou") { // another process, or a lost answer
			return nil
		}
		return err
	})
}

// Check reports whether the bucket is there, reachable, and readable with these
// credentials. It says nothing about the right to write.
func (b *Bucket) Check(ctx context.Context) error {
	// A listing, not a HEAD: the answer to a HEAD has no body to say what is wrong.
	return b.do(ctx, "check", "", 0, func(ctx context.Context) error {
		_, err := b.s3.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &b.name, Prefix: &b.prefix, MaxKeys: aws.Int32(1)})
		return err
	})
}

// full is key as the service knows it.
func (b *Bucket) full(key string) *string { return aws.String(b.prefix + key) }

// URL names an object the way programs beside S3 do: s3://bucket/key.
func (b *Bucket) URL(key string) string { return "s3://" + b.name + "/" + b.prefix + key }

// String is where the drops are, for messages.
func (b *Bucket) String() string { return strings.TrimSuffix(b.URL(""), "/") }
