// Package pipeline joins the stages: discovering and fetching, reading, deciding,
// keeping and landing. None of them knows another; what passes between them is
// decided here.
package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/oklog/ulid/v2"

	"attache/crawlers"
	"attache/crawlers/transport"
	"attache/internal/capture"
	"attache/internal/runlog"
	"attache/internal/topic"
	"attache/seeds"
	"attache/sinks"
)

// Pipeline runs sources. Its fields are set once, before the first run; runs of
// different sources may go at the same time, runs of one source must not.
type Pipeline struct {
	Store     Store
	Transport *transport.Transport
	Topic     *topic.Decider
	Sources   []*seeds.Source                                                    // all there are: whose address a source line may name
	Bucket    *sinks.Bucket                                                      // nil: records stay in the store, for a trial run
	Embedded  bool                                                               // its addresses mean nothing elsewhere
	Spool     string                                                             // folder for frozen batches
	Settle    func() error                                                       // makes what S3 has acknowledged outlast a power cut; nil where S3 does so itself
	Ahead     func(context.Context) (ahead time.Duration, dated bool, err error) // how far S3's clock is ahead of ours; nil where they are one
	Room      func() error                                                       // an error when the disk is too full to take more in; may be nil
	Captures  *capture.Store                                                     // nil: pages are not kept as sent
	Traffic   *Counter                                                           // what the transport observes; may be nil
	MaxPage   int64                                                              // largest page, decoded, in bytes; of captures that are read again
	Attempts  int                                                                // visits an address gets
	Revisits  Revisits
	Longest   time.Duration // of a run; what is left then waits for the next; 0 for no limit
	KeepLive  time.Duration // live parts stay so long after their day was sealed
	Zone      *time.Location
	Producer  string // program and version, for manifests
	Log       *slog.Logger
	Now       func() time.Time
	Watch     func(Report)  // told of each run's progress; may be nil
	WatchSeal func(Sealing) // told of each seal's; may be nil

	own   turns
	elder *Pipeline // whose turns count; nil for its own
}

// Run is one run over one source: the way of its articles from the publisher's
// lists to a live part in S3. What cannot be done is in the report; the error is
// for what stopped the run. A run that was stopped goes on with the next.
func (p *Pipeline) Run(ctx context.Context, src *seeds.Source) (Report, error) {
	run := p.newRun(src)
	if err := p.begin(ctx, run); err != nil {
		return run.report, err
	}
	within, cancel := ctx, context.CancelFunc(func() {})
	if p.Longest > 0 {
		within, cancel = context.WithTimeoutCause(ctx, p.Longest, errLongest)
	}
	defer cancel()
	run.crawler = crawlers.New(within, p.Transport, src)
	err := run.guarded(func() error { return run.work(within) })
	if errors.Is(err, errLongest) && run.listed {
		run.report.Note, err = fmt.Sprintf("the run took its %s; what is left waits for the next", p.Longest), nil
	}
	return p.finish(ctx, run, err)
}

// begin opens a run. What is read today belongs to today's drop, also when
// yesterday's is sealed later.
func (p *Pipeline) begin(ctx context.Context, run *run) (err error) {
	if p.Room != nil {
		err = p.Room()
	}
	if err == nil {
		err = p.Advance(ctx, p.DropDate(p.Now()))
	}
	if err == nil {
		err = p.Store.BeginRun(ctx, run.report.Run, run.src.ID, run.kind())
	}
	if err != nil {
		run.report.finish(err)
	}
	return err
}

// settled calls Settle, if there is one.
func (p *Pipeline) settled() error {
	if p.Settle == nil {
		return nil
	}
	return p.Settle()
}

// errLongest cuts a run that takes too long.
var errLongest = errors.New("the run took too long")

