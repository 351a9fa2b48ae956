package sinks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Replace puts o where the object with sha256 oldSHA lies. It exists for takedowns,
// which take a text out of captures, and for manifests that were changed after they
// were sealed. It returns without error only when the object was read back and is o,
// by this call or an earlier one, so it may be repeated. Other bytes than those two
// are [ErrConflict] and stay, as they do when another writer is faster: the put
// holds only for the very object that was read. No object is [ErrNotFound]. A bucket
// that keeps versions keeps the old bytes too, until their owner removes them.
func (b *Bucket) Replace(ctx context.Context, o Object, oldSHA string) error {
	f, err := os.Open(o.Path)
	if err != nil {
		return fmt.Errorf("s3: replace %s: %w", o.Key, err)
	}
	defer func() { _ = f.Close() }()
	if sum, n, err := hashed(f); err != nil || sum != o.SHA256 || n != o.Bytes {
		return errors.Join(fmt.Errorf("s3: replace %s: file %s is damaged: %d bytes with sha256 %s, expected %d with %s", o.Key, o.Path, n, sum, o.Bytes, o.SHA256), err)
	}
	for range maxRounds {
		sum, etag, err := b.stamp(ctx, o.Key, o.Bytes)
		switch {
		case err != nil:
			return err
		case sum == o.SHA256: // also the proof of the put below
			return nil
		case sum != oldSHA || etag == "":
			return &failure{ErrConflict, fmt.Sprintf("replace %s: bucket %q holds other bytes than those to be replaced (sha256 %s, expected %s); they were left as they are", o.Key, b.name, sum, oldSHA)}
		}
		if err := b.over(ctx, o, f, etag); err != nil {
			return err
		}
	}
	return &failure{ErrConflict, fmt.Sprintf("replace %s: it holds the old bytes after %d puts; look for another writer", o.Key, maxRounds)}
}

// stamp reads an object to its end: its sha256, and its ETag at that time.
func (b *Bucket) stamp(ctx context.Context, key string, size int64) (sum, etag string, err error) {
	err = b.do(ctx, "read", key, size, func(ctx context.Context) error {
		out, err := b.s3.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.name, Key: b.full(key)})
		if err != nil {
			return err
		}
		defer func() { _ = out.Body.Close() }()
		etag = aws.ToString(out.ETag)
		sum, _, err = hashed(out.Body)
		return err
	})
	return sum, etag, err
}

// over puts o if the object is still the one with etag. Whether it was, the caller
// finds by reading: the answer may have been lost and the put sent twice.
func (b *Bucket) over(ctx context.Context, o Object, f io.ReaderAt, etag string) error {
	return b.do(ctx, "put", o.Key, o.Bytes, func(ctx context.Context) error {
		in := b.request(o, io.NewSectionReader(f, 0, o.Bytes)) // its own: an attempt given up may still be reading
		in.IfMatch = &etag
		_, err := b.s3.PutObject(ctx, in)
		if missing(err) || status(err) == http.StatusPreconditionFailed {
			return nil
		}
		return err
	})
}

// hashed reads to the end: the lower-case hex sha256 and how much it was.
func hashed(r io.Reader) (sum string, n int64, err error) {
	h := sha256.New()
	n, err = io.Copy(h, r)
	return hex.EncodeToString(h.Sum(nil)), n, err
}
