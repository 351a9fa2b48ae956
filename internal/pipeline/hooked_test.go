package pipeline

import (
	"context"
	"iter"

	"attache/internal/article"
	"attache/internal/store"
)

// hooked is a Store with a word before and after each thing that is written. An
// error from before stands instead of the call; one from after comes although the
// call was done, as when a process dies before it hears of it.
type hooked struct {
	Store
	before, after func(op, about string) error // about: an article, a source or a day; both may be nil
}

func (h hooked) around(op, about string, call func() error) error {
	if h.before != nil {
		if err := h.before(op, about); err != nil {
			return err
		}
	}
	if err := call(); err != nil {
		return err
	}
	if h.after != nil {
		return h.after(op, about)
	}
	return nil
}

func (h hooked) BeginRun(ctx context.Context, run, source, kind string) error {
	return h.around("BeginRun", source, func() error { return h.Store.BeginRun(ctx, run, source, kind) })
}

func (h hooked) EndRun(ctx context.Context, run string, summary []byte, whole bool) error {
	return h.around("EndRun", run, func() error { return h.Store.EndRun(ctx, run, summary, whole) })
}

func (h hooked) OpenNew(ctx context.Context, source string, listed []store.Listed, lists store.Lists) (n store.Opened, err error) {
	err = h.around("OpenNew", source, func() error { n, err = h.Store.OpenNew(ctx, source, listed, lists); return err })
	return n, err
}

func (h hooked) End(ctx context.Context, i store.Item, outcome article.Outcome, reason string) error {
	return h.around("End", i.ArticleID, func() error { return h.Store.End(ctx, i, outcome, reason) })
}

func (h hooked) Keep(ctx context.Context, i store.Item, r *article.Record, t store.Telling) (outcome article.Outcome, err error) {
	err = h.around("Keep", i.ArticleID, func() error { outcome, err = h.Store.Keep(ctx, i, r, t); return err })
	return outcome, err
}

func (h hooked) Freeze(ctx context.Context, source string, write func(date string, rows iter.Seq2[[]byte, error]) (store.Batch, error)) error {
	return h.around("Freeze", source, func() error {
		return h.Store.Freeze(ctx, source, func(date string, rows iter.Seq2[[]byte, error]) (b store.Batch, err error) {
			err = h.around("write", date, func() error { b, err = write(date, rows); return err })
			return b, err
		})
	})
}

func (h hooked) Landed(ctx context.Context, b store.Batch) error {
	return h.around("Landed", b.Key, func() error { return h.Store.Landed(ctx, b) })
}

func (h hooked) Advance(ctx context.Context, date string) error {
	return h.around("Advance", date, func() error { return h.Store.Advance(ctx, date) })
}

func (h hooked) Intend(ctx context.Context, date string, rev int, manifest []byte, path string) error {
	return h.around("Intend", date, func() error { return h.Store.Intend(ctx, date, rev, manifest, path) })
}

func (h hooked) Recant(ctx context.Context, date string, rev int) error {
	return h.around("Recant", date, func() error { return h.Store.Recant(ctx, date, rev) })
}

func (h hooked) Sealed(ctx context.Context, date string, rev int) error {
	return h.around("Sealed", date, func() error { return h.Store.Sealed(ctx, date, rev) })
}

func (h hooked) Adopt(ctx context.Context, date string, rev int, manifest []byte, missing func(string, int) bool) (moved int, err error) {
	err = h.around("Adopt", date, func() error { moved, err = h.Store.Adopt(ctx, date, rev, manifest, missing); return err })
	return moved, err
}

func (h hooked) Revise(ctx context.Context, date, reason string) (rev int, err error) {
	err = h.around("Revise", date, func() error { rev, err = h.Store.Revise(ctx, date, reason); return err })
	return rev, err
}

func (h hooked) Removed(ctx context.Context, key string) error {
	return h.around("Removed", key, func() error { return h.Store.Removed(ctx, key) })
}

func (h hooked) TakeDown(ctx context.Context, t store.Takedown, alsoIn []string) error {
	return h.around("TakeDown", t.ArticleID, func() error { return h.Store.TakeDown(ctx, t, alsoIn) })
}

func (h hooked) Erased(ctx context.Context, articleID string) error {
	return h.around("Erased", articleID, func() error { return h.Store.Erased(ctx, articleID) })
}
