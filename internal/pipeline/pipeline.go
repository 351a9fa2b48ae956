// Package pipeline joins the stages: discovering and fetching, reading, deciding,
// keeping and landing. None of them knows another; what passes between them is
// decided here.
package pipeline

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"attache/crawlers"
	"attache/crawlers/transport"
	"attache/internal/article"
	"attache/internal/store"
	"attache/internal/topic"
	"attache/seeds"
	"attache/sinks"
)

// Store is what the pipeline asks of what survives a crash.
type Store interface {
	Horizon(ctx context.Context, source string, first time.Time) (time.Time, error)
	LastWhole(ctx context.Context, source string) (time.Time, error)
	Known(ctx context.Context, articleID string) (bool, error)
	OpenNew(ctx context.Context, source string, listed []store.Listed) (int, error)
	Todo(ctx context.Context, source string) ([]store.Item, error)
	Attempt(ctx context.Context, item store.Item, budget int, reason string) (bool, error)
	Rest(ctx context.Context, item store.Item, until time.Time) error
	End(ctx context.Context, item store.Item, outcome article.Outcome, reason string) error
	Keep(ctx context.Context, item store.Item, r *article.Record) (article.Outcome, error)

	BeginRun(ctx context.Context, run, source string) error
	EndRun(ctx context.Context, run string, summary []byte) error

	Freeze(ctx context.Context, source string, write func(date string, rows iter.Seq2[[]byte, error]) (store.Batch, error)) error
	Frozen(ctx context.Context) ([]store.Batch, error)
	BatchRows(ctx context.Context, b store.Batch) iter.Seq2[[]byte, error]
	Landed(ctx context.Context, b store.Batch) error

	Advance(ctx context.Context, date string) error
	Drops(ctx context.Context) ([]store.Drop, error)
	Rows(ctx context.Context, date string) iter.Seq2[[]byte, error]
	RowsBySource(ctx context.Context, date string) (map[string]int64, error)
	Intend(ctx context.Context, date string, manifest []byte, path string) error
	Sealed(ctx context.Context, date string) error
}

// Pipeline runs sources. Its fields are set once, before the first run; runs of
// different sources may go at the same time, runs of one source must not.
type Pipeline struct {
	Store     Store
	Transport *transport.Transport
	Topic     *topic.Decider
	Bucket    *sinks.Bucket // nil: records stay in the store, for a trial run
	Spool     string        // folder for frozen batches
	Attempts  int           // visits an address gets
	Zone      *time.Location
	Producer  string // program and version, for manifests
	Log       *slog.Logger
	Now       func() time.Time
	Watch     func(Report) // told of each run's progress; may be nil

	landing  sync.Mutex
	failedAt time.Time // when landing last failed, guarded by landing
	failure  error
}

// Run is one run over one source: the way of its articles from the publisher's
// lists to a live part in S3. What cannot be done is in the report; the error is
// for what stopped the run. A run that was stopped goes on with the next.
func (p *Pipeline) Run(ctx context.Context, src *seeds.Source) (Report, error) {
	run := &run{Pipeline: p, src: src, report: newReport(src.ID, ulid.Make().String())}
	// What is read today belongs to today's drop, also when yesterday's is sealed later.
	err := p.Store.Advance(ctx, p.DropDate(p.Now()))
	if err == nil {
		err = p.Store.BeginRun(ctx, run.report.Run, src.ID)
	}
	if err != nil {
		run.report.finish(err)
		return run.report, err
	}
	run.crawler = crawlers.New(ctx, p.Transport, src)
	err = run.work(ctx)
	// What was read lands even when the run was told to stop.
	last, cancel := outlive(ctx, grace)
	defer cancel()
	if freezeErr := p.freeze(last, run.report.Run, src.ID); freezeErr != nil {
		err = errors.Join(err, freezeErr)
	}
	run.report.finish(err)
	if endErr := p.Store.EndRun(last, run.report.Run, run.report.json()); endErr != nil {
		err = errors.Join(err, endErr)
	}
	if landErr := p.Land(last); landErr != nil {
		err = errors.Join(err, landErr)
	}
	p.watch(run.report)
	return run.report, err
}

// grace is how long a run that was told to stop may take to land what it read.
const grace = 30 * time.Second

// outlive gives a context that ends d after ctx does.
func outlive(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(d, cancel) })
	return longer, func() { stop(); cancel() }
}

// run is one run while it lasts.
type run struct {
	*Pipeline
	src     *seeds.Source
	crawler *crawlers.Crawler
	report  Report
	alive   bool // the publisher has answered something in this run
}

// work looks for what is new and reads it. A panic costs this run and nothing else.
func (r *run) work(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.Log.Error("panic", "source", r.src.ID, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("attache itself failed on %s: %v", r.src.ID, p)
		}
	}()
	if err := r.discover(ctx); err != nil {
		return err
	}
	return r.read(ctx)
}

// horizon is the time before which nothing is news: since before the first run,
// and since before the last run that saw every list. So after weeks of downtime
// one run looks back far enough, and after years it does not look back years.
func (r *run) horizon(ctx context.Context) (time.Time, error) {
	since := time.Duration(r.src.Since)
	first, err := r.Store.Horizon(ctx, r.src.ID, r.Now().Add(-since))
	if err != nil {
		return first, err
	}
	last, err := r.Store.LastWhole(ctx, r.src.ID)
	if err != nil {
		return first, err
	}
	if after := last.Add(-since); after.After(first) {
		return after, nil
	}
	return first, nil
}

// discover opens what the source lists and the store has never seen.
func (r *run) discover(ctx context.Context) error {
	after, err := r.horizon(ctx)
	if err != nil {
		return err
	}
	listed, steps := r.crawler.Discover(crawlers.Look{After: after, Known: func(id string) bool {
		known, err := r.Store.Known(ctx, id)
		return err == nil && known
	}})
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	for _, s := range steps {
		r.alive = r.alive || s.Err == nil
		r.report.step(s)
		if s.Err != nil {
			r.Log.Warn("discovery step failed", "source", r.src.ID, "step", s.Kind, "address", s.Address, "error", s.Err)
		}
	}
	open := make([]store.Listed, len(listed))
	for i, l := range listed {
		open[i] = store.Listed{ArticleID: l.ID, URL: l.URL, Dated: l.Published}
	}
	r.report.Listed = len(listed)
	r.report.Opened, err = r.Store.OpenNew(ctx, r.src.ID, open)
	return err
}

func (p *Pipeline) watch(r Report) {
	if p.Watch != nil {
		p.Watch(r.copy())
	}
}

// DropDate is the day whose drop takes what is read at t, by the clock alone.
func (p *Pipeline) DropDate(t time.Time) string { return t.In(p.Zone).Format(time.DateOnly) }

// errQuiet ends the visits of a run, not the run's success.
var errQuiet = errors.New("the publisher wants quiet")

func quiet(err error) error { return fmt.Errorf("%w: %w", errQuiet, err) }
