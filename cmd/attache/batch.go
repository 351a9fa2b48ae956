package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"attache/internal/pipeline"
	"attache/seeds"
)

// runAll runs each source once, some at a time, and gives the reports in the
// order of the sources. Trouble that many sources share is returned once.
func (p *parts) runAll(ctx context.Context, sources []*seeds.Source, progress io.Writer) ([]pipeline.Report, error) {
	reports := make([]pipeline.Report, len(sources))
	errs := make([]error, len(sources))
	places := make(chan struct{}, p.config.Crawl.Sources)
	ticker := &ticker{w: progress, last: map[string]time.Time{}}
	p.pipeline.Watch = ticker.watch
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

// ticker tells how runs get on: a line every few seconds for each, and one when
// it is done. At a publisher's pace a run may take minutes.
type ticker struct {
	mu   sync.Mutex
	w    io.Writer
	last map[string]time.Time // when a source was last told of
}

func (t *ticker) watch(r pipeline.Report) {
	t.mu.Lock()
	defer t.mu.Unlock()
	began, seen := t.last[r.Source]
	switch {
	case r.Done:
		fmt.Fprintln(t.w, line(r))
	case !seen:
		t.last[r.Source] = time.Now()
	case time.Since(began) > 5*time.Second:
		t.last[r.Source] = time.Now()
		fmt.Fprintf(t.w, "  … %-15s %3d of %d addresses\n", r.Source, r.Ended(), r.Todo)
	}
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