// finish lands what was read, also when the run was told to stop, and keeps the report.
func (p *Pipeline) finish(ctx context.Context, run *run, err error) (Report, error) {
	last, cancel := outlive(logging(ctx, run.Log))
	defer cancel()
	if freezeErr := p.freeze(last, run.report.Run, run.src.ID); freezeErr != nil {
		err = errors.Join(err, freezeErr)
	}
	run.report.Traffic = p.Traffic.Take(run.src.ID)
	run.report.Robots = p.robots(run.report.Traffic)
	run.report.finish(err)
	if endErr := p.Store.EndRun(last, run.report.Run, run.report.json(), err == nil && run.listed && run.report.sawAll()); endErr != nil {
		err = errors.Join(err, endErr)
	}
	if landErr := p.Land(last); landErr != nil {
		err = errors.Join(err, landErr)
	}
	run.conclude(err)
	if logErr := run.said.Close(last); logErr != nil {
		err = errors.Join(err, fmt.Errorf("the run's log: %w", logErr))
	}
	p.tell(run.report)
	return run.report, err
}

// robots are the digests of the rules a run was under.
func (p *Pipeline) robots(t Traffic) map[string]string {
	digests := map[string]string{}
	for origin := range t.origins {
		if d := p.Transport.RobotsDigest(origin); d != "" {
			digests[origin] = d
		}
	}
	return digests
}

// grace is how long a run that was told to stop may take to land what it read.
const grace = 30 * time.Second

// outlive gives a context that ends some grace after ctx does.
func outlive(ctx context.Context) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return longer, func() { stop(); cancel() }
}

// run is one run while it lasts.
type run struct {
	*Pipeline
	Log     *slog.Logger // the pipeline's, and what is kept with the run
	said    *runlog.Log
	src     *seeds.Source
	crawler *crawlers.Crawler
	report  Report
	whole   int  // pages of articles that came, or were as held
	inARow  int  // visits that gave nothing, since the last one that gave something
	listed  bool // its lists were asked, and what they list is open

	backfill    bool // it reads archives
	onVisit     func(of, left int)
	missed      []missed     // visits that gave nothing, judged when all are done
	withdrawals []withdrawal // likewise
}

func (p *Pipeline) newRun(src *seeds.Source) *run {
	r := &run{Pipeline: p, src: src, report: newReport(src.ID, ulid.Make().String())}
	r.said = runlog.New(p.Log.Handler(), func(ctx context.Context, from int, lines []string) error {
		return p.Store.Said(ctx, r.report.Run, from, lines)
	})
	r.Log = slog.New(r.said).With("source", src.ID, "run", r.report.Run)
	return r
}

// conclude says how it went.
func (r *run) conclude(err error) {
	o := r.report
	attrs := []any{"listed", o.Listed, "new", o.Opened, "fetched", o.Fetched, "outcomes", o.Outcomes, "requests", o.Traffic.Requests}
	if o.Note != "" {
		attrs = append(attrs, "note", o.Note)
	}
	if err != nil {
		attrs = append(attrs, "error", err)
	}
	r.Log.Info("the run is over", attrs...)
}

// kind says what the run is of, as the store's runs name it.
func (r *run) kind() string {
	if r.backfill {
		return archived
	}
	return "news"
}

// guarded makes a panic cost this run and nothing else.
func (r *run) guarded(work func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.Log.Error("panic", "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("attache itself failed on %s: %v", r.src.ID, p)
		}
	}()
	return work()
}

// work looks for what is new and reads it, and looks again at what is due for it.
func (r *run) work(ctx context.Context) (err error) {
	if err := r.discover(ctx); err != nil {
		return err
	}
	r.listed = true
	if r.Revisits.Force {
		if err := r.Store.Hasten(ctx, r.src.ID); err != nil {
			return err
		}
	}
	if r.report.Revisits, err = r.Store.OpenRevisits(ctx, r.src.ID, most); err != nil {
		return err
	}
	return r.read(ctx)
}

func (p *Pipeline) tell(r Report) {
	if p.Watch != nil {
		p.Watch(r.copy())
	}
}

// DropDate is the day whose drop takes what is read at t, by the clock alone.
func (p *Pipeline) DropDate(t time.Time) string { return t.In(p.Zone).Format(time.DateOnly) }

// errQuiet ends the visits of a run, not the run's success.
var errQuiet = errors.New("the publisher wants quiet")

func quiet(err error) error { return fmt.Errorf("%w: %w", errQuiet, err) }
