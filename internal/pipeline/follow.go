package pipeline

import (
	"context"
	"errors"
	"slices"
	"time"

	"attache/internal/article"
	"attache/internal/store"
	"attache/sinks"
)

// follow names the manifest that this one follows: that of the drop before.
func (p *Pipeline) follow(ctx context.Context, m *sinks.Manifest, d *store.Drop) error {
	date, err := time.Parse(time.DateOnly, d.Date)
	if err != nil {
		return err
	}
	day := date.AddDate(0, 0, -1).Format(time.DateOnly)
	text, err := p.Store.Manifest(ctx, day, 0)
	if err != nil {
		return err
	}
	if text == nil { // the first of this data folder
		m.Begins = true
		return p.inherit(ctx, m, d)
	}
	before, err := sinks.ParseManifest(text)
	if err != nil {
		return err
	}
	m.Previous = link(before, text)
	m.Begins = !before.Window.To.Equal(d.Opened) // it is another attache's, which was adopted
	return nil
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
		p.Log.Error("the drop before this one cannot be read; the chain of manifests begins anew", "drop", dates[i-1], "error", err)
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
