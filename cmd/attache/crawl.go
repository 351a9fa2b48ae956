package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"attache/internal/pipeline"
)

// crawlCmd looks at the sources once.
type crawlCmd struct {
	settings
	telling
	Source []string `placeholder:"ID" help:"Only this source; may be repeated."`
	DryRun bool     `help:"Show what would be stored; keep and land nothing."`
	JSON   bool     `name:"json" help:"Print the reports as JSON."`

	Withdraw bool `help:"Withdraw also what is held because too many articles are gone at once."`
}

func (c *crawlCmd) Run(ctx context.Context) (err error) {
	settings, err := c.load()
	if err != nil {
		return err
	}
	if len(c.Source) > 0 {
		settings.Sources.Only = c.Source
	}
	p, err := assemble(ctx, settings, c.DryRun)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close.all()) }()
	p.pipeline.Revisits.Force = c.Withdraw
	reports, runErr := p.runAll(ctx, p.sources, p.screen.Progress(!c.JSON && !c.Quiet))
	if !c.DryRun && ctx.Err() == nil {
		runErr = errors.Join(runErr, p.pipeline.LandCaptures(ctx))
	}
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
