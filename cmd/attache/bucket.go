package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"attache/config"
	"attache/sinks"
	"attache/sinks/embedded"
)

// embeddedBucket is the bucket's name in the embedded S3.
const embeddedBucket = "attache"

// objects is the folder whose files are the embedded bucket's objects.
func objects(c config.Config) string {
	return filepath.Join(c.S3Dir(), "objects", embeddedBucket, filepath.FromSlash(c.S3.Prefix))
}

// copies is the folder for copies of what is verified: the spool, for which there is
// room, unless the operator names another.
func copies(c config.Config) string {
	if os.Getenv("TMPDIR") != "" {
		return ""
	}
	return c.SpoolDir()
}

// openBucket prepares the configured bucket, or starts the embedded S3. tune may change
// what no operator sets.
func openBucket(ctx context.Context, c config.Config, closing *closers, tune func(*sinks.Settings)) (*sinks.Bucket, *embedded.Server, error) {
	s := sinks.Settings{Bucket: c.S3.Bucket, Prefix: c.S3.Prefix, Region: c.S3.Region, Endpoint: c.S3.Endpoint, PathStyle: c.S3.PathStyle, Checksum: c.S3.Checksum, Copies: copies(c)}
	if tune != nil {
		tune(&s)
	}
	if !c.S3.Embedded() {
		bucket, err := sinks.Open(ctx, s)
		return bucket, nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	dir, err := filepath.Abs(c.S3Dir())
	if err != nil {
		return nil, nil, err
	}
	server, err := embedded.Start(ctx, embedded.StartOptions{Command: []string{self, "s3", "--dir", dir}})
	if err != nil {
		return nil, nil, fmt.Errorf("%w (it writes to %s: run as the user that runs attache)", err, dir)
	}
	closing.add(server.Close)
	s.Bucket, s.Region, s.Endpoint, s.PathStyle = embeddedBucket, server.Region, server.Endpoint, true
	s.Credentials = credentials.NewStaticCredentialsProvider(server.AccessKey, server.SecretKey, "")
	bucket, err := sinks.Open(ctx, s)
	if err != nil {
		return nil, nil, err
	}
	return bucket, server, bucket.EnsureBucket(ctx)
}
