package pipeline

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"attache/internal/store"
	"attache/sinks"
)

// learn takes over further revisions of our days that are in the bucket and not known
// here, as when the store was put back from a copy: what was taken down in them must
// not come back.
func (p *Pipeline) learn(ctx context.Context) error {
	there, err := sinks.Revisions(ctx, p.Bucket)
	if err != nil {
		return err
	}
	drops, err := p.Store.Drops(ctx)
	if err != nil {
		return err
	}
	sealedHere := map[string]bool{}
	for _, d := range drops {
		sealedHere[d.Date] = !d.Sealed.IsZero()
	}
	for _, date := range slices.Sorted(maps.Keys(there)) {
		for _, rev := range there[date] {
			if rev == 0 {
				continue
			}
			if err := p.learnRevision(ctx, date, rev, sealedHere[date]); err != nil {
				return fmt.Errorf("r%d of the drop of %s, which was sealed elsewhere: %w", rev, date, err)
			}
		}
	}
	return nil
}

func (p *Pipeline) learnRevision(ctx context.Context, date string, rev int, sealedHere bool) error {
	if known, err := p.Store.Manifest(ctx, date, rev); err != nil || known != nil {
		return err
	}
	text, err := p.manifest(ctx, sinks.ManifestKey(date, rev))
	if err != nil || text == nil {
		return err
	}
	m, err := sinks.ParseManifest(text)
	if err != nil || m.DropDate != date || m.Rev != rev {
		p.log(ctx).Error("a manifest in S3 is not attache's; it was left as it is", "key", sinks.ManifestKey(date, rev), "error", err)
		return nil
	}
	if err := p.heed(ctx, m); err != nil {
		return err
	}
	if !sealedHere {
		return nil
	}
	p.log(ctx).Warn("a day was sealed again elsewhere; its newest revision stands", "drop", date, "rev", rev, "by", m.Producer, "reason", m.Reason)
	if _, err := p.Store.Adopt(ctx, date, rev, text, func(string, int) bool { return false }); err != nil {
		return err
	}
	return p.Store.Sealed(ctx, date, rev)
}

// heed takes down here what a manifest says was taken down.
func (p *Pipeline) heed(ctx context.Context, m sinks.Manifest) error {
	var list []store.Takedown
	for _, t := range m.TakenDown {
		list = append(list, store.Takedown{ArticleID: t.ArticleID, Reason: t.Reason})
	}
	unknown, err := p.Store.Heed(ctx, list)
	if unknown > 0 {
		p.log(ctx).Warn("articles were taken down elsewhere; their text is gone here too", "drop", m.DropDate, "articles", unknown)
	}
	return err
}
