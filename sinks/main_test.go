package sinks

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"attache/sinks/embedded"
)

// service is the embedded S3 all tests share, each in its own bucket; its objects
// lie under serviceRoot.
var (
	service     *embedded.Server
	serviceRoot string
)

const envRoot = "ATTACHE_TEST_S3_ROOT" // set: this process is the child

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	ctx := context.Background()
	if root := os.Getenv(envRoot); root != "" {
		o := embedded.ServeOptions{Root: filepath.Join(root, "objects"), Control: filepath.Join(root, "control")}
		if err := embedded.Serve(ctx, o, os.Stdout, os.Stdin); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	}
	root, err := os.MkdirTemp("", "attache-sinks-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(root) }()
	service, err = embedded.Start(ctx, embedded.StartOptions{Command: []string{os.Args[0]}, Env: []string{envRoot + "=" + root}, Ready: time.Minute})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	serviceRoot = filepath.Join(root, "objects")
	code := m.Run()
	if err := service.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// hasty is patience for tests.
var hasty = limits{
	dial: time.Second, tls: time.Second, answer: 5 * time.Second, idle: 5 * time.Second,
	window: 6 * time.Second, pause: time.Millisecond,
}

var buckets atomic.Int64

// settings name the test's own bucket, with a prefix.
func settings() Settings {
	return Settings{
		Bucket: fmt.Sprintf("test-%d", buckets.Add(1)), Prefix: "news", Endpoint: service.Endpoint, PathStyle: true,
		Region:      service.Region,
		Credentials: credentials.NewStaticCredentialsProvider(service.AccessKey, service.SecretKey, ""),
		limits:      &hasty,
	}
}

func open(t *testing.T, s Settings) *Bucket {
	t.Helper()
	b, err := Open(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// made is a bucket that exists.
func made(t *testing.T, s Settings) *Bucket {
	t.Helper()
	b := open(t, s)
	if err := b.EnsureBucket(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

// through opens the bucket of s once more, by way of a proxy that may touch what passes.
func through(t *testing.T, s Settings, touch func(next http.Handler) http.Handler, answer func(*http.Response) error) *Bucket {
	t.Helper()
	target, err := url.Parse(s.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	var h http.Handler = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host // it is signed
		},
		ModifyResponse: answer,
	}
	if touch != nil {
		h = touch(h)
	}
	proxy := httptest.NewServer(h)
	t.Cleanup(proxy.Close)
	s.Endpoint = proxy.URL
	return open(t, s)
}

// spooled is a file on disk, ready to be put.
func spooled(t *testing.T, key, text string) Object {
	t.Helper()
	path := filepath.Join(t.TempDir(), "spool")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Object{Key: key, Path: path, SHA256: digest([]byte(text)), Bytes: int64(len(text)), ContentType: JSONLType}
}

// onDisk is where the embedded service keeps an object.
func onDisk(b *Bucket, key string) string {
	return filepath.Join(serviceRoot, b.name, b.prefix, filepath.FromSlash(key))
}
