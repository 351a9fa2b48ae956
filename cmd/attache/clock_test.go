package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/config"
	"attache/internal/store"
)

// TestTheDayStaysOpenWhileS3SaysSo: by the Date of its answers, this machine's clock is
// two days ahead.
func TestTheDayStaysOpenWhileS3SaysSo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server, err := serveS3(filepath.Join(dir, "s3"))
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	target, err := url.Parse(server.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	s3 := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host // it is signed
		},
		ModifyResponse: func(r *http.Response) error {
			r.Header.Set("Date", time.Now().Add(-48*time.Hour).UTC().Format(http.TimeFormat))
			return nil
		},
	})
	defer s3.Close()
	yesterday := time.Now().AddDate(0, 0, -1).UTC().Format(time.DateOnly)
	s, err := store.Open(t.Context(), filepath.Join(dir, "attache.db"), nil)
	if err == nil {
		err = s.Advance(t.Context(), yesterday)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	c := config.Default()
	c.Data, c.Zone = dir, "UTC"
	c.S3 = config.S3{Bucket: "drops", Region: "us-east-1", Endpoint: s3.URL, PathStyle: true, Checksum: "when_supported"}
	text, err := c.YAML()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "s3", "objects", "drops"), 0o755); err != nil { // a folder is a bucket
		t.Fatal(err)
	}
	seal := exec.CommandContext(t.Context(), "attache", "drop", "seal", "--config", file)
	seal.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID="+server.AccessKey, "AWS_SECRET_ACCESS_KEY="+server.SecretKey)
	out, _ := seal.CombinedOutput() // the SDK now signs for the time it was told, which the real S3 refuses
	v, err := store.View(c.StoreFile())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if open, err := v.OpenDate(t.Context()); open != yesterday || err != nil || !strings.Contains(string(out), "clock is ahead of S3's") {
		t.Errorf("the open day is %s, %v\n%s", open, err, out)
	}
}
