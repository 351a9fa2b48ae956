package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
)

// TestDaemon starts the daemon, lets every source have its first run, asks it to
// stop and looks at what it left: all landed, and a second start of another
// attache on the folder refused while it ran.
func TestDaemon(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	room, c, err := openRoom(filepath.Join(dir, "newsroom"))
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	c.Data = filepath.Join(dir, "data")
	c.HTTP.Listen = "127.0.0.1:0"
	text, err := c.YAML()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}

	daemon := exec.CommandContext(t.Context(), "attache", "run", "--config", file)
	log, err := daemon.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var lines []string
	for scanner := bufio.NewScanner(log); scanner.Scan(); {
		lines = append(lines, scanner.Text())
		if m := finished.FindStringSubmatch(scanner.Text()); m != nil {
			seen[m[1]] = true
		}
		if len(seen) == len(room.Sources()) {
			break
		}
	}
	if len(seen) != len(room.Sources()) {
		t.Fatalf("the daemon ended after %d sources:\n%q", len(seen), lines)
	}
	if out, err := exec.CommandContext(t.Context(), "attache", "crawl", "--config", file).CombinedOutput(); err == nil || !regexp.MustCompile("another attache").Match(out) {
		t.Errorf("a second attache on the same folder: %v\n%s", err, out)
	}
	if err := daemon.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for scanner := bufio.NewScanner(log); scanner.Scan(); {
		lines = append(lines, scanner.Text())
	}
	if err := daemon.Wait(); err != nil {
		t.Fatalf("SIGTERM: %v\n%q", err, lines)
	}
	date := regexp.MustCompile(`drop_date=([\d-]+)`)
	parts, err := filepath.Glob(filepath.Join(objects(c), "v1/live/*/*"))
	if err != nil || len(parts) != len(room.Sources()) {
		t.Fatalf("%d live parts, want one a source: %v", len(parts), err)
	}
	if live := readLive(t, c.Data, date.FindStringSubmatch(parts[0])[1]); len(live) < 35 {
		t.Errorf("only %d records landed", len(live))
	}
}

var finished = regexp.MustCompile(`msg="the run is over" source=(\S+)`)
