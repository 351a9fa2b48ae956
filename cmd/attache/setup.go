package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"attache/config"
	"attache/crawlers"
	"attache/internal/pipeline"
	"attache/internal/store"
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

// parts are what a command works with; close lets go of them, last first.
type parts struct {
	config   config.Config
	sources  []*seeds.Source
	log      *slog.Logger
	store    *store.Store
	bucket   *sinks.Bucket
	pipeline *pipeline.Pipeline
	close    closers
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

// assemble opens what a run needs. What can be wrong without touching anything is
// looked at first. On an error everything is closed again.
func assemble(ctx context.Context, c config.Config) (_ *parts, err error) {
	p := &parts{config: c, log: logger(c.Log)}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close.all())
		}
	}()
	if p.sources, err = chosen(c); err != nil {
		return nil, err
	}
	decider, err := topic.New(topic.Options{Threshold: c.Topic.Threshold, Dir: c.Topic.Lexicons})
	if err != nil {
		return nil, err
	}
	transport, err := newTransport(c)
	if err != nil {
		return nil, err
	}
	p.close.add(func() error { transport.Close(); return nil })
	if err := p.open(ctx); err != nil {
		return nil, err
	}
	p.pipeline.Transport, p.pipeline.Topic = transport, decider
	return p, nil
}

// assembleLanding is assemble for work that asks no publisher anything.
func assembleLanding(ctx context.Context, c config.Config) (_ *parts, err error) {
	p := &parts{config: c, log: logger(c.Log)}
	if err := p.open(ctx); err != nil {
		return nil, errors.Join(err, p.close.all())
	}
	return p, nil
}

// open opens the store and the bucket, and makes the pipeline over them.
func (p *parts) open(ctx context.Context) (err error) {
	c := p.config
	if p.store, err = store.Open(ctx, c.StoreFile(), nil); err != nil {
		return err
	}
	p.close.add(p.store.Close)
	if p.bucket, err = openBucket(ctx, c, &p.close); err != nil {
		return err
	}
	p.pipeline = &pipeline.Pipeline{
		Store: p.store, Bucket: p.bucket, Spool: c.SpoolDir(), Attempts: c.Crawl.Attempts, Zone: c.Location(),
		Producer: "attache " + version, Log: p.log, Now: time.Now,
	}
	if err := os.MkdirAll(c.SpoolDir(), 0o755); err != nil {
		return err
	}
	return p.pipeline.Sweep(ctx)
}

// chosen gives the sources of the configuration, at the pace it sets.
func chosen(c config.Config) ([]*seeds.Source, error) {
	all, err := seeds.Load(c.Sources.Dir)
	if err != nil {
		return nil, err
	}
	if c.Crawl.Pace != nil {
		for _, s := range all {
			s.Pace = *c.Crawl.Pace
		}
	}
	return pick(all, c.Sources.Only)
}

// pick gives the named sources; all when none is named.
func pick(all []*seeds.Source, ids []string) ([]*seeds.Source, error) {
	if len(ids) == 0 {
		return all, nil
	}
	var picked []*seeds.Source
	for _, id := range ids {
		i := slices.IndexFunc(all, func(s *seeds.Source) bool { return s.ID == id })
		if i < 0 {
			return nil, fmt.Errorf("no source is called %q; the sources are %s", id, strings.Join(names(all), ", "))
		}
		picked = append(picked, all[i])
	}
	return picked, nil
}

func names(sources []*seeds.Source) (ids []string) {
	for _, s := range sources {
		ids = append(ids, s.ID)
	}
	return ids
}

func newTransport(c config.Config) (*crawlers.Transport, error) {
	if c.Crawl.Contact == "" && len(c.Network.Resolve) == 0 {
		return nil, errors.New("crawl.contact is not set: publishers must be able to reach whoever crawls them. Write a configuration file with\n\n    crawl: {contact: you@example.org}\n\nand name it by --config")
	}
	o := crawlers.Options{
		UserAgent: "attache/" + version + " (+" + c.Crawl.Contact + ")",
		Timeout:   time.Duration(c.Crawl.Timeout),
		MaxBody:   int64(c.Crawl.MaxPage),
		RobotsFor: time.Duration(c.Crawl.RobotsFor),
		Resolve:   c.Network.Resolve,
	}
	if c.Network.CAFile != "" {
		pem, err := os.ReadFile(c.Network.CAFile)
		if err != nil {
			return nil, fmt.Errorf("network.ca_file: %w", err)
		}
		if o.Roots, err = x509.SystemCertPool(); err != nil {
			o.Roots = x509.NewCertPool()
		}
		if !o.Roots.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("network.ca_file: %s holds no PEM certificate", c.Network.CAFile)
		}
	}
	return crawlers.NewTransport(o)
}

// embeddedBucket is the bucket's name in the embedded S3.
const embeddedBucket = "attache"

// objects is the folder whose files are the embedded bucket's objects.
func objects(c config.Config) string {
	return filepath.Join(c.S3Dir(), "objects", embeddedBucket, filepath.FromSlash(c.S3.Prefix))
}

// openBucket prepares the configured bucket, or starts the embedded S3.
func openBucket(ctx context.Context, c config.Config, closing *closers) (*sinks.Bucket, error) {
	s := sinks.Settings{Bucket: c.S3.Bucket, Prefix: c.S3.Prefix, Region: c.S3.Region, Endpoint: c.S3.Endpoint, PathStyle: c.S3.PathStyle, Checksum: c.S3.Checksum}
	if !c.S3.Embedded() {
		return sinks.Open(ctx, s)
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(c.S3Dir())
	if err != nil {
		return nil, err
	}
	server, err := embedded.Start(ctx, embedded.StartOptions{Command: []string{self, "s3", "--dir", dir}})
	if err != nil {
		return nil, err
	}
	closing.add(server.Close)
	s.Bucket, s.Region, s.Endpoint, s.PathStyle = embeddedBucket, server.Region, server.Endpoint, true
	s.Credentials = credentials.NewStaticCredentialsProvider(server.AccessKey, server.SecretKey, "")
	bucket, err := sinks.Open(ctx, s)
	if err != nil {
		return nil, err
	}
	return bucket, bucket.EnsureBucket(ctx)
}

func logger(l config.Log) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.Level)); err != nil {
		level = slog.LevelInfo
	}
	o := &slog.HandlerOptions{Level: level}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o))
}
