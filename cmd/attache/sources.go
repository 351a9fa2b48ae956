package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"attache/config"
	"attache/internal/article"
	"attache/internal/store"
	"attache/internal/view"
)

// sourcesCmd works on the sources.
type sourcesCmd struct {
	List    sourcesListCmd    `cmd:"" default:"withargs" help:"List the sources, and how their last runs went."`
	Pause   sourcesPauseCmd   `cmd:"" help:"Leave a source alone until it is resumed, over restarts too."`
	Resume  sourcesResumeCmd  `cmd:"" help:"Run a paused source again, at once when it is due."`
	Run     sourcesRunCmd     `cmd:"" help:"Have the running daemon look at a source now."`
	Check   sourcesCheckCmd   `cmd:"" help:"Look at live sources and say which rules still hold."`
	Fixture sourcesFixtureCmd `cmd:"" help:"Make a fixture of a saved page: its markup with invented words."`
}

// sourcesListCmd lists the sources as they are loaded.
type sourcesListCmd struct {
	settings
	JSON bool `name:"json" help:"Print JSON."`
}

// Run needs no lock: it reads beside a running daemon.
func (c *sourcesListCmd) Run(ctx context.Context) (err error) {
	settings, sources, err := c.loadSources()
	if err != nil {
		return err
	}
	s, done, err := viewIfAny(settings)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	rows, err := view.Sources(ctx, s, sources, time.Now())
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(rows)
	}
	t := newTable(os.Stdout)
	t.AppendHeader(table.Row{"source", "name", "schedule", "pace", "markup", "last run"})
	for _, r := range rows {
		t.AppendRow(table.Row{r.ID, isolate(r.Name), r.Schedule, r.Pace, r.Evidence, lastRun(r)})
	}
	t.Render()
	for _, r := range rows {
		for _, d := range r.Drift {
			fmt.Printf("  %s: %s\n", r.ID, d)
		}
	}
	return nil
}

func lastRun(r view.Source) string {
	switch {
	case r.When.Paused != nil:
		return "paused since " + r.When.Paused.Local().Format(time.DateTime)
	case r.Last == nil:
		return "never"
	case r.Last.Error != "":
		return r.LastRun.Local().Format(time.DateTime) + ", failed"
	}
	return fmt.Sprintf("%s, %d new, %d stored", r.LastRun.Local().Format(time.DateTime), r.Last.Opened, r.Last.Outcomes[article.Stored])
}

// viewIfAny opens the store for reading; nil when there is none yet.
func viewIfAny(c config.Config) (*store.Store, func() error, error) {
	s, err := store.View(c.StoreFile())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, func() error { return nil }, nil
	case err != nil:
		return nil, nil, err
	}
	return s, s.Close, nil
}
