package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"attache/internal/store"
	"attache/sinks"
)

// TakeDown makes an article's text go: from the store, from every sealed day, as a
// further revision of it, from the live parts and from the captures. What stays is a
// tombstone with the reason; the article is not read again. It is remembered before
// anything else: what this call cannot end, the next seal goes on with. It gives what
// was sealed.
func (p *Pipeline) TakeDown(ctx context.Context, t store.Takedown) ([]sinks.Manifest, error) {
	ctx = p.sealLogging(ctx)
	if err := p.Store.Ask(ctx, t); err != nil {
		return nil, err
	}
	open, err := p.Store.OpenDate(ctx)
	if err != nil {
		return nil, err
	}
	sealed, err := p.Seal(ctx, open)
	if err != nil {
		return sealed, err
	}
	if left, err := p.Store.Removals(ctx); err != nil || len(left) > 0 {
		return sealed, errors.Join(fmt.Errorf("%s may hold the text and could not be removed: let attache delete below v1/live/ (deploy/s3), and seal again", strings.Join(left, ", ")), err)
	}
	_, others, err := p.holding(ctx, t.ArticleID)
	if err == nil && len(others) > 0 {
		err = fmt.Errorf("the drops of %s hold it and were sealed by another data folder: take it down with that one as well", strings.Join(others, ", "))
	}
	return sealed, err
}

// takeDownAsked takes down what was asked for; some says whether there is something to
// seal after it.
func (p *Pipeline) takeDownAsked(ctx context.Context) (some bool, failed error) {
	asked, err := p.Store.Takedowns(ctx, store.AskedTakedowns)
	if err != nil || len(asked) == 0 {
		return false, err
	}
	// What the live parts of sealed days hold, the store may have let go.
	if err := p.Store.Supersede(ctx, time.UnixMicro(math.MaxInt64)); err != nil {
		return false, err
	}
	for _, t := range asked {
		if err := p.takeDown(ctx, t); err != nil {
			failed = errors.Join(failed, fmt.Errorf("take down %s: %w", t.ArticleID, err))
			continue
		}
		some = true
	}
	if err := p.Sweep(ctx); err != nil { // live parts that had not landed
		return some, errors.Join(failed, err)
	}
	for _, t := range asked { // the rest of the live parts that go is landed again
		if err := p.freeze(ctx, ulid.Make().String(), sourceOf(t.ArticleID)); err != nil {
			return some, errors.Join(failed, err)
		}
	}
	return some, errors.Join(failed, p.Land(ctx))
}

func (p *Pipeline) takeDown(ctx context.Context, t store.Takedown) error {
	if err := p.settlePending(ctx); err != nil {
		return err
	}
	ours, _, err := p.holding(ctx, t.ArticleID)
	if err != nil {
		return err
	}
	return p.Store.TakeDown(ctx, t, ours)
}

// settlePending ends what stands between two revisions of a day: one that nobody has
// been told of is made anew; one whose manifest is there stands, and a further one
// mends what may be wrong with it. Where another attache's manifest is, nothing changes.
func (p *Pipeline) settlePending(ctx context.Context) error {
	drops, err := p.Store.Drops(ctx)
	if err != nil {
		return err
	}
	for _, d := range drops {
		if d.Manifest == nil {
			continue
		}
		there, err := p.manifest(ctx, sinks.ManifestKey(d.Date, d.Rev))
		switch {
		case err != nil:
		case there == nil:
			err = p.recant(ctx, d)
		case bytes.Equal(there, d.Manifest):
			if err = p.Store.Sealed(ctx, d.Date, d.Rev); err == nil {
				_, err = p.Store.Revise(ctx, d.Date, "damage: the seal of the revision before did not end well")
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// recant forgets a manifest that nobody was told of, and removes what was put for it.
func (p *Pipeline) recant(ctx context.Context, d store.Drop) error {
	m, err := sinks.ParseManifest(d.Manifest)
	if err != nil {
		return err
	}
	if err := p.discard(ctx, m, nil); err != nil {
		return err
	}
	return p.Store.Recant(ctx, d.Date, d.Rev)
}

// holding gives the sealed days that hold an article and of which the store does not
// know it: ours, whose rows the store has let go or that were adopted, and others.
func (p *Pipeline) holding(ctx context.Context, articleID string) (ours, others []string, err error) {
	dates, err := sinks.Sealed(ctx, p.Bucket)
	if err != nil {
		return nil, nil, err
	}
	drops, err := p.Store.Drops(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, date := range dates {
		m, err := sinks.ReadManifest(ctx, p.Bucket, date)
		if err != nil {
			return nil, nil, err
		}
		rows, err := p.Store.RowsBySource(ctx, date)
		if err != nil {
			return nil, nil, err
		}
		source := sourceOf(articleID)
		if m.Sources[source].Rows <= rows[source] {
			continue // the store knows every row of it
		}
		held, err := p.names(ctx, m, articleID)
		switch {
		case err != nil:
			return nil, nil, err
		case !held:
		case slices.ContainsFunc(drops, func(d store.Drop) bool { return d.Date == date }):
			ours = append(ours, date)
		default:
			others = append(others, date)
		}
	}
	return ours, others, nil
}
