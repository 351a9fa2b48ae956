package main

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"attache/internal/pipeline"
	"attache/internal/terminal"
	"attache/seeds"
)

// telling are the flags of commands that may take long.
type telling struct {
	Quiet bool `short:"q" help:"Show no progress."`
}

// runAll runs each source once, some at a time, and gives the reports in the
// order of the sources. Trouble that many sources share is returned once.
func (p *parts) runAll(ctx context.Context, sources []*seeds.Source, progress *terminal.Progress) ([]pipeline.Report, error) {
	defer progress.Close()
	reports := make([]pipeline.Report, len(sources))
	errs := make([]error, len(sources))
	places := make(chan struct{}, p.config.Crawl.Sources)
	p.pipeline.Watch = func(r pipeline.Report) { tellRun(progress, r) }
	var wg sync.WaitGroup
	for i, src := range sources {
		wg.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			reports[i].Source = src.ID
			if ctx.Err() != nil {
				return // told to stop before its turn
			}
			reports[i], errs[i] = p.pipeline.Run(ctx, src)
		})
	}
	wg.Wait()
	return reports, distinct(errs)
}

// tellRun tells how a run gets on. At a publisher's pace it may take minutes.
func tellRun(progress *terminal.Progress, r pipeline.Report) {
	if r.Done {
		progress.Done(r.Source, line(r))
		return
	}
	progress.At(r.Source, terminal.Step{
		Text: fmt.Sprintf("%d of %s", r.Ended(), addresses(r.Todo)),
		Done: float64(r.Ended()), Of: float64(r.Todo), Count: r.Fetched, Unit: "read",
	})
}

// line is a finished run in one line of progress.
func line(r pipeline.Report) string {
	return fmt.Sprintf("  %s %-15s %3d listed, %3d new, %3d read, %3d stored", mark(r.Error == ""), r.Source, r.Listed, r.Opened, r.Fetched, r.Outcomes["stored"])
}

// mark is how something went in one character.
func mark(well bool) string {
	if well {
		return "✓"
	}
	return "✗"
}

// distinct joins errors, each message once.
func distinct(errs []error) error {
	var joined error
	seen := map[string]bool{}
	for _, err := range errs {
		if err != nil && !seen[err.Error()] {
			seen[err.Error()] = true
			joined = errors.Join(joined, err)
		}
	}
	return joined
}
