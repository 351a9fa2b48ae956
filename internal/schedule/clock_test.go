package schedule

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheEndIsPromptAndOrderly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		landed := false
		s := scheduler(remembering(), Task{ID: "a", Cron: every(t, "@daily"), Zone: time.UTC, Do: func(ctx context.Context) error {
			<-ctx.Done()
			Wall{}.Sleep(context.WithoutCancel(ctx), 5*time.Second) // lands its last rows
			landed = true
			return ctx.Err()
		}})
		s.Look = time.Hour
		stop := start(t, s)
		pass(time.Minute)
		told := time.Now()
		err := stop()
		if took := time.Since(told); err != nil || !landed || took != 5*time.Second {
			t.Errorf("it ended %s after it was told, %v; the task was done: %v", took, err, landed)
		}
	})
}

func TestSuspendedMachine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clock, c, m := &jumpy{}, &counter{}, remembering()
		s := scheduler(m, Task{ID: "a", Cron: every(t, "*/15 * * * *"), Zone: time.UTC, Do: c.do})
		s.Clock = clock
		stop := start(t, s)
		pass(time.Minute)
		clock.jump(3*24*time.Hour + 7*time.Minute) // timers stood still meanwhile
		pass(2 * time.Second)
		if c.runs() != 2 {
			t.Errorf("%d runs just after waking, want one more than before", c.runs())
		}
		pass(6 * time.Minute)
		if err := stop(); err != nil || c.runs() != 2 {
			t.Errorf("%d runs, %v: the missed ticks were made up for", c.runs(), err)
		}
	})
}

// A clock that was years ahead for a while must not silence a source for years.
func TestClockPutBack(t *testing.T) {
	t.Parallel()
	for name, ahead := range map[string]time.Duration{"an hour": time.Hour, "four years": 4 * 365 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				clock, c, m := &jumpy{off: ahead}, &counter{}, remembering()
				s := scheduler(m, Task{ID: "a", Cron: every(t, "*/15 * * * *"), Zone: time.UTC, Do: c.do})
				s.Clock = clock
				stop := start(t, s)
				pass(time.Minute)
				clock.jump(-ahead)
				pass(13 * time.Minute)
				if c.runs() != 1 {
					t.Errorf("%d runs before the tick, want the first only", c.runs())
				}
				pass(time.Minute + time.Second)
				if err := stop(); err != nil || c.runs() != 2 {
					t.Errorf("%d runs after the tick, %v", c.runs(), err)
				}
			})
		})
	}
}

// An operator who looks every minute now does not wait for the old schedule's midnight.
func TestAnotherScheduleCountsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, c := remembering(), &counter{}
		m.at["a"] = time.Now().Add(24 * time.Hour)
		stop := start(t, scheduler(m, Task{ID: "a", Cron: every(t, "* * * * *"), Zone: time.UTC, Do: c.do}))
		pass(time.Minute + time.Second)
		if err := stop(); err != nil || c.runs() != 1 {
			t.Errorf("%d runs in the first minute, %v", c.runs(), err)
		}
	})
}

func TestAMemoryThatFailsEndsTheScheduler(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, c := remembering(), &counter{}
		m.broken = errors.New("disk I/O error")
		s := scheduler(m, Task{ID: "b", Cron: every(t, "@daily"), Zone: time.UTC, Do: c.do})
		if err := s.Run(t.Context()); !errors.Is(err, m.broken) || !strings.Contains(err.Error(), "schedule of b") || c.runs() > 0 {
			t.Errorf("it ended with %v after %d runs", err, c.runs())
		}
	})
}
