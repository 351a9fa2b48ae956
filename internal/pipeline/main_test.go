package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"attache/internal/newsroom"
	"attache/sinks"
	"attache/sinks/embedded"
)

// The test binary is started again as the embedded S3 and as the worker that gets
// killed; one of these in its environment says which.
const (
	envS3     = "ATTACHE_TEST_S3_ROOT"
	envWorker = "ATTACHE_TEST_WORKER"
)

// What all tests share: the embedded S3, each test in its own bucket, and the
// publishers, whom nobody closes.
var (
	service *embedded.Server
	room    *newsroom.Room
)

// edition is the time of the news and, for most tests, the pipeline's too.
var edition = time.Date(2026, time.November, 21, 9, 0, 0, 0, time.UTC)

func TestMain(m *testing.M) { os.Exit(tests(m)) }

func tests(m *testing.M) int {
	ctx := context.Background()
	fail := func(err error) int { fmt.Fprintln(os.Stderr, err); return 1 }
	switch root := os.Getenv(envS3); {
	case os.Getenv(envWorker) != "":
		if err := worker(ctx, os.Getenv(envWorker)); err != nil {
			return fail(err)
		}
		return 0
	case root != "":
		o := embedded.ServeOptions{Root: filepath.Join(root, "objects"), Control: filepath.Join(root, "control")}
		if err := embedded.Serve(ctx, o, os.Stdout, os.Stdin); err != nil {
			return fail(err)
		}
		return 0
	}
	root, err := os.MkdirTemp("", "attache-pipeline-")
	if err != nil {
		return fail(err)
	}
	defer func() { _ = os.RemoveAll(root) }()
	service, err = embedded.Start(ctx, embedded.StartOptions{Command: []string{os.Args[0]}, Env: []string{envS3 + "=" + root}, Ready: time.Minute})
	if err != nil {
		return fail(err)
	}
	defer func() { _ = service.Close() }()
	if room, err = newsroom.Open(newsroom.Options{Now: edition}); err != nil {
		return fail(err)
	}
	defer func() { _ = room.Close() }()
	return m.Run()
}

var buckets atomic.Int64

// settings name a bucket of the test's own, which is not made yet.
func settings() sinks.Settings {
	return sinks.Settings{
		Bucket: fmt.Sprintf("test-%d", buckets.Add(1)), Prefix: "news", Endpoint: service.Endpoint, PathStyle: true, Region: service.Region,
		Credentials: credentials.NewStaticCredentialsProvider(service.AccessKey, service.SecretKey, ""),
	}
}

func bucket(t *testing.T, s sinks.Settings) *sinks.Bucket {
	t.Helper()
	b, err := sinks.Open(t.Context(), s)
	must(t, err)
	return b
}

// made is a bucket that exists.
func made(t *testing.T, s sinks.Settings) *sinks.Bucket {
	t.Helper()
	b := bucket(t, s)
	must(t, b.EnsureBucket(t.Context()))
	return b
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
