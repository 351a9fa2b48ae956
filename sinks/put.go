package sinks

import (
	"bytes"
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
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Object is a file on disk that is to become an object.
type Object struct {
	Key         string
	Path        string // of the spool file; it must not change while it is put
	SHA256      string // of its bytes, lower-case hex
	Bytes       int64
	ContentType string
}

// Landed says how it is known that an object is there.
type Landed struct {
	Already bool  // it was there; perhaps by an earlier attempt of this very call
	Proof   Proof // the evidence for its bytes
}

// Proof is the kind of evidence that an object holds the right bytes.
type Proof string

// The kinds of evidence: the server's own checksum, or the bytes read back.
const (
	ByChecksum Proof = "checksum"
	ByReading  Proof = "reading"
)

// Put lands o, or finds that it has landed before; see the package comment for
// what success means. A spool file that is not what o says is refused before
// anything is sent.
func (b *Bucket) Put(ctx context.Context, o Object) (Landed, error) {
	f, err := os.Open(o.Path)
	if err != nil {
		return Landed{}, fmt.Errorf("s3: put %s: %w", o.Key, err)
	}
	defer func() { _ = f.Close() }()
	sum, n, err := hashed(f)
	if err != nil {
		return Landed{}, fmt.Errorf("s3: put %s: %w", o.Key, err)
	}
	if sum != o.SHA256 || n != o.Bytes {
		return Landed{}, fmt.Errorf("s3: put %s: file %s is damaged: %d bytes with sha256 %s, expected %d with %s", o.Key, o.Path, n, sum, o.Bytes, o.SHA256)
	}
	// Each attempt reads through its own section: one given up may still be reading.
	return b.put(ctx, o, func() io.ReadSeeker { return io.NewSectionReader(f, 0, n) })
}

// PutBytes is Put for an object small enough to be held in memory.
func (b *Bucket) PutBytes(ctx context.Context, key string, body []byte, contentType string) (Landed, error) {
	o := Object{Key: key, SHA256: digest(body), Bytes: int64(len(body)), ContentType: contentType}
	return b.put(ctx, o, func() io.ReadSeeker { return bytes.NewReader(body) })
}

// errVanished is a key that was taken and then held nothing.
var errVanished = errors.New("the service calls the key taken, but has no object there")

// put sends body until the object is proved to be there. After an attempt that
// ended without an answer it looks before it sends again: the answer may have been
// lost, or the service may have refused without reading the body, which a client
// sees as a reset connection.
func (b *Bucket) put(ctx context.Context, o Object, body func() io.ReadSeeker) (landed Landed, err error) {
	unheard := false
	err = b.do(ctx, "put", o.Key, 2*o.Bytes, func(ctx context.Context) error {
		if unheard {
			landed = Landed{Already: true, Proof: ByReading}
			if err := b.holds(ctx, o); !missing(err) {
				return err
			}
		}
		in := b.request(o, body())
		in.IfNoneMatch = aws.String("*")
		out, err := b.s3.PutObject(ctx, in)
		unheard = err != nil && status(err) == 0
		switch {
		case status(err) == http.StatusPreconditionFailed:
			landed = Landed{Already: true, Proof: ByReading}
			if err = b.holds(ctx, o); missing(err) {
				return errVanished
			}
		case err == nil:
			landed = Landed{}
			landed.Proof, err = b.prove(ctx, o, out.ChecksumSHA256)
		}
		return err
	})
	if err != nil {
		return Landed{}, err
	}
	return landed, nil
}

// missing reports the service's word that the bucket, which exists, has no such
// object. Any other 404 is a proxy's, or a web server's, and says nothing of objects;
// only the answer to a HEAD has no body to say of what.
func missing(err error) bool {
	var headless *types.NotFound
	return status(err) == http.StatusNotFound && (hasCode(err, "NoSuchKey") || errors.As(err, &headless))
}

// request is an unconditional put of o.
func (b *Bucket) request(o Object, body io.ReadSeeker) *s3.PutObjectInput {
	in := &s3.PutObjectInput{Bucket: &b.name, Key: b.full(o.Key), Body: body, ContentLength: &o.Bytes}
	if o.ContentType != "" {
		in.ContentType = &o.ContentType
	}
	if b.checksum {
		in.ChecksumSHA256 = aws.String(base64OfHex(o.SHA256))
	}
	return in
}

// digest is the lower-case hex sha256 of body.
func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
