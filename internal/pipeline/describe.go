package pipeline

import (
	"context"
	"maps"
	"slices"
	"time"

	"attache/internal/quality"
	"attache/internal/store"
	"attache/sinks"
)

// history is how many earlier drops a report compares with: four weeks.
const history = 28

// describe begins the quality report: its sources, and their days before.
func (p *Pipeline) describe(ctx context.Context, a *account, d *store.Drop) error {
	past, err := p.past(ctx, d.Date)
	if err != nil {
		return err
	}
	for _, src := range p.Sources {
		if s, ok := a.manifest.Sources[src.ID]; ok && src.Terms != "" {
			s.Terms = &src.Terms
			a.manifest.Sources[src.ID] = s
		}
	}
	m := a.manifest
	day := quality.Day{
		Date: m.DropDate, Zone: m.Zone, Rev: m.Rev, Reason: m.Reason, From: m.Window.From, To: m.Window.To,
		SealedAt: m.SealedAt, Producer: m.Producer, SchemaVersion: m.SchemaVersion, Running: m.Running,
	}
	for _, g := range m.Gaps {
		day.Gaps = append(day.Gaps, quality.Gap{From: g.From, To: g.To, Source: g.Source, Note: g.Note})
	}
	for _, id := range slices.Sorted(maps.Keys(m.Sources)) {
		s := quality.Source{ID: id, Name: id, Ledger: m.Sources[id].Ledger, Past: past(id)}
		for _, src := range p.Sources {
			if src.ID == id {
				s.Name, s.Language, s.Home = src.Name, src.Language, src.Home
			}
		}
		day.Sources = append(day.Sources, s)
	}
	for _, r := range a.rejects {
		day.Rejects = append(day.Rejects, quality.Reject{Source: r.Source, URL: r.URL, Reason: r.Reason})
	}
	a.tally = quality.New(day)
	return nil
}

// past gives a source's rows in each of the days before, oldest first; -1 where no
// drop is known, or attache did not run.
func (p *Pipeline) past(ctx context.Context, date string) (func(source string) []int64, error) {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return nil, err
	}
	texts, err := p.Store.Manifests(ctx, date, history)
	if err != nil {
		return nil, err
	}
	known := map[string]sinks.Manifest{}
	for _, text := range texts {
		if m, err := sinks.ParseManifest([]byte(text)); err == nil && m.Running {
			known[m.DropDate] = m
		}
	}
	return func(source string) []int64 {
		rows := make([]int64, history)
		for i := range rows {
			rows[i] = -1
			if s, ok := known[day.AddDate(0, 0, i-history).Format(time.DateOnly)].Sources[source]; ok {
				rows[i] = s.Rows
			}
		}
		return rows
	}, nil
}
