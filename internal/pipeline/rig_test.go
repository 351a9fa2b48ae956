package pipeline

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"attache/crawlers/transport"
	"attache/internal/article"
	"attache/internal/store"
	"attache/internal/topic"
	"attache/seeds"
	"attache/sinks"
)

// rig is a pipeline over real parts: store, publishers and S3.
type rig struct {
	*Pipeline
	store *store.Store // under whatever wraps it in Pipeline
	file  string       // of the store
	clock *clock
}

// clock is set by hand.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) step(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// today is the drop that is open when a test begins, tomorrow the one after it.
const today, tomorrow = "2026-11-21", "2026-11-22"

func newRig(t *testing.T, b *sinks.Bucket) *rig {
	t.Helper()
	dir := t.TempDir()
	r := &rig{file: filepath.Join(dir, "attache.db"), clock: &clock{t: edition}}
	var err error
	r.store, err = store.Open(t.Context(), r.file, r.clock.now)
	must(t, err)
	t.Cleanup(func() { must(t, r.store.Close()) })
	r.Pipeline, err = newPipeline(r.store, b, filepath.Join(dir, "spool"), r.clock.now)
	must(t, err)
	r.Transport = reach(t, room.Addr(), room.CA())
	must(t, r.store.Advance(t.Context(), today))
	return r
}

var decider = sync.OnceValues(func() (*topic.Decider, error) { return topic.New(topic.Options{}) })

// newPipeline lacks a transport only.
func newPipeline(s Store, b *sinks.Bucket, spool string, now func() time.Time) (*Pipeline, error) {
	d, err := decider()
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		return nil, err
	}
	all, err := loaded()
	if err != nil {
		return nil, err
	}
	return &Pipeline{
		Sources: all,
		Store:   s, Bucket: b, Spool: spool, Topic: d, Attempts: 5, KeepLive: 7 * 24 * time.Hour, Zone: zone, Producer: "attache test",
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: now,
	}, os.MkdirAll(spool, 0o755)
}

// reach is a transport that finds the publishers at address.
func reach(t *testing.T, address string, ca []byte, changes ...func(*transport.Options)) *transport.Transport {
	t.Helper()
	transport, err := newTransport(address, ca, room.Hosts(), changes...)
	must(t, err)
	t.Cleanup(transport.Close)
	return transport
}

func newTransport(address string, ca []byte, hosts []string, changes ...func(*transport.Options)) (*transport.Transport, error) {
	o := transport.Options{UserAgent: "attache-test/1", Timeout: 10 * time.Second, MaxBody: 8 << 20, RobotsFor: time.Hour, Resolve: map[string]string{}, Roots: x509.NewCertPool()}
	for _, host := range hosts {
		o.Resolve[host] = address
	}
	if !o.Roots.AppendCertsFromPEM(ca) {
		return nil, errors.New("no PEM certificate")
	}
	for _, change := range changes {
		change(&o)
	}
	return transport.New(o)
}

// loaded are the embedded seeds, which tests share.
var loaded = sync.OnceValues(func() ([]*seeds.Source, error) { return seeds.Load("") })

// sources are seeds to be visited without a pause; all when none is named. A test may set their fields.
func sources(ids ...string) (own []*seeds.Source, err error) {
	all, err := loaded()
	for _, s := range all {
		if len(ids) == 0 || slices.Contains(ids, s.ID) {
			s := *s
			s.Pace = seeds.Pace{}
			own = append(own, &s)
		}
	}
	return own, err
}

func source(t *testing.T, id string) *seeds.Source {
	t.Helper()
	all, err := sources(id)
	must(t, err)
	return all[0]
}

// run is Run of one source that must succeed.
func (r *rig) run(t *testing.T, id string) Report {
	t.Helper()
	report, err := r.Run(t.Context(), source(t, id))
	must(t, err)
	return report
}

// wanted are the articles a source ought to give: the stories about defence that
// answer and are young enough to be listed.
func wanted(src *seeds.Source) (ids []string) {
	for _, s := range room.Stories(src.ID) {
		if s.Defence && s.Answers == 0 && edition.Sub(s.Published) < time.Duration(src.Since) {
			ids = append(ids, article.ID(src.ID, s.NativeID))
		}
	}
	slices.Sort(ids)
	return ids
}

// live are the articles in the live parts of a day, sorted; one that landed twice
// is there twice.
func live(t *testing.T, b *sinks.Bucket, date string) []string {
	t.Helper()
	return articles(t, b, sinks.LivePrefix(date))
}

// sealed are the articles in a sealed drop, likewise.
func sealed(t *testing.T, b *sinks.Bucket, date string) []string {
	t.Helper()
	return articles(t, b, sinks.JSONLPrefix(date))
}

func articles(t *testing.T, b *sinks.Bucket, prefix string) (ids []string) {
	t.Helper()
	for _, record := range rows(t, b, prefix) {
		ids = append(ids, record.ArticleID)
	}
	slices.Sort(ids)
	return ids
}

// rows are the records in the objects below prefix.
func rows(t *testing.T, b *sinks.Bucket, prefix string) (records []article.Record) {
	t.Helper()
	objects, err := b.List(t.Context(), prefix)
	must(t, err)
	for _, o := range objects {
		body, err := b.Get(t.Context(), o.Key)
		must(t, err)
		for row, err := range sinks.ReadJSONL(body, 1<<20) {
			must(t, err)
			var record article.Record
			must(t, json.Unmarshal(row, &record))
			records = append(records, record)
		}
		must(t, body.Close())
	}
	return records
}

// same holds got to want, both sorted.
func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %d articles %q, want %d %q", what, len(got), got, len(want), want)
	}
}

// spool is what lies in the spool folder.
func (r *rig) spool(t *testing.T) []string {
	t.Helper()
	files, err := os.ReadDir(r.Spool)
	must(t, err)
	names := map[string]bool{}
	for _, f := range files {
		names[f.Name()] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// after makes the n-th call of f end the context.
func after(t *testing.T, n int) (ctx context.Context, f func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	return ctx, func() {
		if n--; n == 0 {
			cancel()
		}
	}
}
