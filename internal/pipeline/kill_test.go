package pipeline

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"attache/internal/store"
	"attache/seeds"
	"attache/sinks"
)

// errand is what the worker is told, in a file: where everything is.
type errand struct {
	Data, Room              string
	CA                      []byte
	Hosts, Sources          []string
	Endpoint, Bucket        string
	Region, Access, Private string
}

// errandSources are enough for runs side by side, and few enough to be quick.
var errandSources = []string{"qk7", "vietnamplus-zh", "vnanet", "vtcnews"}

const done = "done"

// worker does a day's work as the daemon does it: every source, then the seal. It
// says each step, and in the end that it is done.
func worker(ctx context.Context, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var e errand
	if err := json.Unmarshal(text, &e); err != nil {
		return err
	}
	now := func() time.Time { return edition }
	s, err := store.Open(ctx, filepath.Join(e.Data, "attache.db"), now)
	if err != nil {
		return err
	}
	defer s.Close()
	b, err := sinks.Open(ctx, sinks.Settings{
		Bucket: e.Bucket, Endpoint: e.Endpoint, PathStyle: true, Region: e.Region,
		Credentials: credentials.NewStaticCredentialsProvider(e.Access, e.Private, ""),
	})
	if err != nil {
		return err
	}
	say := func(op, about string) error {
		_, err := fmt.Println(strings.TrimSpace(op + " " + about)) //nolint:forbidigo // its parent listens
		return err
	}
	p, err := newPipeline(hooked{Store: s, before: say, after: say}, b, filepath.Join(e.Data, "spool"), now)
	if err != nil {
		return err
	}
	if p.Transport, err = newTransport(e.Room, e.CA, e.Hosts); err != nil {
		return err
	}
	if err := p.Sweep(ctx); err != nil {
		return err
	}
	if err := p.Store.Advance(ctx, today); err != nil {
		return err
	}
	all, err := sources(e.Sources...)
	if err != nil {
		return err
	}
	errs := make([]error, len(all))
	var wg sync.WaitGroup
	for n, src := range all {
		wg.Go(func() { _, errs[n] = p.Run(ctx, src) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	if _, err := p.Seal(ctx, tomorrow); err != nil {
		return err
	}
	return say(done, "")
}

// work starts the worker, kills it when it has said so many lines, and gives the
// last thing it said.
func work(t *testing.T, file string, lines int) (last string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0])
	c.Env = append(os.Environ(), envWorker+"="+file)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.StdoutPipe()
	must(t, err)
	must(t, c.Start())
	said := bufio.NewScanner(out)
	for n := 1; said.Scan(); n++ {
		last = said.Text()
		if n == lines {
			must(t, c.Process.Kill())
			break
		}
	}
	for said.Scan() { // what it said while it was dying
		last = said.Text()
	}
	if err := c.Wait(); err != nil && stderr.Len() > 0 {
		t.Fatalf("the worker failed: %v\n%s", err, stderr.String())
	}
	return last
}

// TestKilledAtAnyMoment kills the work as no process can prepare for, again and
// again, and then lets it finish.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	const kills = 15
	s := settings()
	s.Prefix = ""
	b := made(t, s)
	e := errand{
		Data: t.TempDir(), Room: room.Addr(), CA: room.CA(), Hosts: room.Hosts(), Sources: errandSources,
		Endpoint: s.Endpoint, Bucket: s.Bucket, Region: s.Region, Access: service.AccessKey, Private: service.SecretKey,
	}
	text, err := json.Marshal(e)
	must(t, err)
	file := filepath.Join(e.Data, "errand.json")
	must(t, os.WriteFile(file, text, 0o600))

	seed := uint64(time.Now().UnixNano())
	t.Logf("moments drawn with seed %d", seed)
	moments := rand.New(rand.NewPCG(seed, 0))
	for range kills {
		t.Logf("killed after %q", work(t, file, 1+moments.IntN(45)))
	}
	if last := work(t, file, -1); last != done {
		t.Fatalf("the last one ended with %q", last)
	}

	all, err := sources(errandSources...)
	must(t, err)
	var want []string
	for _, src := range all {
		want = append(want, wanted(src)...)
		ledger(t, filepath.Join(e.Data, "attache.db"), src)
	}
	slices.Sort(want)
	same(t, "sealed", sealed(t, b, today), want)
	same(t, "live", live(t, b, today), want)
	noTraces(t, b, e.Data, all)
}

// noTraces holds the bucket to one whole drop and the spool to nothing.
func noTraces(t *testing.T, b *sinks.Bucket, data string, all []*seeds.Source) {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(data, "attache.db"), nil)
	must(t, err)
	defer st.Close()
	oneDrop(t, &rig{Pipeline: &Pipeline{Store: st, Bucket: b, Spool: filepath.Join(data, "spool")}, store: st})
	waiting, err := st.Frozen(t.Context())
	if len(waiting) != 0 || err != nil {
		t.Errorf("batches wait: %+v, %v", waiting, err)
	}
	for _, src := range all {
		if todo, err := st.Todo(t.Context(), src.ID, false); len(todo) != 0 || err != nil {
			t.Errorf("%s: to do %+v, %v", src.ID, todo, err)
		}
	}
}
