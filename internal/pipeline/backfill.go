package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/oklog/ulid/v2"

	"attache/crawlers"
	"attache/internal/store"
	"attache/seeds"
)

// slower is how much slower than its news a source's archives are read.
const slower = 3

// Progress is how far a backfill has come.
type Progress struct {
	Lists, ListsRead int // of the archive; those an earlier start read included
	Begun            int // lists that were read before this start
	Opened           int // addresses opened by this start
	Ended            int // addresses that got their outcome in this start
	Of, Open         int // addresses of the list under way; of those, without an outcome
}

// Backfill reads what the source's archives hold from one day to another, both
// included, list by list: its addresses are opened, visited, and land before the
// next list is asked for. What was read before, as news or by an earlier start of the
// same backfill, is not read again. It may be stopped at any time and started
// again with the same days. Its records are marked as backfilled.
func (p *Pipeline) Backfill(ctx context.Context, src *seeds.Source, from, to time.Time, progress func(Progress)) (Report, error) {
	slow := *src
	slow.Pace.Delay *= slower
	slow.Pace.Jitter *= slower
	b := &backfill{run: p.newRun(&slow), from: from, to: to, progress: progress}
	b.backfill = true
	if err := p.begin(ctx, b.run); err != nil {
		return b.report, err
	}
	b.crawler = crawlers.New(ctx, p.Transport, &slow)
	err := b.guarded(func() error { return b.lists(ctx) })
	return p.finish(ctx, b.run, err)
}

type backfill struct {
	*run
	id       int64
	from, to time.Time
	now      Progress
	progress func(Progress)
}

// errUnfinished is a backfill that ran through and has to be started again.
var errUnfinished = errors.New("start it again with the same days to go on")

func (b *backfill) lists(ctx context.Context) error {
	units := b.crawler.Archive(b.from, b.to)
	if len(units) == 0 {
		return fmt.Errorf("source %s names no archive of %s to %s: give its file an archive step, or a discover step whose address holds a date such as {2006-01}",
			b.src.ID, b.from.Format(time.DateOnly), b.to.Format(time.DateOnly))
	}
	var err error
	if b.id, err = b.Store.Backfill(ctx, b.src.ID, b.from.Format(time.DateOnly), b.to.Format(time.DateOnly)); err != nil {
		return err
	}
	b.now.Lists = len(units)
	if err := b.visit(ctx); err != nil { // what an earlier start left open
		return err
	}
	failed := 0
	for _, u := range units {
		read, err := b.Store.BackfillRead(ctx, b.id, u.Address)
		if err != nil {
			return err
		}
		if read {
			b.now.Begun++
		} else if ok, err := b.list(ctx, u); err != nil {
			return err
		} else if !ok {
			failed++
			continue
		}
		b.now.ListsRead++
		b.progress(b.now)
	}
	left, err := b.Store.StillOpen(ctx, b.src.ID, archived)
	switch {
	case err != nil:
		return err
	case failed > 0:
		return fmt.Errorf("%d of %d lists could not be read; %w", failed, len(units), errUnfinished)
	case left > 0:
		return fmt.Errorf("%d addresses gave nothing yet, and rest for a while; %w, or leave them: after a week the usual runs take them over", left, errUnfinished)
	}
	return b.Store.EndBackfill(ctx, b.id)
}

// list reads one list of the archive and visits what it has; false when it could
// not be read.
func (b *backfill) list(ctx context.Context, u crawlers.Unit) (bool, error) {
	listed, err := b.crawler.ReadUnit(u)
	if ctx.Err() != nil {
		return false, context.Cause(ctx)
	}
	if e, ok := errors.AsType[*crawlers.Error](err); ok && e.Verdict == crawlers.Gone && e.Address == u.Address {
		err = nil // there was none for that day
	}
	b.report.step(crawlers.Step{Kind: u.Step.Kind(), Address: u.Address, Listed: len(listed), Err: err})
	if err != nil {
		b.Log.Warn("a list of the archive could not be read", "address", u.Address, "error", err)
		return false, nil
	}
	opened, err := b.Store.OpenArchived(ctx, b.id, b.src.ID, u.Address, b.within(listed))
	if err != nil {
		return false, err
	}
	b.report.Listed += len(listed)
	b.report.opened(opened)
	b.now.Opened += opened.All
	return true, b.visit(ctx)
}

// within leaves out what is known to be of other days. What was changed after them,
// by a list that says only that, may have been published in them.
func (b *backfill) within(listed []crawlers.Listed) []store.Listed {
	after := b.to.AddDate(0, 0, 1)
	kept := listed[:0]
	for _, l := range listed {
		before := !l.Modified.IsZero() && l.Modified.Before(b.from)
		if l.Published.IsZero() && !before || !l.Published.Before(b.from) && l.Published.Before(after) {
			kept = append(kept, l)
		}
	}
	return b.open(kept)
}

// visit reads what is open of the archive, and lands it.
func (b *backfill) visit(ctx context.Context) error {
	before := b.report.Ended()
	b.onVisit = func(of, left int) {
		b.now.Ended, b.now.Of, b.now.Open = b.report.Ended(), of, left
		b.progress(b.now)
	}
	if err := b.read(ctx); err != nil {
		return err
	}
	if b.report.Ended() == before {
		return nil
	}
	if err := b.freeze(ctx, ulid.Make().String(), b.src.ID); err != nil {
		return err
	}
	return b.Land(logging(ctx, b.Log))
}
