package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"attache/internal/view"
)

type dropRepairCmd struct {
	settings
	Date string `arg:"" help:"The day, such as 2026-11-21."`
	Yes  bool   `help:"Do it; without, only say what would be done."`
	JSON bool   `name:"json" help:"Print JSON."`
}

// repaired is what was done to a drop, or would be.
type repaired struct {
	DropDate string   `json:"drop_date"`
	Steps    []string `json:"steps"`
	Done     bool     `json:"done"`
}

func (c *dropRepairCmd) Run(ctx context.Context) (err error) {
	if _, err := time.Parse(time.DateOnly, c.Date); err != nil {
		return view.NoDay(c.Date)
	}
	p, err := c.landing(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close.all()) }()
	steps, err := p.pipeline.Repair(ctx, c.Date, c.Yes)
	if c.JSON {
		return errors.Join(err, json.NewEncoder(os.Stdout).Encode(repaired{c.Date, append([]string{}, steps...), c.Yes && err == nil}))
	}
	for _, s := range steps {
		fmt.Println(s)
	}
	switch {
	case err != nil:
	case len(steps) == 0:
		fmt.Println("nothing to repair: the drop is whole")
	case c.Yes:
		fmt.Println("done; attache drop verify", c.Date, "looks at it again")
	default:
		fmt.Println("nothing was done yet; --yes does it")
	}
	return err
}
