package config_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"attache/config"
	"attache/seeds"
)

var update = flag.Bool("update", false, "rewrite the messages in testdata/bad; look at every change")

// TestBadFiles reads testdata/bad: the comment that each file begins with is
// exactly what must be reported, a line for each mistake.
func TestBadFiles(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("no bad files found", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var want, rest []string
		for line := range strings.Lines(string(data)) {
			if message, ok := strings.CutPrefix(line, "# "); ok {
				want = append(want, strings.TrimSuffix(message, "\n"))
			} else {
				rest = append(rest, line)
			}
		}
		_, err = config.Parse(filepath.Base(name), data)
		if err == nil {
			t.Errorf("%s: no mistake found", name)
			continue
		}
		if got := err.Error(); got != strings.Join(want, "\n") {
			t.Errorf("%s:\n got %s\nwant %s", name, got, strings.Join(want, "\n     "))
			if *update {
				text := "# " + strings.ReplaceAll(got, "\n", "\n# ") + "\n" + strings.Join(rest, "")
				if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	full := config.Default()
	full.Data, full.Zone = "/srv/attache", "UTC"
	full.Crawl.Contact, full.Crawl.MaxPage = "desk@example.org", 512<<10
	full.Sources.Dir, full.Sources.Only = "sources", []string{"qk7", "vtcnews"}
	full.S3 = config.S3{Bucket: "news", Prefix: "a/b", Region: "eu-1", Endpoint: "https://s3.example.org", PathStyle: true, Checksum: "when_required"}
	full.Seal.At = config.Clock{Hour: 23, Minute: 5}
	full.Network.Resolve = map[string]string{"vtcnews.vn": "127.0.0.1:8443"}
	full.Alarms = config.Alarms{File: "webhook", Repeat: seeds.Span(time.Hour), Mute: []string{"AttacheVolumeUnusual", "AttacheSourceSilent/qk7"}}
	full.Log.Format = "json"
	for name, c := range map[string]config.Config{"default": config.Default(), "full": full} {
		text, err := c.YAML()
		if err != nil {
			t.Fatal(err)
		}
		again, err := config.Parse("shown.yaml", text)
		if err != nil || !reflect.DeepEqual(again, c) {
			t.Errorf("%s: %v\n got %+v\nwant %+v\n%s", name, err, again, c, text)
		}
	}
}

// A webhook's address is a secret: whoever has it can write where people trust what
// they read.
func TestSecretsAreNotShown(t *testing.T) {
	t.Parallel()
	const address = "https://hooks.example.org/T0/s3cr3t"
	c, err := config.Parse("hook.yaml", []byte("alarms: {webhook: "+address+"}\n"))
	if err != nil || string(c.Alarms.Webhook) != address {
		t.Fatalf("%v", err)
	}
	shown, err := c.YAML()
	if err != nil {
		t.Fatal(err)
	}
	inJSON, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "config", c, "webhook", c.Alarms.Webhook)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "config", c, "webhook", c.Alarms.Webhook)
	_, mistake := config.Parse("hook.yaml", []byte("alarms: {webhook: \"https//hooks.example.org/T0/s3cr3t\"}\n"))
	for _, text := range []string{string(shown), string(inJSON), log.String(), fmt.Sprint(mistake), fmt.Sprintf("%v %+v %#v %s %q", c, c, c, c.Alarms.Webhook, c.Alarms.Webhook)} {
		if strings.Contains(text, "s3cr3t") {
			t.Errorf("the secret is shown: %s", text)
		}
	}
	if mistake == nil || !strings.Contains(string(shown), "webhook: (hidden)") {
		t.Errorf("%v\n%s", mistake, shown)
	}
}

// An empty file, one of comments only and one with empty sections say nothing.
func TestSilentFilesAreTheDefault(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "# nothing\n", "\n\n", "crawl:\ns3:\n", "data:\n"} {
		if c, err := config.Parse("silent.yaml", []byte(text)); err != nil || !reflect.DeepEqual(c, config.Default()) {
			t.Errorf("%q: got %+v, %v", text, c, err)
		}
	}
}

// A file sets what it names and leaves its neighbours.
func TestFileOverDefault(t *testing.T) {
	t.Parallel()
	c, err := config.Parse("part.yaml", []byte("crawl: {attempts: 2}\nseal: {at: \"06:15\"}\n"))
	want := config.Default()
	want.Crawl.Attempts, want.Seal.At = 2, config.Clock{Hour: 6, Minute: 15}
	if err != nil || !reflect.DeepEqual(c, want) {
		t.Errorf("got %+v, %v; want %+v", c, err, want)
	}
	if _, err := config.Load(filepath.Join(t.TempDir(), "none.yaml")); err == nil {
		t.Error("a file that was named and is not there is an error")
	}
}
