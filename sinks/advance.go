package sinks

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// maxPointer is the most an object that Advance overwrites may hold, bytes.
const maxPointer = 1 << 20

// maxRounds is how often Advance meets another writer before it gives up.
const maxRounds = 10

// Advance puts body under key when nothing is there or when newer says that body
// is newer than what is; else it changes nothing. It reports whether body
// is there now by this call or an earlier one. Against other writers it is safe:
// the put holds only for the very object newer was asked about. The content type
// is application/json.
func (b *Bucket) Advance(ctx context.Context, key string, body []byte, newer func(old []byte) bool) (bool, error) {
	if len(body) > maxPointer {
		return false, fmt.Errorf("s3: advance %s: %d bytes are more than the %d allowed", key, len(body), maxPointer)
	}
	for range maxRounds {
		old, etag, err := b.pointer(ctx, key)
		switch {
		case err != nil:
			return false, err
		case etag != "" && bytes.Equal(old, body): // also the proof of the put below
			return true, nil
		case etag != "" && !newer(old):
			return false, nil
		}
		err = b.swap(ctx, key, body, etag)
		if err != nil && !errors.Is(err, errMoved) {
			return false, err
		}
	}
	return false, &failure{ErrConflict, fmt.Sprintf("advance %s: other writers were faster %d times", key, maxRounds)}
}

// errMoved: the object is no longer the one that was read.
var errMoved = errors.New("the object has changed")

// pointer reads a small object and its ETag, which is empty when there is none.
func (b *Bucket) pointer(ctx context.Context, key string) (body []byte, etag string, err error) {
	err = b.do(ctx, "read", key, maxPointer, func(ctx context.Context) error {
		body, etag = nil, ""
		out, err := b.s3.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.name, Key: b.full(key)})
		if err != nil {
			return err
		}
		defer func() { _ = out.Body.Close() }()
		if body, err = io.ReadAll(io.LimitReader(out.Body, maxPointer+1)); err != nil {
			return err
		}
		etag = aws.ToString(out.ETag)
		if etag == "" || len(body) > maxPointer {
			return &failure{ErrConflict, fmt.Sprintf("advance %s: what is there has no ETag or is over %d bytes, so it is not ours: remove it", key, maxPointer)}
		}
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		return nil, "", nil
	}
	return body, etag, err
}

// swap puts body if the object is still the one with etag, or still absent.
func (b *Bucket) swap(ctx context.Context, key string, body []byte, etag string) error {
	moved := false
	err := b.do(ctx, "put", key, int64(len(body)), func(ctx context.Context) error {
		in := b.request(Object{Key: key, SHA256: digest(body), Bytes: int64(len(body)), ContentType: "application/json"}, bytes.NewReader(body))
		if etag == "" {
			in.IfNoneMatch = aws.String("*")
		} else {
			in.IfMatch = &etag
		}
		_, err := b.s3.PutObject(ctx, in)
		gone := etag != "" && missing(err)
		if moved = gone || status(err) == http.StatusPreconditionFailed; moved {
			return nil
		}
		return err
	})
	if err == nil && moved {
		return errMoved
	}
	return err
}
