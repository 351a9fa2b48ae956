package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"attache/internal/store"
	"attache/sinks"
)

// restate enters in the books of a further revision what the one before says of the
// day: the store may have let go of what it was counted from.
func (p *Pipeline) restate(ctx context.Context, a *account, d *store.Drop) error {
	text, err := p.Store.Manifest(ctx, d.Date, d.Rev-1)
	if err != nil {
		return err
	}
	if text == nil {
		return fmt.Errorf("the manifest of %s r%d is not known here; work with the data folder that sealed it", d.Date, d.Rev-1)
	}
	before, err := sinks.ParseManifest(text)
	if err != nil {
		return err
	}
	m := &a.manifest
	m.Supersedes, m.Previous = &before.Rev, link(before, text)
	m.Zone, m.Begins, m.Window, m.Running, m.Gaps = before.Zone, before.Begins, before.Window, before.Running, before.Gaps
	for id, s := range before.Sources {
		m.Sources[id] = sinks.SourceCount{Watched: s.Watched, Robots: s.Robots, Terms: s.Terms, Ledger: s.Ledger}
	}
	if before.Rejects == nil {
		return nil
	}
	if err := p.rejectedThen(ctx, a, *before.Rejects); err != nil {
		p.log(ctx).Warn("what was quarantined cannot be read back; it is listed from the store", "drop", d.Date, "error", err)
		a.rejects = nil
		return p.rejected(ctx, a, d)
	}
	return nil
}

// rejectedThen enters what the revision before lists as quarantined.
func (p *Pipeline) rejectedThen(ctx context.Context, a *account, f sinks.ManifestFile) error {
	file, err := p.fetched(ctx, f)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close(); _ = os.Remove(file.Name()) }()
	for row, err := range sinks.ReadJSONL(file, maxRow) {
		var r store.Reject
		if err := errors.Join(err, json.Unmarshal(row, &r)); err != nil {
			return err
		}
		a.rejects = append(a.rejects, r)
	}
	return nil
}
