package pipeline

import (
	"context"
	"errors"
	"time"

	"attache/sinks"
)

// clockError is how far this machine's clock may be ahead of S3's when a day ends.
const clockError = 5 * time.Minute

// errEarly is a day that stays open.
var errEarly = errors.New("this machine's clock is ahead of S3's, by which the open day is not over: the day stays open until the clock is set right")

// Advance makes date the day that takes new revisions, unless this machine's clock has
// run ahead of S3's into that day: what is closed stays closed, and what is read would go
// into that day's drop until it comes. Then the day stays open, and that is
// logged. An S3 that cannot be asked has no say.
func (p *Pipeline) Advance(ctx context.Context, date string) error {
	err := p.advance(ctx, date)
	if errors.Is(err, errEarly) {
		p.log(ctx).Error(err.Error(), "clock_says", date)
		return nil
	}
	return err
}

// advance is Advance; errEarly when the day stays open.
func (p *Pipeline) advance(ctx context.Context, date string) error {
	if p.Ahead != nil {
		open, err := p.Store.OpenDate(ctx)
		if err != nil {
			return err
		}
		if open != "" && open < date && p.early(ctx) {
			return errEarly
		}
	}
	return p.Store.Advance(ctx, date)
}

// early reports whether it is an earlier day by S3's clock.
func (p *Pipeline) early(ctx context.Context) bool {
	ahead, dated, err := p.Ahead(ctx)
	if err != nil {
		return errors.Is(err, sinks.ErrClock)
	}
	now := p.Now()
	return dated && p.DropDate(now.Add(ahead+clockError)) < p.DropDate(now)
}
