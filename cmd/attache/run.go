package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/robfig/cron/v3"

	"attache/internal/alarm"
	"attache/internal/daemon"
	"attache/internal/schedule"
	"attache/internal/store"
	"attache/internal/view"
)

// runCmd is the daemon.
type runCmd struct {
	settings
}

func (c *runCmd) Run(ctx context.Context) (err error) {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	settings, err := c.load()
	if err != nil {
		return err
	}
	p, err := assemble(ctx, settings, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close.all()) }()
	alarms, err := p.daemonise(c.settings, hangup)
	if err != nil {
		return err
	}
	p.log.Info("attache runs", "version", version, "sources", len(p.sources), "data", settings.Data)
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if p.s3 != nil {
		go func() { // without its S3 the daemon is no use: end, and be started again
			select {
			case <-p.s3.Done():
				stop(errors.Join(errS3Ended, p.s3.Err()))
			case <-ctx.Done():
			}
		}()
	}
	var looking sync.WaitGroup
	defer looking.Wait()
	defer stop(nil)
	looking.Go(func() { alarms.Run(ctx) })
	looking.Go(func() { probe(ctx, p.bucket.Check, p.metrics.S3Failing, p.log) }) // nothing waits for an S3 that is slow to say that it is away
	err = p.daemon.Run(ctx)
	p.log.Info("attache has stopped")
	if cause := context.Cause(ctx); errors.Is(cause, errS3Ended) {
		err = errors.Join(err, cause)
	}
	return err
}

// daemonise makes the daemon of p, and what raises its alarms.
func (p *parts) daemonise(s settings, hangup <-chan os.Signal) (*alarm.Alarms, error) {
	first, err := p.generation(s.ConfigFile)
	if err != nil {
		return nil, err
	}
	p.daemon, err = daemon.New(daemon.Options{
		First: first, Load: func(context.Context) (*daemon.Generation, error) { return p.again(s) },
		Store: p.store, Bucket: p.bucket, Land: p.pipeline.Land, Hangup: hangup, Tell: p.metrics.Reloaded, Clock: p.clock, Version: version, Log: p.log,
	})
	if err != nil {
		return nil, err
	}
	return p.watch(), nil
}

var errS3Ended = errors.New("the embedded S3 has ended, and attache with it; start it again")

// tasks are one for each source, the seal, and the tidying up after it.
func (p *parts) tasks() ([]schedule.Task, error) {
	var tasks []schedule.Task
	for _, src := range p.sources {
		task := view.Task(src)
		task.Longest = p.pipeline.Longest
		// A publisher that failed is asked again at its time, and no sooner; when it was the
		// disk, nobody was asked, and a day's news may be at stake.
		task.Retry, task.Retries = 5*time.Minute, func(err error) bool { return errors.Is(err, errNoRoom) }
		task.Do = func(ctx context.Context) error {
			_, err := p.pipeline.Run(ctx, src)
			return err
		}
		tasks = append(tasks, task)
	}
	at := p.config.Seal.At
	daily, err := cron.ParseStandard(fmt.Sprintf("%d %d * * *", at.Minute, at.Hour))
	if err != nil {
		return nil, err
	}
	later, err := cron.ParseStandard(fmt.Sprintf("%d %d * * *", at.Minute, (at.Hour+1)%24))
	if err != nil {
		return nil, err
	}
	tasks = append(tasks, schedule.Task{ID: ":tidy", Cron: later, Zone: p.config.Location(), Do: p.tidy})
	// A task new to the store is due at once: the first seal finds nothing closed.
	return append(tasks, schedule.Task{ID: ":seal", Retry: 5 * time.Minute, Cron: daily, Zone: p.config.Location(), Do: func(ctx context.Context) error {
		sealed, err := p.pipeline.Seal(ctx, p.pipeline.DropDate(p.clock.Now()))
		for _, m := range sealed {
			p.log.Info("sealed", "drop", m.DropDate, "rows", m.Rows)
		}
		return err
	}}), nil
}

// tidy closes the ledgers of the days that are over and lets go of what is old.
func (p *parts) tidy(ctx context.Context) error {
	if err := p.store.CloseLedgers(ctx, p.config.Location()); err != nil {
		return err
	}
	keep := p.config.Store
	done, err := p.store.Prune(ctx, store.Ages{Items: time.Duration(keep.Items), Runs: time.Duration(keep.Runs), FailedRuns: time.Duration(keep.FailedRuns)})
	if done != (store.Pruned{}) {
		p.log.Info("pruned", "items", done.Items, "revisions", done.Revisions, "texts", done.Texts, "runs", done.Runs, "lists", done.Lists, "pages", done.Pages)
	}
	return err
}
