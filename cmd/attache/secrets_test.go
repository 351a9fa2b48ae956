package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"attache/config"
)

// witness runs attache and keeps all it says.
type witness struct {
	t    *testing.T
	env  []string
	said bytes.Buffer
}

func (w *witness) command(args ...string) *exec.Cmd {
	c := exec.CommandContext(w.t.Context(), "attache", args...)
	c.Env = append(os.Environ(), w.env...)
	fmt.Fprintf(&w.said, "\n$ attache %s\n", strings.Join(args, " "))
	c.Stdout, c.Stderr = &w.said, &w.said
	return c
}

func (w *witness) run(args ...string) { _ = w.command(args...).Run() } // how it ends is others' business

// TestNoSecretIsEverSaid has attache work, fail and be misconfigured with secrets in
// its environment and its files, at the level of debug, and looks for them in all it
// said and in all it left on the disk: the store with the runs' logs, and S3's objects.
func TestNoSecretIsEverSaid(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server, err := serveS3(filepath.Join(dir, "s3"))
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	room, c, err := openRoom(filepath.Join(dir, "newsroom"))
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	asks := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Proxy-Authenticate", `Basic realm="proxy"`)
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	defer asks.Close()

	secrets := []string{
		server.SecretKey, server.AccessKey, "wrongSecretKey8f3a", "sessionTokenA91c", "proxyPasswordB72e", "endpointPasswordC63d",
		"refusedPasswordD54f", "brokenPasswordE45a", "webhookPathF36b", "operatorTokenG27c",
	}
	c.Data, c.Log = filepath.Join(dir, "data"), config.Log{Level: "debug", Format: "json"}
	c.Sources.Only = []string{"vtcnews"}
	c.S3 = config.S3{Bucket: "drops", Region: "us-east-1", Endpoint: server.Endpoint, PathStyle: true, Checksum: "when_supported"}
	file := func(name string, change func(*config.Config)) string {
		mine := c
		change(&mine)
		text, err := mine.YAML()
		if err != nil {
			t.Fatal(err)
		}
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	kept := func(name, secret string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(secret+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	c.HTTP = config.HTTP{Listen: "127.0.0.1:0", TokenFile: kept("token", "operatorTokenG27c")}
	c.Alarms.File = kept("webhook", "http://127.0.0.1:1/webhookPathF36b")
	whole := file("whole.yaml", func(*config.Config) {})
	text := file("text.yaml", func(c *config.Config) { c.Log.Format = "text" })
	far := file("far.yaml", func(c *config.Config) { c.S3.Endpoint = "http://s3.attache.test:9" })
	if err := os.Mkdir(filepath.Join(dir, "s3", "objects", "drops"), 0o755); err != nil { // a folder is a bucket
		t.Fatal(err)
	}

	w := &witness{t: t, env: []string{"AWS_ACCESS_KEY_ID=" + server.AccessKey, "AWS_SECRET_ACCESS_KEY=" + server.SecretKey}}
	daemon := w.command("run", "--config", whole)
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { // its first run is in the store's books
		out, _ := exec.CommandContext(t.Context(), "attache", "runs", "--json", "--config", whole).Output()
		return bytes.Contains(out, []byte(`"ended":"`))
	})
	if err := daemon.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := daemon.Wait(); err != nil {
		t.Errorf("the daemon: %v\n%s", err, w.said.Bytes())
	}
	for _, args := range [][]string{
		{"crawl", "--config", text},
		{"drop", "seal", "--now", "--config", whole},
		{"drop", "verify", "--config", whole},
		{"doctor", "--config", whole},
		{"config", "show", "--config", whole},
		{"config", "show", "--config", whole, "--json"},
		{"runs", "--config", whole, "--json"},
		{"sources", "--config", whole, "--json"},
	} {
		w.run(args...)
	}
	// What S3 refuses, and what cannot be reached but through a proxy that wants a password.
	w.env = []string{"AWS_ACCESS_KEY_ID=" + server.AccessKey, "AWS_SECRET_ACCESS_KEY=wrongSecretKey8f3a", "AWS_SESSION_TOKEN=sessionTokenA91c"}
	w.run("crawl", "--config", whole)
	w.run("doctor", "--config", whole)
	for _, proxy := range []string{"127.0.0.1:1", strings.TrimPrefix(asks.URL, "http://")} {
		w.env = []string{
			"AWS_ACCESS_KEY_ID=" + server.AccessKey, "AWS_SECRET_ACCESS_KEY=" + server.SecretKey,
			"HTTP_PROXY=http://attache:proxyPasswordB72e@" + proxy, "HTTPS_PROXY=http://attache:proxyPasswordB72e@" + proxy,
		}
		w.run("crawl", "--config", far)
		w.run("doctor", "--config", far)
	}
	w.env = []string{"AWS_ENDPOINT_URL_S3=http://x:endpointPasswordC63d@127.0.0.1:1", "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=" + server.SecretKey}
	w.run("drop", "list", "--config", file("amazon.yaml", func(c *config.Config) { c.S3.Endpoint = "" }))
	// Files that are refused, with secrets where none belong.
	for name, wrong := range map[string]string{
		"password":  "s3: {bucket: b, endpoint: \"https://k:refusedPasswordD54f@s3.attache.test\"}\ncrawl: {proxy: \"http://u:refusedPasswordD54f@127.0.0.1:1\"}\n",
		"no-url":    "s3: {bucket: b, endpoint: \"https://k:refusedPasswordD54f@[s3\"}\ncrawl: {proxy: \"http://u:refusedPasswordD54f@%zz\"}\n",
		"torn":      "s3:\n  bucket: b\n  endpoint: https://k:brokenPasswordE45a@s3.attache.test\n   region: x\n",
		"tab":       "s3:\n\tendpoint: https://k:brokenPasswordE45a@s3.attache.test\n",
		"no-key":    "s3: {secret_access_key: refusedPasswordD54f}\nwebhook: https://hooks.attache.test/webhookPathF36b\nhttp: {token: operatorTokenG27c}\n",
		"a-list":    "s3: [refusedPasswordD54f]\n",
		"unclosed":  "s3: {endpoint: \"https://k:brokenPasswordE45a@s3.attache.test\n",
		"duplicate": "s3: {bucket: a}\ns3: {endpoint: \"https://k:brokenPasswordE45a@s3.attache.test\"}\n",
	} {
		name = filepath.Join(dir, name+".yaml")
		if err := os.WriteFile(name, []byte(wrong), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"config", "check"}, {"run"}} {
			c := w.command(append(args, "--config", name)...)
			if err := c.Run(); err == nil {
				t.Errorf("%s was taken for a configuration", name)
			}
		}
	}

	said := w.said.String()
	for _, want := range []string{`"msg":"the run is over"`, "sealed", "cannot reach", "must not hold a password", "unknown field"} {
		if !strings.Contains(said, want) {
			t.Errorf("the witness heard no %q: it was not where it should be\n%s", want, said)
		}
	}
	for _, secret := range secrets {
		for line := range strings.Lines(said) {
			if strings.Contains(line, secret) {
				t.Errorf("%s was said: %s", secret, line)
			}
		}
	}
	left := 0
	for _, folder := range []string{c.Data, filepath.Join(dir, "s3", "objects")} {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			text, err := os.ReadFile(path)
			left++
			for _, secret := range secrets {
				if bytes.Contains(text, []byte(secret)) {
					t.Errorf("%s is in %s", secret, path)
				}
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	if left < 5 {
		t.Errorf("only %d files were left to look into", left)
	}
}

// waitFor polls until it holds, for at most half a minute.
func waitFor(t *testing.T, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(30 * time.Second); !holds(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatal("it did not happen in time")
		}
	}
}
