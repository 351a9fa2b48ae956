package schedule

import (
	"context"
	"hash/fnv"
	"math"
	"time"

	"github.com/robfig/cron/v3"
)

// Task is something to be done on a schedule.
type Task struct {
	ID   string
	Cron cron.Schedule
	Zone *time.Location // the schedule's
	Do   func(ctx context.Context) error
	// Splay is how long after its tick it may start: how long, the ID decides, the
	// same each time. It is never more than a quarter of the way to the next tick, and
	// zero for @every, which keeps no time of day.
	Splay time.Duration
	// Retry is how soon it is tried again after a failure, when its next tick is
	// later than that; zero waits for the tick. When Retries is set, only the failures
	// it holds for are.
	Retry   time.Duration
	Retries func(error) bool
	// Longest is what a run of it may take before it counts as stuck; zero for no limit.
	Longest time.Duration
}

// Next is when the task starts next after now; zero when it never does. A time of
// day that a change of the clocks leaves out comes at the change; one that comes
// twice counts once, unless the schedule is for every hour.
func (t Task) Next(now time.Time) time.Time {
	if _, ok := t.Cron.(cron.ConstantDelaySchedule); ok || t.Splay <= 0 {
		return t.tick(now)
	}
	// The start after a tick before now may still be to come.
	for tick := t.tick(now.Add(-t.Splay)); !tick.IsZero(); tick = t.tick(tick) {
		if start := tick.Add(t.offset(tick)); start.After(now) {
			return start
		}
	}
	return time.Time{}
}

// After is when the task starts next once it has run at ran: the start of the first
// tick after that. A tick before it, whose start its splay may put after it, that run has
// served. Zero when there is none.
func (t Task) After(ran time.Time) time.Time {
	tick := t.tick(ran)
	if _, ok := t.Cron.(cron.ConstantDelaySchedule); ok || t.Splay <= 0 || tick.IsZero() {
		return tick
	}
	return tick.Add(t.offset(tick))
}

// offset is how long after the tick the task starts, whole seconds.
func (t Task) offset(tick time.Time) time.Duration {
	most := t.Splay
	if next := t.tick(tick); !next.IsZero() {
		most = min(most, next.Sub(tick)/4)
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(t.ID)) // never fails
	// FNV leaves the high bits of short names alike; the multiplication mixes them (Knuth, 6.4).
	share := float64(h.Sum32()*2654435769) / (math.MaxUint32 + 1)
	return time.Duration(share * float64(most)).Truncate(time.Second)
}

// tick is the first after t by the schedule alone.
func (t Task) tick(after time.Time) time.Time {
	spec, ok := t.Cron.(*cron.SpecSchedule)
	if !ok || spec.Hour&everyHour == everyHour {
		return t.Cron.Next(after.In(t.Zone))
	}
	zone, plain := t.Zone, *spec
	if spec.Location != time.Local { // CRON_TZ
		zone = spec.Location
	}
	plain.Location = time.Local // which means: that of the time it is asked about
	next := plain.Next(after.In(zone))
	for !next.IsZero() && repeated(next) {
		next = plain.Next(next)
	}
	if at := leftOut(&plain, after.In(zone), next); !at.IsZero() {
		return at
	}
	return next
}

// everyHour are the bits of a schedule's hours.
const everyHour = 1<<24 - 1

// repeated reports whether the clock has shown this time of day before, because it
// was put back since.
func repeated(t time.Time) bool {
	change, _ := t.ZoneBounds()
	if change.IsZero() {
		return false
	}
	_, before := change.Add(-1).Zone()
	_, now := t.Zone()
	return t.Before(change.Add(time.Duration(before-now) * time.Second))
}

// leftOut is the first moment between after and next at which the clock is put
// forward over a time of the schedule; zero when there is none.
func leftOut(s *cron.SpecSchedule, after, next time.Time) time.Time {
	for _, change := after.ZoneBounds(); !change.IsZero() && change.Before(next); _, change = change.ZoneBounds() {
		_, before := change.Add(-1).Zone()
		_, since := change.Zone()
		unchanged := change.In(time.FixedZone("", before))
		missed := s.Next(unchanged.Add(-1))
		if missed.Before(change.Add(time.Duration(since-before)*time.Second)) && !missed.IsZero() {
			return change
		}
	}
	return time.Time{}
}
