package schedule

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestATaskNeverOverlapsItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow, quick := &counter{work: lasts(7 * time.Minute)}, &counter{}
		stop := start(t, scheduler(remembering(),
			Task{ID: "slow", Cron: every(t, "* * * * *"), Zone: time.UTC, Do: slow.do},
			Task{ID: "quick", Cron: every(t, "* * * * *"), Zone: time.UTC, Do: quick.do}))
		pass(time.Hour - time.Second)
		if err := stop(); err != nil {
			t.Error(err)
		}
		// slow works 7 minutes of every 8; the ticks it missed are not made up for.
		if slow.runs() != 8 || slow.atOnce != 1 {
			t.Errorf("slow ran %d times, %d at once", slow.runs(), slow.atOnce)
		}
		if quick.runs() != 60 || quick.atOnce != 1 {
			t.Errorf("quick ran %d times, %d at once", quick.runs(), quick.atOnce)
		}
	})
}

func TestNoMoreThanAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &counter{work: lasts(time.Minute)}
		var tasks []Task
		for _, id := range []string{"a", "b", "c", "d", "e"} {
			tasks = append(tasks, Task{ID: id, Cron: every(t, "@daily"), Zone: time.UTC, Do: c.do})
		}
		m := remembering()
		s := scheduler(m, tasks...)
		s.AtOnce = 2
		stop := start(t, s)
		pass(90 * time.Second) // two have run, two run, one waits
		if err := stop(); err != nil || c.runs() != 4 || c.atOnce != 2 {
			t.Errorf("%d ran, %d at once, %v", c.runs(), c.atOnce, err)
		}
		again := 0
		for _, task := range tasks {
			if m.due(task.ID).IsZero() {
				again++
			}
		}
		if again != 3 {
			t.Errorf("%d tasks are due at the next start, want the two cut off and the one that waited", again)
		}
	})
}

func TestMissedTicksRunOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := remembering()
		m.at["a"] = time.Now().Add(-30 * 24 * time.Hour)
		c := &counter{}
		stop := start(t, scheduler(m, Task{ID: "a", Cron: every(t, "*/15 * * * *"), Zone: time.UTC, Do: c.do}))
		pass(14 * time.Minute)
		if err := stop(); err != nil || c.runs() != 1 {
			t.Errorf("%d runs, %v", c.runs(), err)
		}
		if want := time.Date(2000, 1, 1, 0, 15, 0, 0, time.UTC); !m.due("a").Equal(want) {
			t.Errorf("next due %s, want %s", m.due("a"), want)
		}
	})
}

// A run that comes late, between a tick and the start its splay gives, is the tick's run:
// the start is not made as well, also not after a restart.
func TestALateRunServesTheTickBeforeIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, c := remembering(), &counter{}
		task := Task{ID: "late", Cron: every(t, "0 * * * *"), Zone: time.UTC, Splay: 5 * time.Minute, Do: c.do}
		start0 := task.Next(time.Now()) // the bubble begins on the hour
		pass(time.Until(start0) - 30*time.Second)
		m.at["late"] = time.Now().Add(-3 * time.Hour) // it was down
		for range 2 {
			stop := start(t, scheduler(m, task))
			pass(20 * time.Minute)
			if err := stop(); err != nil || c.runs() != 1 {
				t.Fatalf("%d runs within the hour, %v", c.runs(), err)
			}
		}
		if due := m.due("late"); !due.Equal(start0.Add(time.Hour)) {
			t.Errorf("it is next due at %s, want the next hour's start, %s", due, start0.Add(time.Hour))
		}
	})
}

func TestACutOffRunIsDueAtTheNextStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := remembering()
		cut := &counter{work: lasts(time.Hour)}
		task := Task{ID: "a", Cron: every(t, "@daily"), Zone: time.UTC, Do: cut.do}
		stop := start(t, scheduler(m, task))
		pass(time.Minute)
		if err := stop(); err != nil {
			t.Error(err)
		}
		whole := &counter{}
		task.Do = whole.do
		for range 2 { // the second start finds it done
			stop = start(t, scheduler(m, task))
			pass(time.Minute)
			if err := stop(); err != nil {
				t.Error(err)
			}
		}
		if cut.runs() != 1 || whole.runs() != 1 {
			t.Errorf("%d runs before the restart, %d after", cut.runs(), whole.runs())
		}
	})
}

func TestPanicAndErrorStopNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		panics := &counter{work: func(context.Context) error { panic("a page nobody thought of") }}
		fails := &counter{work: func(context.Context) error { return errors.New("no network") }}
		works := &counter{}
		m := remembering()
		s := scheduler(m,
			Task{ID: "panics", Cron: every(t, "* * * * *"), Zone: time.UTC, Do: panics.do},
			Task{ID: "fails", Cron: every(t, "* * * * *"), Zone: time.UTC, Do: fails.do},
			Task{ID: "works", Cron: every(t, "* * * * *"), Zone: time.UTC, Do: works.do})
		s.AtOnce = 1 // a place that is not given back would show
		stop := start(t, s)
		pass(10*time.Minute - time.Second)
		if err := stop(); err != nil {
			t.Error(err)
		}
		if panics.runs() != 10 || fails.runs() != 10 || works.runs() != 10 {
			t.Errorf("runs: %d panics, %d fails, %d works", panics.runs(), fails.runs(), works.runs())
		}
	})
}

func TestEachTaskHasItsZone(t *testing.T) {
	t.Parallel()
	for zone, want := range map[string]time.Time{ // 06:30 local after midnight UTC of 1 January 2000
		"UTC":              time.Date(2000, 1, 1, 6, 30, 0, 0, time.UTC),
		"Asia/Ho_Chi_Minh": time.Date(2000, 1, 1, 23, 30, 0, 0, time.UTC),
		"Asia/Karachi":     time.Date(2000, 1, 1, 1, 30, 0, 0, time.UTC),
		"America/Bogota":   time.Date(2000, 1, 1, 11, 30, 0, 0, time.UTC),
	} {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				at, err := time.LoadLocation(zone)
				if err != nil {
					t.Fatal(err)
				}
				c := &counter{}
				s := scheduler(remembering(), Task{ID: "a", Cron: every(t, "30 6 * * *"), Zone: at, Do: c.do})
				s.Look = time.Minute
				stop := start(t, s)
				pass(25 * time.Hour)
				if err := stop(); err != nil {
					t.Error(err)
				}
				if len(c.starts) < 2 || c.starts[1].Before(want) || c.starts[1].Sub(want) > time.Minute {
					t.Errorf("it ran at %v; after the first time it was due at %s", c.starts, want)
				}
			})
		})
	}
}

// TestFailureIsTriedAgainSoon: a seal that failed must not wait for tomorrow.
func TestFailureIsTriedAgainSoon(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		daily := &counter{}
		daily.work = func(context.Context) error {
			if tries++; tries < 3 {
				return errors.New("S3 is away")
			}
			return nil
		}
		s := scheduler(remembering(), Task{ID: "seal", Cron: every(t, "30 0 * * *"), Zone: time.UTC, Retry: 5 * time.Minute, Do: daily.do})
		s.Look = 10 * time.Second
		stop := start(t, s)
		pass(20 * time.Hour)
		if err := stop(); err != nil {
			t.Error(err)
		}
		if n := daily.runs(); n != 4 { // two failures, the success, and the next day's tick at 00:30
			t.Fatalf("%d runs at %v", n, daily.starts)
		}
		if wait := daily.starts[1].Sub(daily.starts[0]); wait < 5*time.Minute || wait > 5*time.Minute+20*time.Second {
			t.Errorf("tried again after %s", wait)
		}
	})
}

// A task may say which failures are worth another try before its next tick.
func TestOnlySomeFailuresAreTriedAgainSoon(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		full, down := errors.New("the disk is full"), errors.New("the publisher is down")
		daily := &counter{}
		daily.work = func(context.Context) error {
			if daily.runs() < 3 {
				return full
			}
			return down
		}
		stop := start(t, scheduler(remembering(), Task{
			ID: "daily", Cron: every(t, "@daily"), Zone: time.UTC, Retry: 5 * time.Minute,
			Retries: func(err error) bool { return errors.Is(err, full) }, Do: daily.do,
		}))
		pass(20 * time.Hour)
		if err := stop(); err != nil || daily.runs() != 3 {
			t.Errorf("%d runs, want two on a full disk and one more, %v", daily.runs(), err)
		}
	})
}

// TestScheduleThatNeverComes must not run every second.
func TestScheduleThatNeverComes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &counter{}
		stop := start(t, scheduler(remembering(), Task{ID: "never", Cron: every(t, "0 0 31 2 *"), Zone: time.UTC, Do: c.do}))
		pass(time.Hour)
		if err := stop(); err != nil {
			t.Error(err)
		}
		if n := c.runs(); n != 1 { // new to the memory: at once, and not again
			t.Errorf("%d runs", n)
		}
	})
}
