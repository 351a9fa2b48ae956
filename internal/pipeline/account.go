package pipeline

import (
	"context"
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"time"

	"attache/internal/article"
	"attache/internal/quality"
	"attache/internal/store"
	"attache/sinks"
)

// account is what a drop's manifest and its quality report say of it. It is told of
// each row as the rows are written.
type account struct {
	manifest sinks.Manifest
	tally    *quality.Tally
	rejects  []store.Reject // what was quarantined while the drop was open
	span     span
	spans    map[string]*span
	rules    map[string]map[string]bool
}

// span is when the oldest and the newest of some articles were published.
type span struct{ oldest, newest *time.Time }

// later is the later of two instants: a clock may have been set back.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (s *span) add(at *time.Time) {
	if at == nil {
		return
	}
	if s.oldest == nil || at.Before(*s.oldest) {
		s.oldest = at
	}
	if s.newest == nil || at.After(*s.newest) {
		s.newest = at
	}
}

// account opens the books of a drop: what is known of it before its rows.
func (p *Pipeline) account(ctx context.Context, d *store.Drop) (*account, error) {
	a := &account{spans: map[string]*span{}, rules: map[string]map[string]bool{}}
	a.manifest = sinks.Manifest{
		SchemaVersion: article.SchemaVersion,
		DropDate:      d.Date,
		Zone:          p.Zone.String(),
		Rev:           d.Rev,
		Reason:        d.Reason,
		Window:        sinks.Window{From: d.Opened, To: d.Closed},
		Producer:      p.Producer,
		SealedAt:      later(p.Now(), d.Closed),
		Running:       d.Running,
		Changes:       map[string]int64{},
		Sources:       map[string]sinks.SourceCount{},
	}
	if d.Rev > 0 {
		if err := p.restate(ctx, a, d); err != nil {
			return nil, err
		}
		return a, p.describe(ctx, a, d)
	}
	if err := p.follow(ctx, &a.manifest, d); err != nil {
		return nil, err
	}
	for _, enter := range []func(context.Context, *account, *store.Drop) error{p.gaps, p.watched, p.ledgers, p.rejected} {
		if err := enter(ctx, a, d); err != nil {
			return nil, err
		}
	}
	return a, p.describe(ctx, a, d)
}

// tallied hands rows on, and enters each in the books.
func (a *account) tallied(rows iter.Seq2[[]byte, error]) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for row, err := range rows {
			if err == nil {
				row, err = a.add(row)
			}
			if !yield(row, err) {
				return
			}
		}
		a.close()
	}
}

// add gives the row back, one that an earlier attache wrote in today's form: a drop
// has rows of one schema version, and later minor versions only add what may be null.
func (a *account) add(row []byte) ([]byte, error) {
	var r article.Record
	if err := json.Unmarshal(row, &r); err != nil {
		return nil, err
	}
	a.tally.Add(&r)
	a.manifest.Changes[string(r.ChangeType)]++
	s := a.manifest.Sources[r.Source]
	s.Rows++
	a.manifest.Sources[r.Source] = s
	if a.spans[r.Source] == nil {
		a.spans[r.Source], a.rules[r.Source] = &span{}, map[string]bool{}
	}
	if r.ChangeReason == article.FromTakedown {
		a.tombstone(&r)
	}
	a.span.add(r.PublishedAt)
	a.spans[r.Source].add(r.PublishedAt)
	if v := r.Extractor.RulesVersion; v != "" {
		a.rules[r.Source][v] = true
	}
	if r.SchemaVersion == a.manifest.SchemaVersion {
		return row, nil
	}
	r.SchemaVersion = a.manifest.SchemaVersion
	return r.JSON()
}

// tombstone names an article that was taken down, once.
func (a *account) tombstone(r *article.Record) {
	m := &a.manifest
	if !slices.ContainsFunc(m.TakenDown, func(t sinks.TakenDown) bool { return t.ArticleID == r.ArticleID }) {
		m.TakenDown = append(m.TakenDown, sinks.TakenDown{ArticleID: r.ArticleID, Reason: r.Redacted()})
	}
}

// close enters what only all rows together say.
func (a *account) close() {
	for id, span := range a.spans {
		s := a.manifest.Sources[id]
		s.Oldest, s.Newest, s.Rules = span.oldest, span.newest, slices.Sorted(maps.Keys(a.rules[id]))
		a.manifest.Sources[id] = s
	}
}
