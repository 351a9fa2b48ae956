package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"attache/sinks"
)

// What this test binary is when it is started as a child.
const (
	envRole    = "ATTACHE_TEST_ROLE"
	envRoot    = "ATTACHE_TEST_ROOT"
	envControl = "ATTACHE_TEST_CONTROL"
)

func TestMain(m *testing.M) {
	o := ServeOptions{Root: os.Getenv(envRoot), Control: os.Getenv(envControl)}
	switch role := os.Getenv(envRole); role {
	case "sidecar", "serve", "unsynced":
		o.sidecar = role == "sidecar"
		if role == "unsynced" { // on a disk that does not take the bytes
			o.sync = func(*os.File) error { return syscall.EIO }
		}
		if err := Serve(context.Background(), o, os.Stdout, os.Stdin); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case "mute": // never ready, deaf to the end of its input
		signals := make(chan struct{})
		fmt.Fprintln(os.Stderr, "thinking")
		<-signals
	case "parent": // starts a child, says where it is, and waits to be killed
		s, err := Start(context.Background(), StartOptions{Command: []string{os.Args[0]}, Env: []string{envRole + "=serve"}})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		_, _ = fmt.Fprintln(os.Stdout, s.Endpoint)
		select {}
	default:
		os.Exit(m.Run())
	}
}

// child is how to start a child of that role over a folder.
func child(role, dir string) StartOptions {
	return StartOptions{
		Command: []string{os.Args[0]},
		Env:     []string{envRole + "=" + role, envRoot + "=" + filepath.Join(dir, "objects"), envControl + "=" + filepath.Join(dir, "control")},
		Ready:   time.Minute,
	}
}

func start(t *testing.T, o StartOptions) *Server {
	t.Helper()
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// bucket speaks to a child as the rest of attache does.
func bucket(t *testing.T, s *Server) *sinks.Bucket {
	t.Helper()
	b, err := sinks.Open(t.Context(), sinks.Settings{
		Bucket: "drops", Region: s.Region, Endpoint: s.Endpoint, PathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(s.AccessKey, s.SecretKey, ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.EnsureBucket(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestObjectsArePlainFilesAndSurviveARestart(t *testing.T) {
	t.Parallel()
	for _, role := range []string{"serve", "sidecar"} {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			first := start(t, child(role, dir))
			if _, err := bucket(t, first).PutBytes(t.Context(), "v1/a/b.txt", []byte("kept"), "text/plain"); err != nil {
				t.Fatal(err)
			}
			if got, err := os.ReadFile(filepath.Join(dir, "objects", "drops", "v1", "a", "b.txt")); string(got) != "kept" {
				t.Errorf("on disk: %q, %v", got, err)
			}
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
			if err := first.Close(); err != nil {
				t.Errorf("closed again: %v", err)
			}

			second := start(t, child(role, dir))
			if second.SecretKey == first.SecretKey || second.AccessKey == first.AccessKey {
				t.Error("the credentials are those of the last start")
			}
			b := bucket(t, second)
			if got, err := b.PutBytes(t.Context(), "v1/a/b.txt", []byte("kept"), "text/plain"); err != nil || !got.Already {
				t.Errorf("put of what is there: %+v, %v", got, err)
			}
			if _, err := b.Advance(t.Context(), "v1/_latest.json", []byte("1"), func([]byte) bool { return true }); err != nil {
				t.Error(err)
			}
			if _, err := b.Advance(t.Context(), "v1/_latest.json", []byte("2"), func([]byte) bool { return true }); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestNoNameBeforeTheBytesAreSafe: an object whose bytes cannot be synced is refused, and
// nothing stands under its name.
func TestNoNameBeforeTheBytesAreSafe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := bucket(t, start(t, child("unsynced", dir)))
	if _, err := b.PutBytes(t.Context(), "v1/a.txt", []byte("kept"), "text/plain"); err == nil {
		t.Error("an object was acknowledged whose bytes are not on the disk")
	}
	if left, err := filepath.Glob(filepath.Join(dir, "objects", "drops", "v1", "*")); len(left) != 0 || err != nil {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

func TestChildIgnoresTheSignalsOfItsGroup(t *testing.T) {
	t.Parallel()
	s := start(t, child("serve", t.TempDir()))
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		if err := s.cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := bucket(t, s).PutBytes(t.Context(), "last", []byte("row"), "text/plain"); err != nil {
		t.Error(err)
	}
	if err := s.Err(); err != nil {
		t.Error(err)
	}
}

func TestDeathOfTheChildIsNoticed(t *testing.T) {
	t.Parallel()
	s := start(t, child("serve", t.TempDir()))
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-s.Done()
	if err := s.Err(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestChildEndsWithAKilledParent(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	parent := exec.CommandContext(t.Context(), os.Args[0])
	parent.Env = append(os.Environ(), envRole+"=parent", envRoot+"="+filepath.Join(dir, "objects"), envControl+"="+filepath.Join(dir, "control"))
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	var endpoint string
	if _, err := fmt.Fscanln(out, &endpoint); err != nil {
		t.Fatal(err)
	}
	addr := strings.TrimPrefix(endpoint, "http://")
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatalf("the child of %q is not there: %v", endpoint, err)
	}
	defer func() { _ = conn.Close() }()

	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, io.EOF) && !strings.Contains(err.Error(), "reset") {
		t.Fatalf("the child outlives its parent: %v", err)
	}
	if c, err := net.Dial("tcp", addr); err == nil {
		_ = c.Close()
		t.Error("the child still listens")
	}
}

func TestStartSaysWhatWentWrong(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	beside := child("serve", dir)
	beside.Env = append(beside.Env, envControl+"="+filepath.Join(dir, "objects-control"))
	relative := child("serve", dir)
	relative.Env = append(relative.Env, envRoot+"=objects")
	mute := child("mute", dir)
	mute.Ready = 100 * time.Millisecond
	for name, c := range map[string]struct {
		o    StartOptions
		says string
	}{
		"no command":     {StartOptions{}, "no command"},
		"no such binary": {StartOptions{Command: []string{filepath.Join(dir, "nothing")}}, "no such file"},
		"beside":         {beside, "choose another"},
		"relative":       {relative, "must be absolute"},
		"too slow":       {mute, "no answer in time"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := Start(t.Context(), c.o); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Error(err)
			}
		})
	}
}

func TestServeWantsCredentials(t *testing.T) {
	t.Parallel()
	err := Serve(t.Context(), ServeOptions{Root: t.TempDir(), Control: t.TempDir()}, io.Discard, strings.NewReader(""))
	if err == nil || !strings.Contains(err.Error(), EnvAccess) {
		t.Error(err)
	}
}

func TestCloseKillsWhatDoesNotListen(t *testing.T) {
	t.Parallel()
	o := child("mute", t.TempDir())
	o.Command = []string{"/bin/sh", "-c", "echo ready http://127.0.0.1:1; trap '' HUP; exec sleep 600"}
	o.Grace = 50 * time.Millisecond
	s := start(t, o)
	if err := s.Close(); err == nil || !strings.Contains(err.Error(), "was killed") {
		t.Error(err)
	}
}
