package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"attache/internal/article"
	"attache/internal/pipeline"
	"attache/internal/runlog"
	"attache/internal/terminal"
	"attache/internal/view"
)

// runsCmd lists runs. It reads beside a running daemon.
type runsCmd struct {
	settings
	Source string `placeholder:"ID" help:"Only this source."`
	Most   int    `default:"20" placeholder:"N" help:"So many, newest first (${default})."`
	JSON   bool   `name:"json" help:"Print JSON."`
}

func (c *runsCmd) Run(ctx context.Context) (err error) {
	s, done, err := c.view()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	runs, err := view.Runs(ctx, s, c.Source, "", c.Most)
	if err == nil && len(runs) == 0 {
		err = c.known(c.Source)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(runs)
	}
	if len(runs) == 0 {
		fmt.Println("there was no run yet")
		return nil
	}
	t := newTable(os.Stdout)
	t.AppendHeader(table.Row{"started", "run", "source", "of", "took", "new", "stored", "revised", "failed", "how it ended"})
	for _, r := range runs {
		var o pipeline.Report
		took, how := "", "goes on, or was cut off"
		if r.Ended != nil {
			if err := json.Unmarshal(r.Report, &o); err != nil {
				return fmt.Errorf("run %s: %w", r.Run, err)
			}
			took, how = r.Ended.Sub(r.Started).Round(100*time.Millisecond).String(), "well"
		}
		if o.Note != "" {
			how = o.Note
		}
		if o.Error != "" {
			how = o.Error
		}
		t.AppendRow(table.Row{
			r.Started.Local().Format(time.DateTime), r.Run, r.Source, r.Kind, took, o.Opened,
			o.Outcomes[article.Stored], o.Outcomes[article.Revised], o.Outcomes[article.Failed], isolate(how),
		})
	}
	t.Render()
	return nil
}

// logsCmd prints a run's log. It reads beside a running daemon.
type logsCmd struct {
	settings
	ID   string `arg:"" name:"run" help:"The run, as attache runs and every record name it."`
	JSON bool   `name:"json" help:"Print the lines as they are kept, one JSON object each."`
}

func (c *logsCmd) Run(ctx context.Context) (err error) {
	s, done, err := c.view()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	lines, err := s.Log(ctx, c.ID, 0, runlog.MaxLines+1)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		return fmt.Errorf("nothing is kept of a run %q; attache runs lists those there are", c.ID)
	}
	for _, line := range lines {
		if !c.JSON {
			line = readableOf(line, terminal.Coloured(os.Stdout))
		}
		fmt.Println(line)
	}
	return nil
}
