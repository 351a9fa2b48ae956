package pipeline

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"attache/crawlers/transport"
	"attache/internal/capture"
	"attache/internal/disk"
	"attache/internal/store"
	"attache/sinks"
)

// errand is what the worker is told, in a file: where everything is.
type errand struct {
	Data, Room              string
	Now                     time.Time // the worker's clock stands there
	CA                      []byte
	Hosts, Sources          []string
	Again                   []time.Duration // ages at which articles are looked at again
	Endpoint, Bucket        string
	Region, Access, Private string
	S3                      string // folder of an S3 that is embedded; empty for one that is not
}

// What the worker says of a step that is behind it begins with did, and its last word is done.
const did, done = "did-", "done"

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
	now := func() time.Time { return e.Now }
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
	did := func(op, about string) error { return say(did+op, about) }
	p, err := newPipeline(hooked{Store: s, before: say, after: did}, b, filepath.Join(e.Data, "spool"), now)
	if err != nil {
		return err
	}
	if e.S3 != "" {
		p.Embedded, p.Settle = true, func() error { return disk.Sync(e.S3) }
	}
	if p.Captures, err = capture.Open(filepath.Join(e.Data, "raw"), capture.Options{Producer: "attache test"}); err != nil {
		return err
	}
	defer p.Captures.Close()
	p.Revisits = Revisits{After: e.Again, NearMiss: 0.2, Confirm: 6 * time.Hour}
	if p.Transport, err = newTransport(e.Room, e.CA, e.Hosts, func(o *transport.Options) { o.Recorder = p.Captures }); err != nil {
		return err
	}
	if err := p.Sweep(ctx); err != nil {
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
	if _, err := p.Seal(ctx, p.DropDate(now())); err != nil {
		return err
	}
	return say(done, "")
}

// moments counts what happens inside and around the worker, and kills it at one.
type moments struct {
	mu   sync.Mutex
	n    int
	at   int // 0: never
	kill func() error
	last string
}

func (m *moments) arm(at int, kill func() error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.n, m.at, m.kill, m.last = 0, at, kill, ""
}

// pass is called at every moment; the process is gone when it returns from the one drawn.
func (m *moments) pass(what string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.n++; m.n == m.at {
		m.last = what
		_ = m.kill() // it may have ended by itself just now
	}
}

// work starts the worker, kills it at the moment drawn (0: never), and says whether
// it came to its end.
func (m *moments) work(t *testing.T, file string, at int) bool {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0])
	c.Env = append(os.Environ(), envWorker+"="+file)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.StdoutPipe()
	must(t, err)
	must(t, c.Start())
	m.arm(at, c.Process.Kill)
	last := ""
	for said := bufio.NewScanner(out); said.Scan(); {
		last = said.Text()
		m.pass(last)
	}
	if err := c.Wait(); err != nil && stderr.Len() > 0 {
		t.Fatalf("the worker failed: %v\n%s", err, stderr.String())
	}
	return last == done
}

// watched is the bucket's endpoint by way of a proxy that passes a moment before each
// request is forwarded and one when its answer is there and not yet given.
func (m *moments) watched(t *testing.T, endpoint string) string {
	t.Helper()
	target, err := url.Parse(endpoint)
	must(t, err)
	pass := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host // it is signed
			m.pass("before " + r.In.Method + " " + r.In.URL.Path)
		},
		ModifyResponse: func(r *http.Response) error {
			m.pass("answered " + r.Request.Method + " " + r.Request.URL.Path)
			return nil
		},
		ErrorLog: log.New(io.Discard, "", 0),
	}
	server := httptest.NewServer(pass)
	t.Cleanup(server.Close)
	return server.URL
}
