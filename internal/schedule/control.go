package schedule

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// What cannot be done.
var (
	ErrUnknown = errors.New("no such task")
	ErrRunning = errors.New("it is running already")
)

// State is how a task stands.
type State struct {
	ID      string
	Due     time.Time // when it is next due; zero: at once, because it never ran
	Waiting bool      // its time has come, and others have the room
	Running time.Time // since when it runs; zero: it does not
	Paused  time.Time // since when it is; zero: it is not
	Started time.Time // the last run that ended with this process began; zero: there was none
	Ended   time.Time
	Error   string // of that run; "" when it went well

	Runs     int // that ended, since the process began
	Failures int // of those
}

// Swap replaces the tasks and how many of them may run at once. A run that goes on
// ends as it began; its task, if it is one still, is next due by its new schedule.
// On an error nothing is changed.
func (s *Scheduler) Swap(ctx context.Context, tasks []Task, atOnce int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh := map[string]*entry{}
	for _, t := range tasks {
		if s.entries[t.ID] != nil || fresh[t.ID] != nil {
			continue
		}
		due, err := s.Memory.Due(ctx, t.ID)
		if err != nil {
			return fmt.Errorf("schedule of %s: %w", t.ID, err)
		}
		paused, err := s.Memory.Paused(ctx, t.ID)
		if err != nil {
			return fmt.Errorf("schedule of %s: %w", t.ID, err)
		}
		fresh[t.ID] = &entry{due: due, paused: paused}
	}
	if s.entries == nil {
		s.entries = map[string]*entry{}
	}
	for _, e := range s.entries {
		e.gone = true
	}
	for _, t := range tasks {
		if fresh[t.ID] != nil {
			s.entries[t.ID] = fresh[t.ID]
		}
		e := s.entries[t.ID]
		e.Task, e.gone, e.unsure = t, false, true
	}
	maps.DeleteFunc(s.entries, func(_ string, e *entry) bool { return e.gone && !e.running })
	s.AtOnce = atOnce
	s.stir()
	return nil
}

// Pause keeps a task from being started, over restarts too. A run that goes on ends.
func (s *Scheduler) Pause(ctx context.Context, id string) error {
	return s.pause(ctx, id, s.Clock.Now())
}

// Resume lets a paused task be started again: at once, and once, when its time has come meanwhile.
func (s *Scheduler) Resume(ctx context.Context, id string) error {
	return s.pause(ctx, id, time.Time{})
}

func (s *Scheduler) pause(ctx context.Context, id string, since time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.known(id)
	if err != nil || e.paused.IsZero() == since.IsZero() {
		return err
	}
	if err := s.Memory.SetPaused(ctx, id, since); err != nil {
		return err
	}
	e.paused = since
	s.stir()
	return nil
}

// Now has a task run as soon as there is room, also one that is paused. It is
// ErrRunning when it runs.
func (s *Scheduler) Now(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.known(id)
	switch {
	case err != nil:
		return err
	case e.running:
		return fmt.Errorf("%s: %w", id, ErrRunning)
	}
	e.asked = true
	s.stir()
	return nil
}

func (s *Scheduler) known(id string) (*entry, error) {
	if e := s.entries[id]; e != nil && !e.gone {
		return e, nil
	}
	return nil, fmt.Errorf("%q: %w", id, ErrUnknown)
}

// stir has the loop look at once.
func (s *Scheduler) stir() {
	if s.wake != nil {
		s.wake()
	}
}

// States gives how the tasks stand, by id. One that was taken away is there until
// its run has ended.
func (s *Scheduler) States() []State {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Clock.Now()
	states := make([]State, 0, len(s.entries))
	for id, e := range s.entries {
		st := State{ID: id, Due: e.due, Paused: e.paused, Started: e.started, Ended: e.ended, Error: e.failure, Runs: e.runs, Failures: e.failures}
		if e.running {
			st.Running = e.since.Round(0)
		}
		st.Waiting = !e.running && (e.asked || e.paused.IsZero() && !now.Before(e.due))
		states = append(states, st)
	}
	slices.SortFunc(states, func(a, b State) int { return cmp.Compare(a.ID, b.ID) })
	return states
}

// Looked is when the loop last looked who is due; zero before it begins.
func (s *Scheduler) Looked() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.looked
}

// Stuck says what keeps the Scheduler from its work: a loop that has not turned for so
// long, a run that is over its Longest by more than grace. Time that the machine slept
// does not count.
func (s *Scheduler) Stuck(still, grace time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.turned.IsZero() {
		return errors.New("the scheduler has not begun")
	}
	if idle := time.Since(s.turned); idle > still {
		return fmt.Errorf("the scheduler has not turned for %s", idle.Round(time.Second))
	}
	var over []string
	for id, e := range s.entries {
		if e.running && e.longest > 0 && time.Since(e.since) > e.longest+grace {
			over = append(over, id)
		}
	}
	if slices.Sort(over); len(over) > 0 {
		return fmt.Errorf("runs do not end: %v", over)
	}
	return nil
}
