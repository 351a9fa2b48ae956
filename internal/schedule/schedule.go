// Package schedule decides who is due and runs it. robfig/cron parses the
// schedules; the loop is ours, because its timers sleep through a suspended
// machine and its entries forget their due time in a restart.
package schedule

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/robfig/cron/v3"
)

// Task is something to be done on a schedule.
type Task struct {
	ID   string
	Cron cron.Schedule
	Zone *time.Location // the schedule's
	Do   func(ctx context.Context) error
	// Retry is how soon it is tried again after a failure, when its next tick is
	// later than that; zero waits for the tick.
	Retry time.Duration
}

// Memory remembers due times over restarts.
type Memory interface {
	Due(ctx context.Context, id string) (time.Time, error) // zero: never set
	SetDue(ctx context.Context, id string, at time.Time) error
}

// Clock tells the time and waits.
type Clock interface {
	Now() time.Time
	// Sleep returns after d, or at once when ctx ends.
	Sleep(ctx context.Context, d time.Duration)
}

// Scheduler runs tasks. A task never overlaps itself; missed ticks run once; a
// task that panics or fails is run again when it is next due.
type Scheduler struct {
	Tasks  []Task
	Memory Memory
	Clock  Clock
	AtOnce int           // tasks that may run at the same time
	Look   time.Duration // how often the wall clock is read
	Log    *slog.Logger

	mu      sync.Mutex
	running map[string]bool
}

// Run works until ctx ends, and then until the tasks that are running have
// returned; they are told by the same ctx.
func (s *Scheduler) Run(ctx context.Context) error {
	s.running = make(map[string]bool)
	places := make(chan struct{}, s.AtOnce)
	var wg sync.WaitGroup
	defer wg.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop() // when the memory fails, the tasks are told as well
	for ctx.Err() == nil {
		for _, t := range s.Tasks {
			// Taken before its due time is read: a run that ends in between has set another.
			if !s.take(t.ID) {
				continue
			}
			due, err := s.due(ctx, t)
			if err != nil || !due {
				s.give(t.ID)
			}
			switch {
			case err != nil && ctx.Err() != nil:
				return nil
			case err != nil:
				return fmt.Errorf("schedule of %s: %w", t.ID, err)
			case due:
				wg.Go(func() {
					defer s.give(t.ID)
					select {
					case places <- struct{}{}:
						defer func() { <-places }()
						s.do(ctx, t)
					case <-ctx.Done():
					}
				})
			}
		}
		s.Clock.Sleep(ctx, s.Look)
	}
	return nil
}

// due says whether the task's time has come. A task never seen before is due at
// once. A time later than the next tick, from a clock that has been put back since
// or from another schedule, is replaced by that tick.
func (s *Scheduler) due(ctx context.Context, t Task) (bool, error) {
	at, err := s.Memory.Due(ctx, t.ID)
	if err != nil {
		return false, err
	}
	now := s.Clock.Now()
	if !now.Before(at) {
		return true, nil
	}
	if next := t.Cron.Next(now.In(t.Zone)); !next.IsZero() && next.Before(at) {
		return false, s.Memory.SetDue(ctx, t.ID, next)
	}
	return false, nil
}

// do runs the task and then says when it is next due: a run that is cut off
// leaves the old time standing, and so is due again at the next start.
func (s *Scheduler) do(ctx context.Context, t Task) {
	err := s.guarded(ctx, t)
	if ctx.Err() != nil {
		return
	}
	now := s.Clock.Now()
	next := t.Cron.Next(now.In(t.Zone))
	if next.IsZero() { // a schedule whose day never comes
		next = now.AddDate(1, 0, 0)
	}
	if err != nil {
		s.Log.Error("run failed", "task", t.ID, "error", err)
		if soon := now.Add(t.Retry); t.Retry > 0 && soon.Before(next) {
			next = soon
		}
	}
	if err := s.Memory.SetDue(ctx, t.ID, next); err != nil && ctx.Err() == nil {
		s.Log.Error("due time not kept; the task may run again too soon", "task", t.ID, "error", err)
	}
}

func (s *Scheduler) guarded(ctx context.Context, t Task) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.Log.Error("panic", "task", t.ID, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return t.Do(ctx)
}

func (s *Scheduler) take(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[id] {
		return false
	}
	s.running[id] = true
	return true
}

func (s *Scheduler) give(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, id)
}

// Wall is the real clock.
type Wall struct{}

// Now is the time of day, without the monotonic reading: a suspended machine's
// clock stands still, the wall's does not.
func (Wall) Now() time.Time { return time.Now().Round(0) }

// Sleep waits on a timer.
func (Wall) Sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
