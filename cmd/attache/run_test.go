package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"attache/config"
)

// running is an attache run that the test reads the log of.
type running struct {
	*exec.Cmd
	t     *testing.T
	log   *bufio.Scanner
	lines []string
}

func daemonOver(t *testing.T, c config.Config, file string, env ...string) *running {
	t.Helper()
	text, err := c.YAML()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	r := &running{Cmd: exec.CommandContext(t.Context(), "attache", "run", "--config", file), t: t}
	r.Env = append(os.Environ(), env...)
	log, err := r.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	r.log = bufio.NewScanner(log)
	return r
}

// until reads the log until a line satisfies enough.
func (r *running) until(what string, enough func(line string) bool) {
	r.t.Helper()
	for r.log.Scan() {
		if r.lines = append(r.lines, r.log.Text()); enough(r.log.Text()) {
			return
		}
	}
	r.t.Fatalf("the daemon ended before %s:\n%q", what, r.lines)
}

func (r *running) says(words string) {
	r.t.Helper()
	r.until(words, func(line string) bool { return strings.Contains(line, words) })
}

// ends waits for the end of the log, and of the process.
func (r *running) ends() error {
	for r.log.Scan() {
		r.lines = append(r.lines, r.log.Text())
	}
	return r.Wait()
}

// manager hears what a service manager would.
func manager(t *testing.T) (address string, heard func() string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "systemd") //nolint:usetesting // a test's own folder may have too long a name for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	address = filepath.Join(dir, "notify")
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: address, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	var mu sync.Mutex
	var all strings.Builder
	go func() {
		for buffer := make([]byte, 4096); ; {
			n, err := l.Read(buffer)
			if err != nil {
				return
			}
			mu.Lock()
			all.Write(append(buffer[:n:n], '\n'))
			mu.Unlock()
		}
	}()
	return address, func() string {
		mu.Lock()
		defer mu.Unlock()
		return all.String()
	}
}

