package sinks

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// DoctorPrefix holds what [Bucket.Probe] puts.
const DoctorPrefix = "v1/_doctor/"

const probeKey = DoctorPrefix + "probe"

// Right is something attache must be able to do in its bucket.
type Right struct {
	Name string
	Err  error // nil: it can
}

// Probed is what a bucket allows.
type Probed struct {
	Rights []Right
	Clock  time.Duration // how far the service's clock is ahead of ours, to a second or two
	Dated  bool          // the service said what time it is
	Left   string        // key of the probe, when it may not be deleted; "" when it is gone
}

// Probe tries in the bucket what attache does there, on one small object: to put it,
// that a second put of the same key is refused, that one of another version is, to
// replace it, read it, list it. A service that ignores conditions would let two
// writers overwrite each other. It stops where the rest cannot be tried, and deletes
// the object if that is allowed. The error is the context's only.
func (b *Bucket) Probe(ctx context.Context) (p Probed, err error) {
	key := probeKey
	body := []byte(fmt.Sprintf("attache doctor was here: %s\n", rand.Text()))
	etag := ""
	for _, try := range []struct {
		name string
		do   func() error
	}{
		{"list", func() error { return b.probeList(ctx, &p) }},
		{"put", func() error {
			// What an earlier probe may have left is replaced, whatever it is.
			etag, err = b.probePut(ctx, key, body, nil, nil)
			return err
		}},
		{"put only what is not there (If-None-Match)", func() error {
			_, err := b.probePut(ctx, key, []byte("no"), aws.String("*"), nil)
			return refused(err)
		}},
		{"replace only what was read (If-Match), another version", func() error {
			_, err := b.probePut(ctx, key, []byte("no"), nil, aws.String(`"00000000000000000000000000000000"`))
			return refused(err)
		}},
		{"replace only what was read (If-Match)", func() error {
			body = append(body, "twice\n"...)
			_, err := b.probePut(ctx, key, body, nil, &etag)
			return err
		}},
		{"get", func() error { return b.probeGet(ctx, key, body) }},
		{"list what was put", func() error {
			found, err := b.List(ctx, DoctorPrefix)
			if err == nil && !slices.ContainsFunc(found, func(o ObjectInfo) bool { return o.Key == key }) {
				err = &failure{ErrNotFound, fmt.Sprintf("list: bucket %q does not list what was just put", b.name)}
			}
			return err
		}},
	} {
		if ctx.Err() != nil {
			return p, context.Cause(ctx)
		}
		err := try.do()
		p.Rights = append(p.Rights, Right{try.name, err})
		if errors.Is(err, ErrUnreachable) || errors.Is(err, ErrNoBucket) || err != nil && try.name == "put" { // the rest needs it
			return p, nil
		}
	}
	err = b.do(ctx, "delete", key, 0, func(ctx context.Context) error {
		_, err := b.s3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &b.name, Key: b.full(key)})
		return err
	})
	if err != nil {
		p.Left = key
	}
	return p, nil
}

// errHeedless is a service that takes a put whose condition does not hold.
var errHeedless = errors.New("the service takes the put although its condition does not hold: attache cannot land there exactly once")

// refused turns around what a put with a false condition gave.
func refused(err error) error {
	switch {
	case err == nil:
		return errHeedless
	case errors.Is(err, errMoved):
		return nil
	}
	return err
}

func (b *Bucket) probePut(ctx context.Context, key string, body []byte, ifNoneMatch, ifMatch *string) (etag string, err error) {
	err = b.do(ctx, "put", key, int64(len(body)), func(ctx context.Context) error {
		in := b.request(Object{Key: key, SHA256: digest(body), Bytes: int64(len(body)), ContentType: "text/plain"}, bytes.NewReader(body))
		in.IfNoneMatch, in.IfMatch = ifNoneMatch, ifMatch
		out, err := b.s3.PutObject(ctx, in)
		if err == nil {
			etag = aws.ToString(out.ETag)
		}
		if status(err) == http.StatusPreconditionFailed {
			return &failure{errMoved, fmt.Sprintf("put %s: %s", key, answer(err))}
		}
		return err
	})
	if err == nil && etag == "" {
		err = &failure{ErrConflict, fmt.Sprintf("put %s: the answer has no ETag", key)}
	}
	return etag, err
}

func (b *Bucket) probeGet(ctx context.Context, key string, want []byte) error {
	body, err := b.Get(ctx, key)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	have, err := io.ReadAll(io.LimitReader(body, int64(len(want))+1))
	if err == nil && !bytes.Equal(have, want) {
		err = &failure{ErrConflict, fmt.Sprintf("read %s: it is not what was put", key)}
	}
	return err
}

func (b *Bucket) probeList(ctx context.Context, p *Probed) (err error) {
	p.Clock, p.Dated, err = b.Ahead(ctx)
	return err
}

// Ahead is Check, and says how far the service's clock is ahead of ours, to a second or
// two; dated is false when the service does not say what time it is.
func (b *Bucket) Ahead(ctx context.Context) (ahead time.Duration, dated bool, err error) {
	err = b.do(ctx, "check", "", 0, func(ctx context.Context) error {
		began := time.Now()
		out, err := b.s3.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &b.name, Prefix: &b.prefix, MaxKeys: aws.Int32(1)})
		if err != nil {
			return err
		}
		var there time.Time
		if there, dated = awsmiddleware.GetServerTime(out.ResultMetadata); dated {
			here := began.Add(time.Since(began) / 2)
			ahead = there.Add(time.Second / 2).Sub(here) // a Date header has whole seconds
		}
		return nil
	})
	return ahead, dated, err
}
