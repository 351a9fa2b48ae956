package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"attache/config"
	"attache/crawlers/transport"
	"attache/internal/capture"
	"attache/internal/daemon"
	"attache/internal/disk"
	"attache/internal/metrics"
	"attache/internal/pipeline"
	"attache/internal/schedule"
	"attache/internal/store"
	"attache/internal/terminal"
	"attache/internal/topic"
	"attache/seeds"
	"attache/sinks"
	"attache/sinks/embedded"
)

// settings are the flags every command that reads the configuration has.
type settings struct {
	ConfigFile string `name:"config" short:"c" type:"path" placeholder:"FILE" env:"ATTACHE_CONFIG" help:"Configuration file (YAML)."`
	Data       string `type:"path" placeholder:"DIR" help:"Folder for the store, the spool and the embedded S3."`
}

func (s settings) load() (config.Config, error) {
	c, err := config.Load(s.ConfigFile)
	if s.Data != "" {
		c.Data = s.Data
	}
	return c, err
}

// loadSources is load, and every source there is.
func (s settings) loadSources() (config.Config, []*seeds.Source, error) {
	c, err := s.load()
	if err != nil {
		return c, nil, err
	}
	sources, err := seeds.Load(c.Sources.Dir)
	return c, sources, err
}

// parts are what a command works with; close lets go of them, last first.
type parts struct {
	config   config.Config
	sources  []*seeds.Source // that are chosen
	known    []*seeds.Source // all
	screen   *terminal.Screen
	log      *slog.Logger
	store    *store.Store
	bucket   *sinks.Bucket
	s3       *embedded.Server // nil when the bucket is elsewhere
	pipeline *pipeline.Pipeline
	metrics  *metrics.Metrics // of what p does; nil in a trial
	daemon   *daemon.Daemon   // nil in commands that end by themselves
	clock    schedule.Clock
	pause    time.Duration // see sinks.Settings
	close    closers
	warned   atomic.Int64 // when little room was last spoken of, Unix seconds
}

type closers []func() error

func (c *closers) add(f func() error) { *c = append(*c, f) }

func (c *closers) all() error {
	var err error
	for _, f := range slices.Backward(*c) {
		err = errors.Join(err, f())
	}
	*c = nil
	return err
}

func newParts(c config.Config) *parts {
	screen := terminal.NewScreen(os.Stderr)
	return &parts{config: c, screen: screen, log: logger(c.Log, screen), clock: schedule.Wall{}}
}

// assemble opens what a run needs; for a trial, a copy of it that leaves no trace.
// What can be wrong without touching anything is looked at first. On an error
// everything is closed again.
func assemble(ctx context.Context, c config.Config, trial bool) (*parts, error) {
	p := newParts(c)
	if err := p.assemble(ctx, trial); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *parts) assemble(ctx context.Context, trial bool) (err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close.all())
		}
	}()
	decider, err := p.choose()
	if err != nil {
		return err
	}
	options, err := transportOptions(p.config)
	if err != nil {
		return err
	}
	if trial {
		err = p.openTrial(ctx)
	} else {
		err = p.open(ctx)
	}
	if err != nil {
		return err
	}
	if err := p.connect(options); err != nil {
		return err
	}
	p.close.add(func() error { p.pipeline.Transport.Close(); return nil })
	p.pipeline.Topic, p.pipeline.Sources = decider, p.known
	return nil
}

// connect gives the pipeline its transport.
func (p *parts) connect(o transport.Options) (err error) {
	o.Now, o.Hosts, o.Observe = p.clock.Now, pipeline.Hosts{Store: p.store}, p.pipeline.Traffic.Observe
	if p.metrics != nil {
		o.Observe = func(seen transport.Observation) {
			p.pipeline.Traffic.Observe(seen)
			p.metrics.Observe(seen)
		}
	}
	if p.config.Capture.Keep && p.pipeline.Captures != nil {
		o.Recorder = p.pipeline.Captures
	}
	p.pipeline.Transport, err = transport.New(o)
	return err
}

// choose loads the sources and what decides about their articles.
func (p *parts) choose() (_ *topic.Decider, err error) {
	if p.sources, err = chosen(p.config); err != nil {
		return nil, err
	}
	if p.known, err = seeds.Load(p.config.Sources.Dir); err != nil {
		return nil, err
	}
	return topic.New(topic.Options{Threshold: p.config.Topic.Threshold, Dir: p.config.Topic.Lexicons})
}

// assembleReading is assemble for work on pages that were fetched before.
func assembleReading(ctx context.Context, c config.Config) (_ *parts, err error) {
	p := newParts(c)
	decider, err := p.choose()
	if err != nil {
		return nil, err
	}
	if err := p.open(ctx); err != nil {
		return nil, errors.Join(err, p.close.all())
	}
	p.pipeline.Topic, p.pipeline.Sources = decider, p.known
	return p, nil
}

