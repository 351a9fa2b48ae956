package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"attache/internal/pipeline"
	"attache/internal/terminal"
	"attache/sinks"
)

type dropSealCmd struct {
	settings
	telling
	Now  bool `help:"Also the day that is still open; what comes later today goes into tomorrow's drop."`
	JSON bool `name:"json" help:"Print the manifests of what was sealed as JSON."`
}

func (c *dropSealCmd) Run(ctx context.Context) (err error) {
	p, err := c.landing(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close.all()) }()
	next := time.Now()
	if c.Now {
		next = next.AddDate(0, 0, 1)
	}
	progress := p.screen.Progress(!c.JSON && !c.Quiet)
	p.pipeline.WatchSeal = func(s pipeline.Sealing) { progress.At(s.Drop, sealing(s)) }
	sealed, err := p.pipeline.Seal(ctx, p.pipeline.DropDate(next))
	progress.Close()
	if c.JSON {
		return errors.Join(err, json.NewEncoder(os.Stdout).Encode(append([]sinks.Manifest{}, sealed...)))
	}
	for _, m := range sealed {
		fmt.Println("sealed", summary(m))
	}
	if len(sealed) == 0 && err == nil {
		fmt.Println("nothing to seal: every closed day is sealed already")
	}
	return err
}

// sealing is how far the seal of a day has come.
func sealing(s pipeline.Sealing) terminal.Step {
	if s.Stage != pipeline.Writing {
		return terminal.Step{Text: string(s.Stage)}
	}
	return terminal.Step{
		Text: fmt.Sprintf("%s %d of %s", s.Stage, s.Rows, counted(int(s.Of), "row")),
		Done: float64(s.Rows), Of: float64(s.Of), Count: int(s.Rows), Unit: "written",
	}
}

// summary is a drop in a line.
func summary(m sinks.Manifest) string {
	return fmt.Sprintf("%s r%d: %s in %s, %s from %s, %s", m.DropDate, m.Rev, counted(int(m.Rows), "row"), counted(len(m.Files), "file"),
		counted(len(m.Sources), "source"), m.Window.From.Local().Format(time.DateTime), counted(len(m.Gaps), "known gap"))
}
