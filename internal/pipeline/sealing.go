package pipeline

import (
	"context"
	"iter"

	"attache/internal/store"
)

// Sealing is how far the seal of one drop has come.
type Sealing struct {
	Drop     string
	Stage    SealStage
	Rows, Of int64 // written of those there are; both 0 in other stages
}

// SealStage is what a seal is at.
type SealStage string

// The stages of a seal, in their order.
const (
	Writing SealStage = "writing"
	Landing SealStage = "landing"
	Proving SealStage = "reading back"
)

func (p *Pipeline) sealing(s Sealing) {
	if p.WatchSeal != nil {
		p.WatchSeal(s)
	}
}

// told hands a drop's rows on, and tells how far they are each time some more went by.
func (p *Pipeline) told(ctx context.Context, d store.Drop, rows iter.Seq2[[]byte, error]) (iter.Seq2[[]byte, error], error) {
	if p.WatchSeal == nil {
		return rows, nil
	}
	counts, err := p.Store.RowsBySource(ctx, d.Date)
	if err != nil {
		return nil, err
	}
	now := Sealing{Drop: d.Date, Stage: Writing}
	for _, n := range counts {
		now.Of += n
	}
	p.sealing(now)
	return func(yield func([]byte, error) bool) {
		for row, err := range rows {
			if now.Rows++; now.Rows%100 == 0 {
				p.sealing(now)
			}
			if !yield(row, err) {
				return
			}
		}
	}, nil
}
