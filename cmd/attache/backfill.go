package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"attache/internal/pipeline"
	"attache/internal/store"
	"attache/internal/terminal"
	"attache/seeds"
)

// backfillCmd reads a source's archives.
type backfillCmd struct {
	settings
	telling
	Source string   `required:"" placeholder:"ID" help:"The source."`
	From   givenDay `required:"" placeholder:"DAY" help:"First day, such as 2026-09-01."`
	To     givenDay `required:"" placeholder:"DAY" help:"Last day, included."`
	JSON   bool     `name:"json" help:"Print the report as JSON."`
}

// Validate is kong's hook after parsing.
func (c *backfillCmd) Validate() error {
	if c.To.Before(c.From.Time) {
		return fmt.Errorf("--to %s is before --from %s", c.To.Format(time.DateOnly), c.From.Format(time.DateOnly))
	}
	if c.From.After(time.Now()) {
		return fmt.Errorf("--from %s has not come yet", c.From.Format(time.DateOnly))
	}
	return nil
}

func (c *backfillCmd) Run(ctx context.Context) (err error) {
	settings, err := c.load()
	if err != nil {
		return err
	}
	settings.Sources.Only = []string{c.Source}
	p, err := assemble(ctx, settings, false)
	if errors.Is(err, store.ErrLocked) {
		err = fmt.Errorf("%w. A backfill may be ended at any time, and goes on when it is started again with the same days", err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close.all()) }()
	src := p.sources[0]
	progress := p.screen.Progress(!c.JSON && !c.Quiet)
	report, runErr := p.pipeline.Backfill(ctx, src, day(c.From.Time, src), day(c.To.Time, src), func(now pipeline.Progress) {
		progress.At(src.ID, backfilling(now))
	})
	progress.Done(src.ID, line(report))
	progress.Close()
	runErr = errors.Join(runErr, p.pipeline.LandCaptures(context.WithoutCancel(ctx)))
	if c.JSON {
		e := json.NewEncoder(os.Stdout)
		e.SetIndent("", "  ")
		return errors.Join(runErr, e.Encode(report))
	}
	printReports(os.Stdout, []pipeline.Report{report})
	return errors.Join(runErr, printReasons(ctx, os.Stdout, p, []pipeline.Report{report}))
}

// day is the same day in the source's zone.
func day(d time.Time, src *seeds.Source) time.Time {
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, src.Zone)
}

// backfilling is how far a backfill has come in words. The lists to come are taken to
// be like those of this start.
func backfilling(p pipeline.Progress) terminal.Step {
	done := float64(p.ListsRead)
	if p.Open > 0 {
		done += float64(p.Of-p.Open) / float64(p.Of) // of the list under way
	}
	return terminal.Step{
		Text: fmt.Sprintf("%d of %s, %d to go in this one", p.ListsRead, counted(p.Lists, "list"), p.Open),
		Done: done, Of: float64(p.Lists), Count: p.Ended, Unit: "read",
	}
}
