package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"time"
)

// version is the program's; manifests and the User-Agent carry it.
const version = "0.1.0"

type versionCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// build is what this program was made of.
type build struct {
	Version  string     `json:"version"`
	Commit   string     `json:"commit"` // "" when it was not built in a Git work tree
	Date     *time.Time `json:"date"`   // of the commit; null likewise
	Dirty    bool       `json:"dirty"`  // built of more than the commit holds
	Go       string     `json:"go"`
	Platform string     `json:"platform"` // such as linux/amd64
}

func (c versionCmd) Run() error {
	info, _ := debug.ReadBuildInfo() // nil: built without modules
	b := built(info)
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(b)
	}
	fmt.Println(b)
	return nil
}

// built reads what the Go linker noted, by go build and go install alike.
func built(info *debug.BuildInfo) build {
	b := build{Version: version, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if info == nil {
		return b
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			if at, err := time.Parse(time.RFC3339, s.Value); err == nil {
				b.Date = &at
			}
		case "vcs.modified":
			b.Dirty = s.Value == "true"
		}
	}
	return b
}

// String is the build for people: one line for a report of trouble.
func (b build) String() string {
	commit := "an unknown commit"
	if b.Commit != "" {
		commit = "commit " + b.Commit[:min(12, len(b.Commit))]
	}
	if b.Date != nil {
		commit += " of " + b.Date.UTC().Format(time.DateOnly)
	}
	if b.Dirty {
		commit += " and changes that are not in it"
	}
	return fmt.Sprintf("attache %s (%s; %s, %s)", b.Version, commit, b.Go, b.Platform)
}
