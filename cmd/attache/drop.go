package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"attache/internal/pipeline"
	"attache/sinks"
)

// dropCmd works on daily drops.
type dropCmd struct {
	Seal   dropSealCmd   `cmd:"" help:"Close the days that are over and seal them."`
	List   dropListCmd   `cmd:"" help:"List the sealed drops."`
	Verify dropVerifyCmd `cmd:"" help:"Read sealed drops from S3 and hash every file again."`
}

type dropSealCmd struct {
	settings
	Now bool `help:"Also the day that is still open; what comes later today goes into tomorrow's drop."`
}

func (c *dropSealCmd) Run(ctx context.Context) (err error) {
	settings, err := c.load()
	if err != nil {
		return err
	}
	p, err := assembleLanding(ctx, settings)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close.all()) }()
	next := time.Now()
	if c.Now {
		next = next.AddDate(0, 0, 1)
	}
	sealed, err := p.pipeline.Seal(ctx, p.pipeline.DropDate(next))
	for _, m := range sealed {
		fmt.Printf("sealed %s: %d rows in %d files\n", m.DropDate, m.Rows, len(m.Files))
	}
	if len(sealed) == 0 && err == nil {
		fmt.Println("nothing to seal: every closed day is sealed already")
	}
	return err
}

type dropListCmd struct {
	settings
	JSON bool `name:"json" help:"Print the manifests as JSON."`
}

// Run needs the bucket only, so it works beside a running daemon.
func (c *dropListCmd) Run(ctx context.Context) (err error) {
	bucket, done, err := c.bucket(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	dates, err := sinks.Sealed(ctx, bucket)
	if err != nil {
		return err
	}
	manifests := []sinks.Manifest{}
	for _, date := range dates {
		m, err := sinks.ReadManifest(ctx, bucket, date)
		if err != nil {
			return err
		}
		manifests = append(manifests, m)
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(manifests)
	}
	if len(manifests) == 0 {
		return errNoDrop
	}
	t := newTable(os.Stdout)
	t.AppendHeader(table.Row{"drop", "rev", "rows", "sources", "attache ran", "sealed"})
	for _, m := range manifests {
		ran := "yes"
		if !m.Running {
			ran = "no"
		}
		t.AppendRow(table.Row{m.DropDate, m.Rev, m.Rows, len(m.Sources), ran, m.SealedAt.Format(time.RFC3339)})
	}
	t.Render()
	return nil
}

type dropVerifyCmd struct {
	settings
	Date []string `arg:"" optional:"" help:"Days to verify, such as 2026-11-21; all sealed days when none is named."`
	JSON bool     `name:"json" help:"Print JSON."`
}

// Run needs the bucket only, so it works beside a running daemon.
func (c *dropVerifyCmd) Run(ctx context.Context) (err error) {
	bucket, done, err := c.bucket(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	dates := c.Date
	if len(dates) == 0 {
		if dates, err = sinks.Sealed(ctx, bucket); err != nil {
			return err
		}
	}
	if len(dates) == 0 {
		return errNoDrop
	}
	reports := []sinks.Report{}
	for _, date := range dates {
		r, err := sinks.Verify(ctx, bucket, date)
		if err != nil {
			return err
		}
		reports = append(reports, r)
	}
	if c.JSON {
		err = json.NewEncoder(os.Stdout).Encode(reports)
	} else {
		printVerified(os.Stdout, reports)
	}
	if slices.ContainsFunc(reports, func(r sinks.Report) bool { return !r.OK }) {
		err = errors.Join(err, errReported)
	}
	return err
}

func printVerified(w io.Writer, reports []sinks.Report) {
	for _, r := range reports {
		verdict := "ok"
		if !r.OK {
			verdict = "DAMAGED"
		}
		fmt.Fprintf(w, "%s r%d: %s, %d rows\n", r.Date, r.Rev, verdict, r.Rows)
		for _, f := range r.Files {
			fmt.Fprintf(w, "  %-12s %s %s\n", f.Status, f.Key, f.Detail)
		}
		for _, key := range r.Strays {
			fmt.Fprintf(w, "  %-12s %s\n", "stray", key)
		}
		for _, problem := range r.Problems {
			fmt.Fprintf(w, "  %-12s %s\n", "problem", problem)
		}
	}
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
	bucket, _, err := openBucket(ctx, c, &closing)
	if err != nil {
		return nil, nil, errors.Join(err, closing.all())
	}
	return bucket, closing.all, nil
}

var errNoDrop = errors.New("no drop is sealed here yet; \"attache drop seal\" seals the days that are over")

// latest reads the pointer to the newest sealed drop.
func (p *parts) latest(ctx context.Context) (l pipeline.Latest, err error) {
	body, err := p.bucket.Get(ctx, sinks.LatestKey)
	if errors.Is(err, sinks.ErrNotFound) {
		return l, nil
	}
	if err != nil {
		return l, err
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	return l, json.NewDecoder(io.LimitReader(body, 1<<16)).Decode(&l)
}
