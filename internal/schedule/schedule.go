// Package schedule decides who is due and runs it. robfig/cron parses the
// schedules; the loop is ours, because its timers sleep through a suspended
// machine and its entries forget their due time in a restart.
package schedule

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// Memory remembers due times and pauses over restarts. Nothing else may change
// them while a Scheduler works: it reads them once.
type Memory interface {
	Due(ctx context.Context, id string) (time.Time, error) // zero: never set
	SetDue(ctx context.Context, id string, at time.Time) error
	Paused(ctx context.Context, id string) (since time.Time, err error) // zero: it is not
	SetPaused(ctx context.Context, id string, since time.Time) error    // zero: no more
}

// Clock tells the time and waits.
type Clock interface {
	Now() time.Time
	// Sleep returns after d, or at once when ctx ends.
	Sleep(ctx context.Context, d time.Duration)
}

// Scheduler runs tasks. A task never overlaps itself; missed ticks run once; a
// task that panics or fails is run again when it is next due. Its fields are set
// before Run; what changes later, its methods change.
type Scheduler struct {
	Tasks  []Task
	Memory Memory
	Clock  Clock
	AtOnce int           // tasks that may run at the same time
	Look   time.Duration // how often the wall clock is read
	Log    *slog.Logger

	mu      sync.Mutex
	entries map[string]*entry
	running int
	looked  time.Time // by the wall clock, which may be put back
	turned  time.Time // when the loop last looked; by the monotonic clock
	wake    func()    // ends the loop's sleep
}

// entry is a task while the Scheduler knows it.
type entry struct {
	Task
	due    time.Time
	unsure bool // due may be later than the next start
	paused time.Time
	asked  bool // to run now, whatever its due time
	gone   bool // no task any more; forgotten when its run ends

	running  bool
	since    time.Time // the run that goes on began; with the monotonic reading
	longest  time.Duration
	started  time.Time // of the last run that ended
	ended    time.Time
	failure  string
	runs     int
	failures int
}

// Run works until ctx ends, and then until the tasks that are running have
// returned; they are told by the same ctx.
func (s *Scheduler) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	if err := s.Swap(ctx, s.Tasks, s.AtOnce); err != nil {
		if ctx.Err() != nil {
			return nil // told to stop, nothing more
		}
		return err
	}
	for ctx.Err() == nil {
		sleep, wake := context.WithCancel(ctx)
		s.mu.Lock()
		s.turned, s.wake = time.Now(), wake
		due := s.look(ctx)
		s.mu.Unlock()
		for _, e := range due {
			task := e.Task
			wg.Go(func() { s.do(ctx, task, e) })
		}
		s.Clock.Sleep(sleep, s.Look)
		wake()
	}
	return nil
}

// look marks the tasks as running whose time has come and for which there is
// room: those asked for first, then the longest due.
func (s *Scheduler) look(ctx context.Context) []*entry {
	now := s.Clock.Now()
	back := now.Before(s.looked)
	s.looked = now
	var due []*entry
	for _, e := range s.entries {
		e.unsure = e.unsure || back
		if !e.running && !e.gone && (e.asked || e.paused.IsZero() && s.due(ctx, e, now)) {
			due = append(due, e)
		}
	}
	slices.SortFunc(due, func(a, b *entry) int {
		if a.asked != b.asked {
			if a.asked {
				return -1
			}
			return 1
		}
		return a.due.Compare(b.due)
	})
	due = due[:min(len(due), max(0, s.AtOnce-s.running))]
	for _, e := range due {
		e.running, e.asked, e.since, e.longest = true, false, time.Now(), e.Longest
		s.running++
	}
	return due
}

// due says whether the task's time has come. A task never seen before is due at
// once. A time later than the start of the next tick, from a clock that has been put
// back since or from another schedule, is replaced by that.
func (s *Scheduler) due(ctx context.Context, e *entry, now time.Time) bool {
	if !now.Before(e.due) {
		return true
	}
	if !e.unsure {
		return false
	}
	e.unsure = false
	if next := e.After(now); !next.IsZero() && next.Before(e.due) {
		s.setDue(ctx, e, next)
	}
	return false
}

func (s *Scheduler) setDue(ctx context.Context, e *entry, at time.Time) {
	e.due, e.unsure = at, false
	if err := s.Memory.SetDue(ctx, e.ID, at); err != nil && ctx.Err() == nil {
		s.Log.Error("due time not kept; after a restart the task may run too soon", "source", e.ID, "error", err)
	}
}

// do runs the task and then says when it is next due: a run that is cut off
// leaves the old time standing, and so is due again at the next start.
func (s *Scheduler) do(ctx context.Context, t Task, e *entry) {
	started := s.Clock.Now()
	err := s.guarded(ctx, t)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Clock.Now()
	e.running = false
	e.started, e.ended, e.failure = started, now, ""
	e.runs++
	s.running--
	if err != nil {
		e.failure = err.Error()
		e.failures++
	}
	if e.gone {
		delete(s.entries, e.ID)
	}
	if ctx.Err() != nil {
		return
	}
	next := e.Next(now) // by the schedule of today, which may not be the one it was started by
	if later := e.After(started); later.After(next) && !now.Before(started) {
		next = later // that start was of a tick which this run has served
	}
	if next.IsZero() { // a schedule whose day never comes
		next = now.AddDate(1, 0, 0)
	}
	if err != nil {
		s.Log.Error("run failed", "source", t.ID, "error", err)
		if soon := now.Add(t.Retry); t.Retry > 0 && soon.Before(next) && (t.Retries == nil || t.Retries(err)) {
			next = soon
		}
	}
	s.setDue(ctx, e, next)
	s.wake() // there is room for another
}

func (s *Scheduler) guarded(ctx context.Context, t Task) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.Log.Error("panic", "source", t.ID, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return t.Do(ctx)
}
