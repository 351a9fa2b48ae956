package pipeline

import (
	"context"
	"maps"
	"slices"

	"attache/internal/store"
	"attache/sinks"
)

// gaps enters what is known to be missing.
func (p *Pipeline) gaps(ctx context.Context, a *account, d *store.Drop) error {
	m := &a.manifest
	if !d.Running {
		m.Gaps = append(m.Gaps, sinks.Gap{Window: sinks.Window{From: d.Opened, To: d.Closed}, Note: "no run of any source started while this drop was open"})
	}
	unseen, err := p.Store.Gaps(ctx, d.Opened, d.Closed)
	if err != nil {
		return err
	}
	for _, g := range unseen {
		m.Gaps = append(m.Gaps, sinks.Gap{
			Window: sinks.Window{From: g.From, To: g.To}, Source: g.Source,
			Note: "things listed in this time were not on the lists any more when attache looked again; attache backfill may find them",
		})
	}
	return nil
}

// watched names every source that had a run, also those that had no news, and those
// that had one in the drop before and none in this.
func (p *Pipeline) watched(ctx context.Context, a *account, d *store.Drop) error {
	watched, err := p.Store.Watched(ctx, d.Opened, d.Closed)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(watched)) {
		w := watched[id]
		a.manifest.Sources[id] = sinks.SourceCount{Watched: w.Read, Robots: w.Robots}
		if !w.Read {
			a.manifest.Gaps = append(a.manifest.Gaps, sinks.Gap{Window: a.manifest.Window, Source: id, Note: "none of its lists could be read while this drop was open"})
		}
	}
	before, err := p.Store.Manifests(ctx, d.Date, 1)
	if err != nil || len(before) == 0 || !d.Running {
		return err
	}
	last, err := sinks.ParseManifest([]byte(before[0]))
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(last.Sources)) {
		if _, ran := watched[id]; !ran && last.Sources[id].Watched {
			a.manifest.Gaps = append(a.manifest.Gaps, sinks.Gap{Window: a.manifest.Window, Source: id, Note: "no run of this source ended while this drop was open"})
		}
	}
	return nil
}

// ledgers enters what became of every address.
func (p *Pipeline) ledgers(ctx context.Context, a *account, d *store.Drop) error {
	ledgers, err := p.Store.LedgerOf(ctx, d.Date, d.Opened, d.Closed)
	if err != nil {
		return err
	}
	for _, l := range ledgers {
		s := a.manifest.Sources[l.Source]
		s.Ledger = &l
		a.manifest.Sources[l.Source] = s
	}
	return nil
}

// rejected enters what was quarantined.
func (p *Pipeline) rejected(ctx context.Context, a *account, d *store.Drop) error {
	for r, err := range p.Store.Rejects(ctx, d.Opened, d.Closed) {
		if err != nil {
			return err
		}
		a.rejects = append(a.rejects, r)
	}
	return nil
}
