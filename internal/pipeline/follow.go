package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"attache/internal/article"
	"attache/internal/store"
	"attache/sinks"
)

// follow names the manifests that this one follows: that of the drop before, and the
// further revisions that none before it names.
func (p *Pipeline) follow(ctx context.Context, m *sinks.Manifest, d *store.Drop) error {
	revised, err := p.Store.Unnamed(ctx, d.Date)
	if err != nil {
		return err
	}
	for _, text := range revised {
		r, err := sinks.ParseManifest([]byte(text))
		if err != nil {
			return err
		}
		m.Revised = append(m.Revised, *link(r, []byte(text)))
	}
	date, err := time.Parse(time.DateOnly, d.Date)
	if err != nil {
		return err
	}
	day := date.AddDate(0, 0, -1).Format(time.DateOnly)
	text, err := p.Store.Committed(ctx, day)
	if err != nil {
		return err
	}
	if text == nil { // not sealed by us: another may have
		if text, err = p.manifest(ctx, sinks.ManifestKey(day, 0)); err != nil {
			return err
		}
	}
	if text == nil {
		return p.first(ctx, m, d, day)
	}
	before, err := sinks.ParseManifest(text)
	if err != nil {
		return fmt.Errorf("the manifest of %s cannot be read; attache drop repair %s mends it: %w", day, day, err)
	}
	m.Previous = link(before, text)
	m.Begins = !before.Window.To.Equal(d.Opened) // it is another attache's
	return nil
}

// first is for a drop with none the day before: the first of this data folder. One
// that is to be sealed before it, this one waits for.
func (p *Pipeline) first(ctx context.Context, m *sinks.Manifest, d *store.Drop, before string) error {
	drops, err := p.Store.Drops(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(drops, func(d store.Drop) bool { return d.Date == before }) {
		return fmt.Errorf("the drop of %s is to be sealed first", before)
	}
	m.Begins = true
	return p.inherit(ctx, m, d)
}

func link(m sinks.Manifest, text []byte) *sinks.Link {
	return &sinks.Link{DropDate: m.DropDate, Rev: m.Rev, SHA256: article.SHA256(string(text))}
}

// inherit names the newest drop that another data folder has sealed in this bucket
// before, if one has: what it knew is not known here.
func (p *Pipeline) inherit(ctx context.Context, m *sinks.Manifest, d *store.Drop) error {
	dates, err := sinks.Sealed(ctx, p.Bucket)
	if err != nil {
		return err
	}
	i, _ := slices.BinarySearch(dates, d.Date)
	if i == 0 {
		return nil
	}
	before, link, err := sinks.ReadRevision(ctx, p.Bucket, dates[i-1], 0)
	if errors.Is(err, sinks.ErrDamaged) || errors.Is(err, sinks.ErrNotFound) {
		p.log(ctx).Error("the drop before this one cannot be read; the chain of manifests begins anew", "drop", dates[i-1], "error", err)
		return nil
	}
	if err != nil {
		return err
	}
	m.Previous = &link
	m.Gaps = append(m.Gaps, sinks.Gap{
		Window: sinks.Window{From: before.Window.To, To: d.Opened},
		Note:   "attache goes on in a new data folder: what the one before had not read yet is not carried over, and what it had read may come again",
	})
	return nil
}
