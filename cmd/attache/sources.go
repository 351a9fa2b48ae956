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

	"attache/internal/article"
	"attache/internal/pipeline"
	"attache/internal/store"
	"attache/seeds"
)

// sourcesCmd works on the sources.
type sourcesCmd struct {
	List    sourcesListCmd    `cmd:"" default:"withargs" help:"List the sources, and how their last runs went."`
	Check   sourcesCheckCmd   `cmd:"" help:"Look at live sources and say which rules still hold."`
	Fixture sourcesFixtureCmd `cmd:"" help:"Make a fixture of a saved page: its markup with invented words."`
}

// sourcesListCmd lists the sources as they are loaded.
type sourcesListCmd struct {
	settings
	JSON bool `name:"json" help:"Print JSON."`
}

// sourceRow is a source and how it fares.
type sourceRow struct {
	ID       string           `json:"id"`
	Name     string           `json:"name"`
	Language string           `json:"language"`
	Schedule string           `json:"schedule"`
	Timezone string           `json:"timezone"`
	Pace     string           `json:"pace"`
	Steps    int              `json:"discovery_steps"`
	Evidence string           `json:"evidence"`
	Version  string           `json:"rules_version"`
	LastRun  *time.Time       `json:"last_run"` // null before the first
	Last     *pipeline.Report `json:"last_report"`
	Drift    []string         `json:"drift"` // what has changed for the worse
}

// Run needs no lock: it reads beside a running daemon.
func (c *sourcesListCmd) Run(ctx context.Context) error {
	settings, sources, err := c.loadSources()
	if err != nil {
		return err
	}
	rows := []sourceRow{}
	for _, s := range sources {
		rows = append(rows, sourceRow{
			ID: s.ID, Name: s.Name, Language: s.Language, Schedule: s.Schedule, Timezone: s.Timezone, Pace: pace(s.Pace),
			Steps: len(s.Discover), Evidence: s.Rules[0].Evidence, Version: s.Version, Drift: []string{},
		})
	}
	if err := history(ctx, settings.StoreFile(), rows); err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(rows)
	}
	t := newTable(os.Stdout)
	t.AppendHeader(table.Row{"source", "name", "schedule", "pace", "markup", "last run"})
	for _, r := range rows {
		t.AppendRow(table.Row{r.ID, isolate(r.Name), r.Schedule, r.Pace, r.Evidence, r.last()})
	}
	t.Render()
	for _, r := range rows {
		for _, d := range r.Drift {
			fmt.Printf("  %s: %s\n", r.ID, d)
		}
	}
	return nil
}

func (r sourceRow) last() string {
	switch {
	case r.Last == nil:
		return "never"
	case r.Last.Error != "":
		return r.LastRun.Local().Format(time.DateTime) + ", failed"
	}
	return fmt.Sprintf("%s, %d new, %d stored", r.LastRun.Local().Format(time.DateTime), r.Last.Opened, r.Last.Outcomes[article.Stored])
}

// month is how far back a source's own usual is looked for.
const month = 28 * 24 * time.Hour

// history fills in how each source's runs went; a store that is not there yet has none.
func history(ctx context.Context, file string, rows []sourceRow) (err error) {
	s, err := store.View(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for i := range rows {
		summaries, started, err := s.Summaries(ctx, rows[i].ID, time.Now().Add(-month))
		if err != nil {
			return err
		}
		reports := make([]pipeline.Report, len(summaries))
		for k, text := range summaries {
			if err := json.Unmarshal(text, &reports[k]); err != nil {
				return fmt.Errorf("a run of %s: %w", rows[i].ID, err)
			}
		}
		if len(reports) > 0 {
			rows[i].LastRun, rows[i].Last = &started[0], &reports[0]
			rows[i].Drift = append(rows[i].Drift, pipeline.Drift(reports)...)
		}
	}
	return nil
}

func pace(p seeds.Pace) string {
	if p.Jitter == 0 {
		return p.Delay.String()
	}
	return p.Delay.String() + "–" + (time.Duration(p.Delay) + time.Duration(p.Jitter)).String()
}
