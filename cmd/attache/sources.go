package main

import (
	"encoding/json"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"attache/seeds"
)

// sourcesCmd works on the sources.
type sourcesCmd struct {
	List  sourcesListCmd  `cmd:"" default:"withargs" help:"List the sources, and how their last runs went."`
	Check sourcesCheckCmd `cmd:"" help:"Look at live sources and say which rules still hold."`
}

// sourcesListCmd lists the sources as they are loaded.
type sourcesListCmd struct {
	settings
	JSON bool `name:"json" help:"Print JSON."`
}

func (c *sourcesListCmd) Run() error {
	settings, err := c.load()
	if err != nil {
		return err
	}
	sources, err := seeds.Load(settings.Sources.Dir)
	if err != nil {
		return err
	}
	type row struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Language string `json:"language"`
		Schedule string `json:"schedule"`
		Timezone string `json:"timezone"`
		Pace     string `json:"pace"`
		Steps    int    `json:"discovery_steps"`
		Evidence string `json:"evidence"`
		Version  string `json:"rules_version"`
	}
	rows := []row{}
	for _, s := range sources {
		rows = append(rows, row{s.ID, s.Name, s.Language, s.Schedule, s.Timezone, pace(s.Pace), len(s.Discover), s.Rules[0].Evidence, s.Version})
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(rows)
	}
	t := newTable(os.Stdout)
	t.AppendHeader(table.Row{"source", "name", "language", "schedule", "zone", "pace", "looks at", "markup"})
	for _, r := range rows {
		t.AppendRow(table.Row{r.ID, isolate(r.Name), r.Language, r.Schedule, r.Timezone, r.Pace, r.Steps, r.Evidence})
	}
	t.Render()
	return nil
}

func pace(p seeds.Pace) string {
	if p.Jitter == 0 {
		return p.Delay.String()
	}
	return p.Delay.String() + "–" + (time.Duration(p.Delay) + time.Duration(p.Jitter)).String()
}
