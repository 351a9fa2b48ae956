package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"attache/internal/pipeline"
	"attache/internal/store"
)

// crawlCmd looks at the sources once.
type crawlCmd struct {
	settings
	Source []string `placeholder:"ID" help:"Only this source; may be repeated."`
	DryRun bool     `help:"Show what would be stored; keep and land nothing."`
	JSON   bool     `name:"json" help:"Print the reports as JSON."`
}

func (c *crawlCmd) Run(ctx context.Context) (err error) {
	settings, err := c.load()
	if err != nil {
		return err
	}
	if len(c.Source) > 0 {
		settings.Sources.Only = c.Source
	}
	p, err := assemble(ctx, settings)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close.all()) }()
	if c.DryRun {
		if err := p.trial(ctx); err != nil {
			return err
		}
	}
	if err := p.pipeline.Store.Advance(ctx, p.pipeline.DropDate(time.Now())); err != nil {
		return err
	}
	progress := io.Writer(os.Stderr)
	if c.JSON {
		progress = io.Discard
	}
	reports, runErr := p.runAll(ctx, p.sources, progress)
	if c.JSON {
		e := json.NewEncoder(os.Stdout)
		e.SetIndent("", "  ")
		return errors.Join(runErr, e.Encode(reports))
	}
	printReports(os.Stdout, reports)
	if err := printReasons(ctx, os.Stdout, p, reports); err != nil {
		return err
	}
	if c.DryRun {
		return errors.Join(runErr, p.printTrial(ctx, reports))
	}
	return runErr
}

// trial sets the pipeline on a copy of the store, which goes when the command
// ends, and takes the bucket away: the run sees what is known and leaves no trace.
func (p *parts) trial(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "attache-dry-run-")
	if err != nil {
		return err
	}
	p.close.add(func() error { return os.RemoveAll(dir) })
	file := filepath.Join(dir, "attache.db")
	if err := p.store.Fork(ctx, file); err != nil {
		return err
	}
	fork, err := store.Open(ctx, file, nil)
	if err != nil {
		return err
	}
	p.close.add(fork.Close)
	p.store, p.pipeline.Store, p.pipeline.Bucket = fork, fork, nil
	return nil
}

// printTrial lists what a trial run would have stored.
func (p *parts) printTrial(ctx context.Context, reports []pipeline.Report) error {
	for _, r := range reports {
		records, err := p.store.Of(ctx, r.Run)
		if err != nil {
			return err
		}
		for _, record := range records {
			fmt.Printf("  %.2f  %-24s %s\n", record.Topic.Score, record.ArticleID, isolate(record.Title))
		}
	}
	fmt.Println("Dry run: these would be stored; nothing was kept, nothing landed.")
	return nil
}
