package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"attache/sinks"
)

// dropCmd works on daily drops.
type dropCmd struct {
	Seal   dropSealCmd   `cmd:"" help:"Close the days that are over and seal them."`
	List   dropListCmd   `cmd:"" help:"List the sealed drops."`
	Show   dropShowCmd   `cmd:"" help:"Show what a sealed drop holds, and what it misses."`
	Verify dropVerifyCmd `cmd:"" help:"Read sealed drops and hold every byte and number to their manifests."`
	Repair dropRepairCmd `cmd:"" help:"Make a damaged drop whole again, as its next revision."`
	Redact dropRedactCmd `cmd:"" help:"Take an article down: its text goes everywhere, a tombstone with the reason stays."`
}

// bucket opens the configured bucket for reading; an embedded one must be there.
func (s settings) bucket(ctx context.Context) (_ *sinks.Bucket, done func() error, err error) {
	c, err := s.load()
	if err != nil {
		return nil, nil, err
	}
	if _, err := os.Stat(c.S3Dir()); c.S3.Embedded() && err != nil {
		return nil, nil, fmt.Errorf("%s holds no embedded S3: name the folder attache works in by --data, or a configuration file by --config", c.Data)
	}
	var closing closers
	bucket, _, err := openBucket(ctx, c, &closing, nil)
	if err != nil {
		return nil, nil, errors.Join(err, closing.all())
	}
	return bucket, closing.all, nil
}

// landing opens what work on drops needs beside the bucket: the store, and with it the
// data folder as a whole.
func (s settings) landing(ctx context.Context) (*parts, error) {
	c, err := s.load()
	if err != nil {
		return nil, err
	}
	if err := worked(c); err != nil {
		return nil, err
	}
	return assembleLanding(ctx, c)
}

var errNoDrop = errors.New("no drop is sealed here yet; \"attache drop seal\" seals the days that are over")
