package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"attache/internal/pipeline"
	"attache/seeds"
)

// runAll runs each source once, some at a time, and gives the reports in the
// order of the sources. Trouble that many sources share is returned once.
func (p *parts) runAll(ctx context.Context, sources []*seeds.Source, progress io.Writer) ([]pipeline.Report, error) {
	reports := make([]pipeline.Report, len(sources))
	errs := make([]error, len(sources))
	places := make(chan struct{}, p.config.Crawl.Sources)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i, src := range sources {
		wg.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			reports[i], errs[i] = p.pipeline.Run(ctx, src)
			mu.Lock()
			defer mu.Unlock()
			fmt.Fprintln(progress, line(reports[i]))
		})
	}
	wg.Wait()
	return reports, distinct(errs)
}

// line is a finished run in one line of progress.
func line(r pipeline.Report) string {
	mark := "✓"
	if r.Error != "" {
		mark = "✗"
	}
	return fmt.Sprintf("  %s %-15s %3d listed, %3d new, %3d read, %3d stored", mark, r.Source, r.Listed, r.Opened, r.Fetched, r.Outcomes["stored"])
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
