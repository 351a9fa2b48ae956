package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"attache/internal/store"
	"attache/sinks"
)

// TakeDown makes an article's text go: from the store, from every sealed day, as a
// further revision of it, from the live parts and from the captures. What stays is a
// tombstone with the reason; the article is not read again. It may be repeated: what
// an earlier call began and could not end, this one or the next seal does. It gives the
// days that were sealed anew.
func (p *Pipeline) TakeDown(ctx context.Context, t store.Takedown) ([]sinks.Manifest, error) {
	open, err := p.Store.OpenDate(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := p.Seal(ctx, open); err != nil { // no day may be half sealed with the text in it
		return nil, err
	}
	if err := p.Land(ctx); err != nil { // nor a live part on its way
		return nil, err
	}
	// What the live parts of sealed days hold, the store may have let go.
	if err := p.Store.Supersede(ctx, p.Now().Add(time.Second)); err != nil {
		return nil, err
	}
	alsoIn, err := p.holding(ctx, t.ArticleID)
	if err != nil {
		return nil, err
	}
	if err := p.Store.TakeDown(ctx, t, alsoIn); err != nil {
		return nil, err
	}
	if err := p.Sweep(ctx); err != nil {
		return nil, err
	}
	sealed, err := p.Seal(ctx, open)
	if err != nil {
		return sealed, err
	}
	if left, err := p.Store.Removals(ctx); err != nil || len(left) > 0 {
		return sealed, errors.Join(fmt.Errorf("%d objects that may hold the text could not be removed, such as %s: let attache delete below v1/live/ (deploy/s3), and seal again", len(left), strings.Join(left[:min(1, len(left))], "")), err)
	}
	// The rest of the live parts that went is landed again.
	if err := p.freeze(ctx, ulid.Make().String(), sourceOf(t.ArticleID)); err != nil {
		return sealed, err
	}
	return sealed, p.Land(ctx)
}

// holding gives the sealed days that hold revisions of an article which the store
// does not know any more: it lets go of those that others followed.
func (p *Pipeline) holding(ctx context.Context, articleID string) (days []string, err error) {
	kept, err := p.Store.Revisions(ctx, articleID)
	if err != nil || len(kept) == 0 || kept[0].Revision == 1 {
		return nil, err
	}
	drops, err := p.Store.Drops(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range drops {
		if d.Manifest == nil || d.Date > kept[0].Drop {
			continue
		}
		m, err := sinks.ParseManifest(d.Manifest)
		if err != nil {
			return nil, err
		}
		if m.Sources[sourceOf(articleID)].Rows == 0 {
			continue
		}
		held, err := p.held(ctx, m)
		if err != nil {
			return nil, err
		}
		for revision := 1; revision < kept[0].Revision; revision++ {
			if held[revisionKey(articleID, revision)] {
				days = append(days, d.Date)
				break
			}
		}
	}
	return days, nil
}
