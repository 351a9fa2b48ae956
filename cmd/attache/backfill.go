package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"attache/internal/pipeline"
	"attache/seeds"
)

// backfillCmd reads a source's archives.
type backfillCmd struct {
	settings
	Source string    `required:"" placeholder:"ID" help:"The source."`
	From   time.Time `required:"" format:"2006-01-02" placeholder:"DAY" help:"First day, such as 2026-09-01."`
	To     time.Time `required:"" format:"2006-01-02" placeholder:"DAY" help:"Last day, included."`
	JSON   bool      `name:"json" help:"Print the report as JSON."`
}

// Validate is kong's hook after parsing.
func (c *backfillCmd) Validate() error {
	if c.To.Before(c.From) {
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
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close.all()) }()
	src := p.sources[0]
	meter := &meter{w: os.Stderr, began: time.Now()}
	if c.JSON {
		meter.w = io.Discard
	}
	report, runErr := p.pipeline.Backfill(ctx, src, day(c.From, src), day(c.To, src), meter.tell)
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

// meter tells how a backfill gets on and when it may end, a line every few seconds.
type meter struct {
	w           io.Writer
	began, last time.Time
}

func (m *meter) tell(p pipeline.Progress) {
	now := time.Now()
	if now.Sub(m.last) < 5*time.Second && p.ListsRead < p.Lists {
		return
	}
	m.last = now
	fmt.Fprintf(m.w, "  … %d of %d lists, %d addresses read, %d to go in this list%s\n", p.ListsRead, p.Lists, p.Ended, p.Open, m.end(p, now))
}

// end is when it ends if the lists to come are like those of this start.
func (m *meter) end(p pipeline.Progress, now time.Time) string {
	done := float64(p.ListsRead - p.Begun)
	if p.Open > 0 {
		done += float64(p.Of-p.Open) / float64(p.Of) // of the list under way
	}
	left := float64(p.Lists-p.Begun) - done
	if done <= 0 || left <= 0 {
		return ""
	}
	rest := time.Duration(float64(now.Sub(m.began)) / done * left)
	if rest < time.Second {
		return ""
	}
	return fmt.Sprintf("; about %s more, until %s", rest.Round(time.Second), now.Add(rest).Format("2006-01-02 15:04"))
}
