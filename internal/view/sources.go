// Package view is what attache shows of itself, as data: the same on the command
// line, by --json, and in the daemon's HTTP API.
package view

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"attache/internal/pipeline"
	"attache/internal/store"
	"attache/seeds"
)

// Source is a source and how it fares.
type Source struct {
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
	When     When             `json:"when"`
}

// month is how far back a source's own usual is looked for.
const month = 28 * 24 * time.Hour

// Sources gives them in their order. A nil store is one that is not there yet.
func Sources(ctx context.Context, s *store.Store, sources []*seeds.Source, now time.Time) ([]Source, error) {
	rows := make([]Source, len(sources))
	for i, src := range sources {
		rows[i] = Source{
			ID: src.ID, Name: src.Name, Language: src.Language, Schedule: src.Schedule, Timezone: src.Timezone, Pace: pace(src.Pace),
			Steps: len(src.Discover), Evidence: src.Rules[0].Evidence, Version: src.Version, Drift: []string{},
		}
		var err error
		if rows[i].When, err = when(ctx, s, src, now, 1); err != nil {
			return nil, err
		}
		if s == nil {
			continue
		}
		if err := rows[i].history(ctx, s, now); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// history fills in how the source's runs went.
func (r *Source) history(ctx context.Context, s *store.Store, now time.Time) error {
	summaries, started, err := s.Summaries(ctx, r.ID, now.Add(-month))
	if err != nil {
		return err
	}
	reports := make([]pipeline.Report, len(summaries))
	for k, text := range summaries {
		if err := json.Unmarshal(text, &reports[k]); err != nil {
			return fmt.Errorf("a run of %s: %w", r.ID, err)
		}
	}
	if len(reports) > 0 {
		r.LastRun, r.Last = &started[0], &reports[0]
		r.Drift = append(r.Drift, pipeline.Drift(reports)...)
	}
	return nil
}

func pace(p seeds.Pace) string {
	if p.Jitter == 0 {
		return p.Delay.String()
	}
	return p.Delay.String() + "–" + (time.Duration(p.Delay) + time.Duration(p.Jitter)).String()
}
