package sinks

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Remove takes an object away. One that is not there is a success, so it may be
// repeated after a crash or a lost answer. In a bucket that keeps versions the bytes
// stay, as versions that are no longer current, until the owner removes those.
func (b *Bucket) Remove(ctx context.Context, key string) error {
	return b.do(ctx, "remove", key, 0, func(ctx context.Context) error {
		_, err := b.s3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &b.name, Key: b.full(key)})
		if missing(err) {
			return nil
		}
		return err
	})
}
