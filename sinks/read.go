package sinks

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// ObjectInfo is one line of a listing.
type ObjectInfo struct {
	Key   string
	Bytes int64
}

// Get opens an object. The reader's errors are explained like those of every
// call; it fails with ErrUnreachable when no byte comes for 30 s, and with ctx. It
// does not resume: what was read before an error is not known to be right.
func (b *Bucket) Get(ctx context.Context, key string) (io.ReadCloser, error) {
	return b.GetFrom(ctx, key, 0)
}

// GetFrom is Get without the object's first offset bytes.
func (b *Bucket) GetFrom(ctx context.Context, key string, offset int64) (io.ReadCloser, error) {
	in := &s3.GetObjectInput{Bucket: &b.name, Key: b.full(key)}
	if offset > 0 {
		in.Range = aws.String(fmt.Sprintf("bytes=%d-", offset))
	}
	live, cancel := context.WithCancelCause(ctx)
	var body io.ReadCloser
	err := b.do(ctx, "read", key, 0, func(context.Context) error {
		out, err := b.s3.GetObject(live, in) // outlives the attempt
		if err == nil {
			body = out.Body
		}
		return err
	})
	if err != nil {
		cancel(nil)
		return nil, err
	}
	r := &reader{ctx: ctx, live: live, cancel: cancel, body: body, bucket: b, key: key}
	r.idle = time.AfterFunc(b.limits.idle, func() { cancel(errIdle) })
	return r, nil
}

// Fetcher is GetFrom for those who know neither buckets nor contexts.
func (b *Bucket) Fetcher(ctx context.Context) func(key string, offset int64) (io.ReadCloser, error) {
	return func(key string, offset int64) (io.ReadCloser, error) { return b.GetFrom(ctx, key, offset) }
}

var errIdle = errors.New("the service stopped sending")

// reader is an open object with a watch on its silence.
type reader struct {
	ctx    context.Context // the caller's
	live   context.Context // the request's
	cancel context.CancelCauseFunc
	idle   *time.Timer
	body   io.ReadCloser
	bucket *Bucket
	key    string
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.body.Read(p)
	switch {
	case err == nil:
		r.idle.Reset(r.bucket.limits.idle)
	case !errors.Is(err, io.EOF):
		if errors.Is(context.Cause(r.live), errIdle) {
			err = context.DeadlineExceeded
		}
		err = r.bucket.explain(r.ctx, "read", r.key, err)
	}
	return n, err
}

func (r *reader) Close() error {
	r.idle.Stop()
	r.cancel(nil)
	return r.body.Close()
}

// List names every object whose key begins with prefix, sorted by key.
func (b *Bucket) List(ctx context.Context, prefix string) ([]ObjectInfo, error) {
	var all []ObjectInfo
	pages := s3.NewListObjectsV2Paginator(b.s3, &s3.ListObjectsV2Input{Bucket: &b.name, Prefix: b.full(prefix)})
	for pages.HasMorePages() {
		err := b.do(ctx, "list", "", 0, func(ctx context.Context) error {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return err
			}
			for _, o := range page.Contents {
				all = append(all, ObjectInfo{Key: strings.TrimPrefix(aws.ToString(o.Key), b.prefix), Bytes: aws.ToInt64(o.Size)})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(x, y ObjectInfo) int { return cmp.Compare(x.Key, y.Key) })
	return all, nil
}
