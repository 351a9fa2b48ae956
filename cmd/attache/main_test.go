package main

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"attache/config"
	"attache/internal/newsroom"
	"attache/sinks/embedded"
)

// TestMain makes this test binary answer as attache too, so that scripts run the
// real program, with its real child for S3, without building it again.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"attache": main, "badweek": badWeek})
}

// TestScripts runs testdata/script: what a person types, and what they must see.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"newsroom": openNewsroom,
			"s3":       startS3,
			"bucket":   pointAt,
			"own":      change,
			"rows":     printRows,
		},
	})
}

// openNewsroom opens the simulated publishers for the rest of the script and
// writes the configuration that reaches them to newsroom.yaml: "newsroom", or
// "newsroom SCENARIO".
func openNewsroom(ts *testscript.TestScript, _ bool, args []string) {
	var o newsroom.Options
	if len(args) > 0 {
		var err error
		o.Scenario, err = newsroom.ReadScenario(args[0], []byte(ts.ReadFile(args[0])))
		ts.Check(err)
	}
	room, c, err := openEdition(ts.MkAbs("newsroom"), o)
	ts.Check(err)
	ts.Defer(func() { ts.Check(room.Close()) })
	c.Data = ts.MkAbs("data")
	c.HTTP.Listen = "" // its port may be another's
	c.Log.Level = "error"
	text, err := c.YAML()
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("newsroom.yaml"), text, 0o600))
	ts.Setenv("VTC_PAGE", room.Stories("vtcnews")[0].URL)
	ts.Setenv("YESTERDAY", time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly))
	ts.Setenv("TOMORROW", time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly))
}

// startS3 serves a bucket outside attache, as an operator's would be: "s3 FOLDER"
// sets S3_ENDPOINT and the SDK's variables.
func startS3(ts *testscript.TestScript, _ bool, args []string) {
	server, err := serveS3(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Defer(func() { ts.Check(server.Close()) })
	ts.Setenv("S3_ENDPOINT", server.Endpoint)
	ts.Setenv("AWS_ACCESS_KEY_ID", server.AccessKey)
	ts.Setenv("AWS_SECRET_ACCESS_KEY", server.SecretKey)
}

func serveS3(dir string) (*embedded.Server, error) {
	attache, err := exec.LookPath("attache")
	if err != nil {
		return nil, fmt.Errorf("TestMain puts it on the path: %w", err)
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	return embedded.Start(context.Background(), embedded.StartOptions{Command: []string{attache, "s3", "--dir", dir}})
}

// pointAt writes a copy of newsroom.yaml that lands in a bucket of its own:
// "bucket FILE [ENDPOINT]", the endpoint being that of s3 unless named.
func pointAt(ts *testscript.TestScript, _ bool, args []string) {
	endpoint := ts.Getenv("S3_ENDPOINT")
	if len(args) > 1 {
		endpoint = args[1]
	}
	c, err := config.Load(ts.MkAbs("newsroom.yaml"))
	ts.Check(err)
	c.S3 = config.S3{Bucket: "news-archive", Prefix: "daily", Region: "us-east-1", Endpoint: endpoint, PathStyle: true, Checksum: "when_supported"}
	text, err := c.YAML()
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), text, 0o600))
}

// change writes NAME.yaml: newsroom.yaml with a folder NAME of sources, in which ID's
// file has NEW for OLD: "own NAME ID OLD NEW". In NEW, \n begins a line.
func change(ts *testscript.TestScript, _ bool, args []string) {
	name, id, before, after := args[0], args[1], args[2], strings.ReplaceAll(args[3], `\n`, "\n")
	file, err := os.ReadFile(filepath.Join("..", "..", "seeds", id+".yaml"))
	ts.Check(err)
	if strings.Count(string(file), before) != 1 {
		ts.Fatalf("%s.yaml does not say %q once", id, before)
	}
	ts.Check(os.Mkdir(ts.MkAbs(name), 0o755))
	ts.Check(os.WriteFile(ts.MkAbs(filepath.Join(name, id+".yaml")), []byte(strings.Replace(string(file), before, after, 1)), 0o600))
	c, err := config.Load(ts.MkAbs("newsroom.yaml"))
	ts.Check(err)
	c.Sources.Dir = ts.MkAbs(name)
	text, err := c.YAML()
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(name+".yaml"), text, 0o600))
}

// printRows prints every row of the sealed drops: "rows".
func printRows(ts *testscript.TestScript, _ bool, _ []string) {
	files, err := filepath.Glob(ts.MkAbs("data/s3/objects/attache/v1/jsonl/*/*/*.jsonl.gz"))
	ts.Check(err)
	for _, name := range files {
		f, err := os.Open(name)
		ts.Check(err)
		z, err := gzip.NewReader(f)
		ts.Check(err)
		_, err = io.Copy(ts.Stdout(), z)
		ts.Check(err)
		ts.Check(f.Close())
	}
}