// assembleLanding is assemble for work that asks no publisher anything.
func assembleLanding(ctx context.Context, c config.Config) (_ *parts, err error) {
	p := newParts(c)
	if p.known, err = seeds.Load(c.Sources.Dir); err != nil { // for their names in reports
		return nil, err
	}
	if err := p.open(ctx); err != nil {
		return nil, errors.Join(err, p.close.all())
	}
	p.pipeline.Sources = p.known
	return p, nil
}

// open opens the store and the bucket, and makes the pipeline over them.
func (p *parts) open(ctx context.Context) (err error) {
	c := p.config
	if p.store, err = store.Open(ctx, c.StoreFile(), p.clock.Now); err != nil {
		return err
	}
	p.close.add(p.store.Close)
	if m := p.store.Migrated(); m.Copy != "" {
		p.log.Info("the store was of an older attache and was brought up to date", "from", m.From, "to", m.To, "copy", m.Copy)
	}
	p.measure()
	if p.bucket, p.s3, err = openBucket(ctx, c, &p.close, func(s *sinks.Settings) { s.Observe, s.Pause = p.metrics.S3, p.pause }); err != nil {
		return err
	}
	p.join()
	p.pipeline.Room = p.room
	if p.s3 != nil {
		p.pipeline.Embedded = true
		p.pipeline.Settle = func() error { return disk.Sync(c.S3Dir()) }
	}
	if _, wall := p.clock.(schedule.Wall); wall && p.s3 == nil {
		p.pipeline.Ahead = p.bucket.Ahead
	}
	// Also when none are kept any more: those that are here still have to land.
	captures, err := capture.Open(c.CaptureDir(), capture.Options{SegmentBytes: int64(c.Capture.Segment), SegmentAge: time.Duration(c.Capture.Age), Producer: "attache " + version, Now: p.clock.Now})
	if err != nil {
		return fmt.Errorf("captures: %w", err)
	}
	p.close.add(captures.Close)
	p.pipeline.Captures = captures
	if err := os.MkdirAll(c.SpoolDir(), 0o755); err != nil {
		return err
	}
	return p.pipeline.Sweep(ctx)
}

// join makes the pipeline over the store and the bucket.
func (p *parts) join() {
	p.pipeline = &pipeline.Pipeline{
		Store: p.store, Bucket: p.bucket, Spool: p.config.SpoolDir(),
		Traffic: new(pipeline.Counter), Zone: p.config.Location(), Producer: "attache " + version, Log: p.log, Now: p.clock.Now,
	}
	p.set()
}

// set gives the pipeline what may differ from one configuration to the next.
func (p *parts) set() {
	c := p.config
	p.pipeline.Attempts, p.pipeline.Longest, p.pipeline.MaxPage = c.Crawl.Attempts, time.Duration(c.Crawl.Longest), int64(c.Crawl.MaxPage)
	p.pipeline.KeepLive = time.Duration(c.Seal.KeepLive)
	p.pipeline.Revisits = pipeline.Revisits{NearMiss: c.Revisit.NearMiss, Confirm: time.Duration(c.Revisit.Confirm)}
	for _, age := range c.Revisit.After {
		p.pipeline.Revisits.After = append(p.pipeline.Revisits.After, time.Duration(age))
	}
}

// errNoRoom is a run that did not begin, for want of room on the disk.
var errNoRoom = errors.New("nothing is taken in until there is more")

// room is an error when the disk is too full to take more in. Little room is said
// once every ten minutes.
func (p *parts) room() error {
	dir, limits := p.config.Data, p.config.Disk
	free, err := disk.Free(dir)
	switch {
	case err != nil:
		return err
	case free < int64(limits.Stop):
		return fmt.Errorf("only %s are free for %s, less than disk.stop (%s): %w. What waits for S3 lands when S3 answers; make room, or lower disk.stop", megabytes(free), dir, megabytes(int64(limits.Stop)), errNoRoom)
	case free < int64(limits.Warn):
		if last := p.warned.Load(); time.Since(time.Unix(last, 0)) > 10*time.Minute && p.warned.CompareAndSwap(last, time.Now().Unix()) {
			p.log.Warn("the disk is getting full", "free", megabytes(free), "data", dir, "runs_stop_below", megabytes(int64(limits.Stop)))
		}
	}
	return nil
}

func megabytes(n int64) string { return fmt.Sprintf("%d MiB", n>>20) }

// openTrial opens a copy of the store, which goes when the command ends, and no
// bucket: the run sees what is known, works beside a daemon and leaves no trace.
func (p *parts) openTrial(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "attache-dry-run-")
	if err != nil {
		return err
	}
	p.close.add(func() error { return os.RemoveAll(dir) })
	file := filepath.Join(dir, "attache.db")
	v, err := store.View(p.config.StoreFile())
	if err == nil {
		err = errors.Join(v.Fork(ctx, file), v.Close())
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if p.store, err = store.Open(ctx, file, nil); err != nil {
		return err
	}
	p.close.add(p.store.Close)
	p.join()
	return nil
}
