package main

import (
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

// withoutJSON are the commands that have no --json, and why.
var withoutJSON = map[string]string{
	"completion":      "prints a script for a shell",
	"newsroom":        "serves until it is stopped",
	"raw":             "prints the page as the publisher sent it",
	"run":             "is the daemon; its log is JSON wherever no person reads it",
	"s3":              "is the embedded S3; attache itself speaks with it",
	"sources fixture": "prints a page",
	"topic decide":    "reads and prints JSON lines, and nothing else",
}

// TestEveryCommandCanPrintJSON walks the commands there are, so that a new one cannot
// forget its readers that are programs.
func TestEveryCommandCanPrintJSON(t *testing.T) {
	t.Parallel()
	parser, err := commandLine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, leaf := range parser.Model.Leaves(false) {
		name := strings.TrimPrefix(leaf.Path(), "attache ")
		if i := strings.IndexAny(name, " "); leaf.Parent.DefaultCmd == leaf && i < 0 {
			name = leaf.Parent.Name + " " + leaf.Name
		}
		seen[name] = true
		can := slices.ContainsFunc(leaf.Flags, func(f *kong.Flag) bool { return f.Name == "json" && f.IsBool() })
		if why := withoutJSON[name]; can == (why != "") {
			t.Errorf("attache %s: has --json: %t; listed as without because it %q", name, can, why)
		}
		if leaf.Help == "" {
			t.Errorf("attache %s has no help", name)
		}
	}
	if len(seen) < 30 {
		t.Errorf("only %d commands were found", len(seen))
	}
	for name := range withoutJSON {
		if !seen[name] {
			t.Errorf("there is no command %q", name)
		}
	}
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	parser, err := commandLine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]string{
		"dr":                           "drop",
		"drop re":                      "repair redact",
		"s3":                           "",
		"drop seal --n":                "--now",
		"crawl --source vtc":           "vtcnews",
		"crawl -c none.yaml --sour":    "--source",
		"crawl --source=vtc":           "--source=vtcnews",
		"crawl --source = vtc":         "vtcnews",
		"crawl --source vtcnews --dry": "--dry-run",
		"sources check qk7 vtc":        "vtcnews",
		"sources --js":                 "--json",
		"sources list --js":            "--json",
		"completion ":                  "bash zsh fish",
		"--color n":                    "never",
		"--nonsense x":                 "",
		"crawl --data ":                "", // a folder: the shell knows those
		"drop nonsense ":               "seal list show verify repair redact",
	} {
		var out strings.Builder
		complete(&out, parser.Model.Node, strings.Split(typed, " "))
		if got := strings.Join(strings.Fields(out.String()), " "); got != want {
			t.Errorf("%q becomes %q, want %q", typed, got, want)
		}
	}
	complete(&strings.Builder{}, parser.Model.Node, nil)
}

func TestBuilt(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	b := built(&debug.BuildInfo{Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "0123456789abcdef0123"}, {Key: "vcs.time", Value: "2026-11-21T08:00:00Z"}, {Key: "vcs.modified", Value: "true"},
	}})
	if b.Commit != "0123456789abcdef0123" || b.Date == nil || !b.Date.Equal(at) || !b.Dirty || b.Version != version {
		t.Errorf("%+v", b)
	}
	if text := b.String(); !strings.HasPrefix(text, "attache "+version+" (commit 0123456789ab of 2026-11-21 and changes") {
		t.Error(text)
	}
	if text := built(nil).String(); !strings.Contains(text, "unknown commit") {
		t.Error(text)
	}
}

func TestReadable(t *testing.T) {
	t.Parallel()
	const line = `{"time":"2026-11-21T08:00:00Z","level":"WARN","msg":"a\u001b[2Jb","source":"vtcnews","run":"R","title":"بيان"}`
	when := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC).Local().Format(time.DateTime)
	for want, got := range map[string]string{
		when + "  warn   a·[2Jb  source=vtcnews  run=R  title=\u2067بيان\u2069": readable(line, false),
		when + "  \x1b[33mwarn \x1b[0m  a·[2Jb  title=\u2067بيان\u2069":         readableOf(line, true),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
