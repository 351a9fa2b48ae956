package sinks

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// prove finds evidence that the object just put holds o's bytes: the checksum of
// the put's answer, else of a HEAD, else the bytes themselves.
func (b *Bucket) prove(ctx context.Context, o Object, answered *string) (Proof, error) {
	if answered == nil && b.checksum {
		head, err := b.s3.HeadObject(ctx, &s3.HeadObjectInput{
			Bucket: &b.name, Key: b.full(o.Key), ChecksumMode: types.ChecksumModeEnabled,
		})
		if err != nil {
			return "", err
		}
		if head.ChecksumType != types.ChecksumTypeComposite { // that would be a hash of hashes
			answered = head.ChecksumSHA256
		}
	}
	if answered == nil {
		return ByReading, b.holds(ctx, o)
	}
	if *answered != base64OfHex(o.SHA256) {
		return "", b.taken(o, hexOfBase64(*answered))
	}
	return ByChecksum, nil
}

// holds reads the object under o's key to its end and fails unless it is o.
func (b *Bucket) holds(ctx context.Context, o Object) error {
	out, err := b.s3.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.name, Key: b.full(o.Key)})
	if err != nil {
		return err
	}
	defer func() { _ = out.Body.Close() }()
	h := sha256.New()
	// One byte more than expected settles the matter, however much there is.
	n, err := io.Copy(h, io.LimitReader(out.Body, o.Bytes+1))
	if err != nil {
		return err
	}
	if sum := hex.EncodeToString(h.Sum(nil)); n != o.Bytes || sum != o.SHA256 {
		if n > o.Bytes {
			sum = "of something longer"
		}
		return b.taken(o, sum)
	}
	return nil
}

func (b *Bucket) taken(o Object, sum string) error {
	return &failure{ErrConflict, fmt.Sprintf("put %s: bucket %q holds other bytes under this key (sha256 %s, ours %s); they were left as they are", o.Key, b.name, sum, o.SHA256)}
}

// base64OfHex is a sha256 as S3 writes it; empty for what is not hex.
func base64OfHex(sum string) string {
	raw, err := hex.DecodeString(sum)
	if err != nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(raw)
}

// hexOfBase64 is S3's sha256 as attache writes it; unchanged when it is no base64.
func hexOfBase64(sum string) string {
	raw, err := base64.StdEncoding.DecodeString(sum)
	if err != nil {
		return sum
	}
	return hex.EncodeToString(raw)
}
