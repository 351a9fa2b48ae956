package pipeline

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"attache/internal/store"
	"attache/seeds"
)

// small runs the worker on a disk of its own, of so many KiB, and copies what is on it
// to out when the worker has ended. The disk lives in namespaces that need no privileges.
const small = `
set -e
mount -t tmpfs -o size="$1"k tmpfs "$2"
cp "$3" "$2/errand.json"
set +e
"$4"
code=$?
cp -a "$2/." "$5"
exit $code`

// fileLimit is the nearest thing where such namespaces are forbidden: no file may
// become larger.
const fileLimit = `
ulimit -f "$1"
cp "$3" "$2/errand.json"
"$4"
code=$?
cp -a "$2/." "$5"
exit $code`

// TestAFullDiskLosesNothing fills the disk at different moments of a day's work: it
// fails aloud, and with room again everything lands once.
func TestAFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	full := 0
	t.Cleanup(func() {
		if full == 0 {
			t.Error("no disk was small enough to be full")
		}
	})
	for _, size := range []int{200, 300, 450, 700, 1000} {
		s := settings()
		s.Prefix = ""
		b := made(t, s)
		e := errand{
			Data: t.TempDir(), Now: edition, Room: room.Addr(), CA: room.CA(), Hosts: room.Hosts(), Sources: []string{"qk7", "vnanet", "vtcnews"},
			Endpoint: s.Endpoint, Bucket: s.Bucket, Region: s.Region, Access: service.AccessKey, Private: service.SecretKey,
		}
		out := t.TempDir()
		text, err := json.Marshal(e)
		must(t, err)
		told := filepath.Join(t.TempDir(), "errand.json")
		must(t, os.WriteFile(told, text, 0o600))
		args := []string{"unshare", "--user", "--map-root-user", "--mount", "sh", "-c", small}
		if exec.CommandContext(t.Context(), "unshare", "--user", "--map-root-user", "--mount", "true").Run() != nil {
			args = []string{"sh", "-c", fileLimit}
		}
		args = append(args, "sh", fmt.Sprint(size), e.Data, told, os.Args[0], out)
		c := exec.CommandContext(t.Context(), args[0], args[1:]...)
		c.Env = append(os.Environ(), envWorker+"="+filepath.Join(e.Data, "errand.json"))
		said, err := c.CombinedOutput()
		lines := strings.Split(strings.TrimSpace(string(said)), "\n")
		last := lines[len(lines)-1]
		t.Logf("%d KiB: %v, %s", size, err, last)
		if err != nil {
			full++
			if !strings.Contains(string(said), "full") && !strings.Contains(string(said), "no space left") && !strings.Contains(string(said), "too large") {
				t.Errorf("%d KiB: the error does not say what is wrong: %s", size, last)
			}
		}
		e.Data = out
		text, err = json.Marshal(e)
		must(t, err)
		must(t, os.WriteFile(told, text, 0o600))
		if m := new(moments); !m.work(t, told, 0) {
			t.Errorf("%d KiB: with room again the work did not come to its end", size)
		}
		all, err := sources(e.Sources...)
		must(t, err)
		complete(t, filepath.Join(out, "attache.db"), all)
		var want []string
		for _, src := range all {
			want = append(want, wanted(src)...)
		}
		slices.Sort(want)
		same(t, fmt.Sprint(size, " KiB: landed"), live(t, b, today), want)
	}
}

// complete holds the ledger of each source to: opened = ended.
func complete(t *testing.T, file string, all []*seeds.Source) {
	t.Helper()
	for _, src := range all {
		ledger(t, file, src)
	}
	st, err := store.Open(t.Context(), file, nil)
	must(t, err)
	must(t, st.Close())
}
