package pipeline

import (
	"context"
	"iter"
	"time"

	"attache/internal/article"
	"attache/internal/store"
)

// Store is what the pipeline asks of what survives a crash.
type Store interface {
	Horizon(ctx context.Context, source string, first time.Time) (time.Time, error)
	LastWhole(ctx context.Context, source string) (time.Time, error)
	Known(ctx context.Context, articleID string) (bool, error)
	Held(ctx context.Context, source, step, list string) ([]byte, error)
	OpenNew(ctx context.Context, source string, listed []store.Listed, lists store.Lists) (store.Opened, error)
	OpenRevisits(ctx context.Context, source string, limit int) (int, error)

	Todo(ctx context.Context, source string, backfill bool) ([]store.Item, error)
	StillOpen(ctx context.Context, source, kind string) (int, error)
	Attempt(ctx context.Context, item store.Item, budget int, least time.Time, reason string) (bool, error)
	Rest(ctx context.Context, item store.Item, until time.Time) error
	Hold(ctx context.Context, item store.Item, until time.Time) error
	Gone(ctx context.Context, item store.Item, until time.Time) error
	Hasten(ctx context.Context, source string) error
	GoneLately(ctx context.Context, source string, since time.Time) (gone, looked int, err error)
	End(ctx context.Context, item store.Item, outcome article.Outcome, reason string) error
	EndOutside(ctx context.Context, item store.Item, reason string, j store.Judgement) error
	Neighbours(ctx context.Context, articleID string, t store.Telling, days int) ([]store.Neighbour, error)
	Keep(ctx context.Context, item store.Item, r *article.Record, t store.Telling) (article.Outcome, error)
	Withdraw(ctx context.Context, item store.Item, run string, reason article.ChangeReason, note string) (article.Outcome, error)
	Latest(ctx context.Context, articleID string) (*article.Record, error)
	Pruned(ctx context.Context, articleID string) (bool, error)
	Reread(ctx context.Context, url string, r *article.Record, first *store.First) (article.Outcome, error)

	Backfill(ctx context.Context, source, from, to string) (int64, error)
	BackfillRead(ctx context.Context, backfill int64, list string) (bool, error)
	OpenArchived(ctx context.Context, backfill int64, source, list string, listed []store.Listed) (store.Opened, error)
	EndBackfill(ctx context.Context, backfill int64) error

	BeginRun(ctx context.Context, run, source, kind string) error
	EndRun(ctx context.Context, run string, summary []byte, whole bool) error
	Said(ctx context.Context, run string, from int, lines []string) error
	Gaps(ctx context.Context, from, to time.Time) ([]store.Gap, error)

	Freeze(ctx context.Context, source string, write func(date string, rows iter.Seq2[[]byte, error]) (store.Batch, error)) error
	Frozen(ctx context.Context) ([]store.Batch, error)
	BatchRows(ctx context.Context, b store.Batch) iter.Seq2[[]byte, error]
	Landed(ctx context.Context, b store.Batch) error

	Advance(ctx context.Context, date string) error
	OpenDate(ctx context.Context) (string, error)
	Drops(ctx context.Context) ([]store.Drop, error)
	Rows(ctx context.Context, date string) iter.Seq2[[]byte, error]
	WholeRows(ctx context.Context, date string) (int64, error)
	LedgerOf(ctx context.Context, drop string, from, to time.Time) ([]article.Ledger, error)
	Watched(ctx context.Context, from, to time.Time) (map[string]store.Watched, error)
	RowsBySource(ctx context.Context, date string) (map[string]int64, error)
	Rejects(ctx context.Context, from, to time.Time) iter.Seq2[store.Reject, error]

	Intend(ctx context.Context, date string, rev int, manifest []byte, path string) error
	Recant(ctx context.Context, date string, rev int) error
	Adopt(ctx context.Context, date string, rev int, manifest []byte, missing func(articleID string, revision int) bool) (int, error)
	Sealed(ctx context.Context, date string, rev int) error
	Revise(ctx context.Context, date, reason string) (int, error)
	Manifest(ctx context.Context, date string, rev int) ([]byte, error)
	Manifests(ctx context.Context, before string, most int) ([]string, error)

	Committed(ctx context.Context, date string) ([]byte, error)
	Unnamed(ctx context.Context, date string) ([]string, error)

	Supersede(ctx context.Context, before time.Time) error
	Removals(ctx context.Context) ([]string, error)
	Removed(ctx context.Context, key string) error

	Ask(ctx context.Context, t store.Takedown) error
	TakeDown(ctx context.Context, t store.Takedown, alsoIn []string) error
	Heed(ctx context.Context, list []store.Takedown) (int, error)
	TakenDown(ctx context.Context, articleID string) (string, error)
	Takedowns(ctx context.Context, stage store.Stage) ([]store.Takedown, error)
	Wipe(ctx context.Context) error
	Erased(ctx context.Context, articleID string) error
	Addresses(ctx context.Context, articleID string) ([]string, error)
}
