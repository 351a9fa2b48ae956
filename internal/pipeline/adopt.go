package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"attache/internal/store"
	"attache/sinks"
)

// adopt takes the manifest that another attache has put for a revision of a drop,
// from a copied data folder or one of its own, for ours: a drop has one. Our own
// objects go, and rows of ours that the drop does not hold go into the open drop:
// late, once, and not lost. A drop that is not whole is not adopted.
func (p *Pipeline) adopt(ctx context.Context, d store.Drop, theirs []byte) (sinks.Manifest, error) {
	m, err := sinks.ParseManifest(theirs)
	if err != nil {
		return m, fmt.Errorf("%w: what is there under %s is no manifest: %w", sinks.ErrConflict, sinks.ManifestKey(d.Date, d.Rev), err)
	}
	reported, err := p.adoptable(ctx, m)
	if err != nil {
		return m, fmt.Errorf("%w: another attache has sealed the day, and its drop is not whole; attache drop verify says more: %w", sinks.ErrConflict, err)
	}
	if d.Manifest != nil {
		ours, err := sinks.ParseManifest(d.Manifest)
		if err != nil {
			return m, err
		}
		if err := p.discard(ctx, ours, m.Named()); err != nil {
			return m, err
		}
	}
	newest, err := sinks.ReadManifest(ctx, p.Bucket, d.Date) // the files of earlier ones are gone
	if err != nil {
		return m, err
	}
	held, err := p.held(ctx, newest)
	if err != nil {
		return m, err
	}
	if err := p.heed(ctx, m); err != nil {
		return m, err
	}
	if err := p.settled(); err != nil {
		return m, err
	}
	late, err := p.Store.Adopt(ctx, d.Date, d.Rev, theirs, func(id string, revision int) bool { return !held[revisionKey(id, revision)] })
	if err != nil {
		return m, err
	}
	log := p.log(ctx).Warn
	if late > 0 {
		log = p.log(ctx).Error
	}
	log("another attache has sealed this day in the same place; its drop stands", "drop", d.Date, "rev", d.Rev, "by", m.Producer, "rows", m.Rows, "our_rows_put_into_the_open_drop", late,
		"what_to_do", "give each data folder an s3.prefix of its own")
	if err := p.Store.Sealed(ctx, d.Date, d.Rev); err != nil {
		return m, err
	}
	reason := d.Reason // what ours was for, theirs need not have done
	if d.Rev == 0 && !reported {
		reason = "damage: its reports were never put"
	}
	if reason != "" {
		if _, err := p.Store.Revise(ctx, d.Date, reason); err != nil {
			return m, err
		}
	}
	return m, os.RemoveAll(filepath.Join(p.Spool, folder(d.Date, d.Rev)))
}

// adoptable proves a drop of another attache, which may have died before its reports.
func (p *Pipeline) adoptable(ctx context.Context, m sinks.Manifest) (reported bool, err error) {
	report, err := sinks.Verify(ctx, p.Bucket, m.DropDate)
	if err != nil {
		return false, err
	}
	reported = !slices.ContainsFunc(report.Findings, func(f sinks.Finding) bool {
		return f.Kind == sinks.Missing && strings.HasPrefix(f.Key, sinks.QualityPrefix(m.DropDate))
	})
	if reported {
		return true, p.prove(ctx, m, sinks.Superseded)
	}
	return false, p.prove(ctx, m, sinks.Superseded, sinks.Missing) // rows that are missing are found when they are read
}

// discard removes the objects of a manifest of ours that was never put, but those
// that another names as well.
func (p *Pipeline) discard(ctx context.Context, ours sinks.Manifest, but []sinks.ManifestFile) error {
	keep := map[string]bool{}
	for _, f := range but {
		keep[f.Key] = true
	}
	for _, f := range ours.Named() {
		if !keep[f.Key] {
			if err := p.Bucket.Remove(ctx, f.Key); err != nil {
				return err
			}
		}
	}
	return nil
}