// TestDaemon starts the daemon, lets every source have its first run, asks it this and
// that, asks it to stop and looks at what it left: all landed, and a second start of
// another attache on the folder refused while it ran.
func TestDaemon(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	room, c, err := openRoom(filepath.Join(dir, "newsroom"))
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	c.Data, c.HTTP.Listen, c.Sources.Dir = filepath.Join(dir, "data"), "127.0.0.1:0", filepath.Join(dir, "own")
	if err := os.Mkdir(c.Sources.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "config.yaml")
	notify, heard := manager(t)
	daemon := daemonOver(t, c, file, "NOTIFY_SOCKET="+notify, "WATCHDOG_USEC=300000")

	address := ""
	seen := map[string]bool{}
	daemon.until("every source ran", func(line string) bool {
		if m := listens.FindStringSubmatch(line); m != nil {
			address = m[1]
		}
		if m := finished.FindStringSubmatch(line); m != nil {
			seen[m[1]] = true
		}
		return len(seen) == len(room.Sources())
	})
	attache := func(args ...string) (string, error) {
		out, err := exec.CommandContext(t.Context(), "attache", append(args, "--config", file)...).CombinedOutput()
		return string(out), err
	}
	for _, ask := range []struct {
		args, says string
		fails      bool
	}{
		{"crawl", "another attache", true},
		{"backfill --source vtcnews --from 2020-01-01 --to 2020-01-02", "stop it.*goes on when it is started again with the same days", true},
		{"sources pause vtcnews", "vtcnews is paused", false},
		{"schedule", "vtcnews .* paused since", false},
		{"sources run vtcnews --json", `"id":"vtcnews".*"paused":"20`, false},
		{"sources resume vtcnews", "vtcnews runs on its schedule", false},
		{"reload", "is in force", false},
		{"alarms", "no alarm", false},
		{"health --json", `"running":true,"problem":""`, false},
	} {
		if out, err := attache(strings.Fields(ask.args)...); (err != nil) != ask.fails || !regexp.MustCompile(ask.says).MatchString(out) {
			t.Errorf("attache %s: %v\n%s", ask.args, err, out)
		}
	}
	// While somebody mends a source, others can be paused.
	broken := filepath.Join(c.Sources.Dir, "broken.yaml")
	if err := os.WriteFile(broken, []byte("id: ["), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"pause", "resume"} {
		if out, err := attache("sources", what, "qk7"); err != nil {
			t.Errorf("%s beside a broken file: %v\n%s", what, err, out)
		}
	}
	if err := os.Remove(broken); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/healthz": `"status":"ok"`, "/readyz": `"ready":true`, "/api/v1/status": `"why":"request"`, "/metrics": "attache_config_last_reload_successful 1", "/api/v1/alarms": `"webhook":"none"`} {
		resp, err := http.Get("http://" + address + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if _ = resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(body), want) {
			t.Errorf("%s: %s %s, %v", path, resp.Status, body, err)
		}
	}
	// A wrong configuration is refused, and nothing stops.
	if err := errors.Join(os.WriteFile(file, []byte("data: elsewhere\n"), 0o600), daemon.Process.Signal(syscall.SIGHUP)); err != nil {
		t.Fatal(err)
	}
	daemon.says("the old one stays in force")
	if line := daemon.lines[len(daemon.lines)-1]; !strings.Contains(line, "crawl.contact") {
		t.Errorf("it does not say why: %s", line)
	}
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(heard(), "WATCHDOG=1") && time.Now().Before(deadline); {
		<-time.After(10 * time.Millisecond)
	}
	if err := daemon.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := daemon.ends(); err != nil {
		t.Fatalf("SIGTERM: %v\n%q", err, daemon.lines)
	}
	last := 0
	for _, state := range []string{"READY=1", "RELOADING=1\nMONOTONIC_USEC=", "READY=1", "STOPPING=1"} { // and WATCHDOG=1 now and then
		at := strings.Index(heard()[last:], state)
		if at < 0 {
			t.Errorf("systemd does not hear %q in its turn:\n%s", state, heard())
			break
		}
		last += at
	}
	if _, err := os.Stat(filepath.Join(c.Data, "attache.sock")); err == nil {
		t.Error("its socket stays")
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

// TestTheSecondSignalEndsAtOnce: an S3 that hangs keeps the daemon for as long as it is
// patient, and no longer.
func TestTheSecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	room, c, err := openRoom(filepath.Join(dir, "newsroom"))
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	asked, over := make(chan struct{}, 1), make(chan struct{})
	s3 := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			select {
			case asked <- struct{}{}:
			default:
			}
		}
		select {
		case <-r.Context().Done():
		case <-over:
		}
	}))
	defer s3.Close()
	defer close(over)
	c.Data, c.HTTP.Listen, c.Sources.Only = filepath.Join(dir, "data"), "", []string{"qk7"}
	c.S3 = config.S3{Bucket: "news", Region: "us-east-1", Endpoint: s3.URL, PathStyle: true, Checksum: "when_supported"}
	daemon := daemonOver(t, c, filepath.Join(dir, "config.yaml"), "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b")
	select {
	case <-asked:
	case <-time.After(30 * time.Second):
		t.Fatal("nothing was landed")
	}
	if err := daemon.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	daemon.says("attache stops")
	began := time.Now()
	ended := make(chan error, 1)
	go func() { ended <- daemon.ends() }()
	for again := time.NewTicker(100 * time.Millisecond); ; {
		select {
		case err := <-ended:
			if took := time.Since(began); took > 10*time.Second || err == nil || !strings.Contains(err.Error(), "signal: terminated") {
				t.Errorf("it ended after %s, by %v", took, err)
			}
			return
		case <-again.C:
			_ = daemon.Process.Signal(syscall.SIGTERM) // it may have ended
		}
	}
}

var (
	finished = regexp.MustCompile(`"msg":"the run is over","source":"([^"]+)"`)
	listens  = regexp.MustCompile(`"msg":"answers operators","address":"([^"]+)"`)
)
