package capture

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"attache/internal/warc"
)

// childDir is where the child process of [TestKilled] writes.
const childDir = "ATTACHE_TEST_CAPTURE_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(m.Run())
}

// child records until it is killed, and says what is safe.
func child(dir string) int {
	s, err := Open(dir, Options{SegmentBytes: 50_000})
	for n := 0; err == nil; n++ {
		var ref warc.Ref
		ref, err = s.Record("vtcnews", page(n))
		if err == nil {
			err = s.Sync("vtcnews")
		}
		if err == nil {
			_, err = fmt.Fprintln(os.Stdout, n, ref.Segment, ref.Offset)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// TestKilled: what was synced is there, whenever the process ends.
func TestKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	safe := make(map[int]warc.Ref)
	for round := range 3 {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), childDir+"="+dir)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for said := 0; lines.Scan(); said++ {
			if said == 100+37*round {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
			var n int
			var ref warc.Ref
			if _, err := fmt.Sscan(lines.Text(), &n, &ref.Segment, &ref.Offset); err != nil {
				break // the last line may be torn
			}
			safe[round*1_000_000+n] = ref
		}
		if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
			t.Fatalf("the child ended otherwise: %v", err)
		}
	}
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(safe) < 300 {
		t.Errorf("only %d captures", len(safe))
	}
	for n, ref := range safe {
		holds(t, s, ref, n%1_000_000)
	}
	if len(closedNow(t, s)) == 0 {
		t.Error("nothing is closed")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
