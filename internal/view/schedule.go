package view

import (
	"context"
	"time"

	"attache/internal/schedule"
	"attache/internal/store"
	"attache/seeds"
)

// splay is how long after its tick a source may start: they do not all ask at once.
const splay = 5 * time.Minute

// Task is the source's, without what is to be done.
func Task(src *seeds.Source) schedule.Task {
	return schedule.Task{ID: src.ID, Cron: src.Cron, Zone: src.Zone, Splay: splay}
}

// When is when a source runs. Times are in its own zone.
type When struct {
	ID       string      `json:"id"`
	Schedule string      `json:"schedule"`
	Timezone string      `json:"timezone"`
	Due      *time.Time  `json:"due"`     // null: it never ran, and is due at once
	Overdue  bool        `json:"overdue"` // its time has come, and it does not run
	Paused   *time.Time  `json:"paused"`  // since when; null: it is not
	Running  *time.Time  `json:"running"` // since when; null: it does not, or no daemon does
	Next     []time.Time `json:"next"`    // starts; empty while it is paused
	Error    string      `json:"error"`   // of its last run with this daemon; "" when it went well
}

// Timetable gives the next n starts of each source, by what the store says. A nil
// store is one that is not there yet.
func Timetable(ctx context.Context, s *store.Store, sources []*seeds.Source, now time.Time, n int) ([]When, error) {
	rows := make([]When, len(sources))
	for i, src := range sources {
		var err error
		if rows[i], err = when(ctx, s, src, now, n); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func when(ctx context.Context, s *store.Store, src *seeds.Source, now time.Time, n int) (When, error) {
	var due, paused time.Time
	if s != nil {
		var err error
		if due, err = s.Due(ctx, src.ID); err != nil {
			return When{}, err
		}
		if paused, err = s.Paused(ctx, src.ID); err != nil {
			return When{}, err
		}
	}
	w := When{ID: src.ID, Schedule: src.Schedule, Timezone: src.Timezone, Next: []time.Time{}}
	w.Due, w.Paused = in(src.Zone, due), in(src.Zone, paused)
	task := Task(src)
	// A due time beyond the next tick's start is of another schedule, or of a clock that was ahead.
	if next := task.After(now); due.After(next) && !next.IsZero() {
		due = next
		w.Due = in(src.Zone, due)
	}
	if w.Paused != nil {
		return w, nil
	}
	at := now
	if due.After(now) {
		at = due
		w.Next = append(w.Next, at.In(src.Zone))
	} else {
		w.Overdue = true
	}
	for len(w.Next) < n {
		if at = task.After(at); at.IsZero() {
			break
		}
		w.Next = append(w.Next, at.In(src.Zone))
	}
	return w, nil
}

// Live adds what only the scheduler knows.
func (w *When) Live(st schedule.State, zone *time.Location) {
	w.Running, w.Error = in(zone, st.Running), st.Error
	w.Overdue = w.Overdue && w.Running == nil
}

func in(zone *time.Location, t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(zone)
	return &t
}
