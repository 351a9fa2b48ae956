package schedule

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func state(t *testing.T, s *Scheduler) State {
	t.Helper()
	for _, st := range s.States() {
		if st.ID == "a" {
			return st
		}
	}
	t.Fatal("nothing is known of a")
	return State{}
}

func TestPauseResumeAndNow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, c := remembering(), &counter{work: lasts(30 * time.Second)}
		task := Task{ID: "a", Cron: every(t, "0 * * * *"), Zone: time.UTC, Do: c.do}
		s := scheduler(m, task)
		s.Look = time.Minute // what is asked for does not wait for it
		stop := start(t, s)
		pass(10 * time.Second)
		if st := state(t, s); st.Running.IsZero() || !errors.Is(s.Now("a"), ErrRunning) {
			t.Errorf("%+v runs twice", st)
		}
		if err := s.Pause(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		pass(5 * time.Hour)
		if st := state(t, s); c.runs() != 1 || st.Paused.IsZero() || st.Waiting || st.Runs != 1 {
			t.Fatalf("%d runs of a paused task: %+v", c.runs(), st)
		}
		if err := s.Now("a"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if c.runs() != 2 {
			t.Error("what is asked for does not run at once")
		}
		pass(3 * time.Hour)
		if err := stop(); err != nil {
			t.Error(err)
		}

		s = scheduler(m, task) // the pause outlives a restart
		s.Look = time.Minute
		stop = start(t, s)
		pass(2 * time.Hour)
		if c.runs() != 2 {
			t.Errorf("%d runs after a restart", c.runs())
		}
		if err := s.Resume(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if st := state(t, s); c.runs() != 3 || !st.Paused.IsZero() {
			t.Errorf("%d runs just after it is resumed, want one more: %+v", c.runs(), st)
		}
		pass(time.Minute)
		if err := stop(); err != nil || c.runs() != 3 || len(m.paused) != 1 || !m.paused["a"].IsZero() {
			t.Errorf("%d runs, %v: what was missed was made up for", c.runs(), err)
		}
		for _, err := range []error{s.Pause(t.Context(), "b"), s.Resume(t.Context(), "b"), s.Now("b")} {
			if !errors.Is(err, ErrUnknown) {
				t.Errorf("of an unknown task: %v", err)
			}
		}
	})
}

func TestAPauseThatCannotBeKeptIsNone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, c := remembering(), &counter{}
		s := scheduler(m, Task{ID: "a", Cron: every(t, "0 * * * *"), Zone: time.UTC, Do: c.do})
		stop := start(t, s)
		pass(time.Minute)
		m.broken = errors.New("disk I/O error")
		if err := s.Pause(t.Context(), "a"); !errors.Is(err, m.broken) || !state(t, s).Paused.IsZero() {
			t.Errorf("it is paused until the next start: %v", err)
		}
		pass(time.Hour)
		if err := stop(); err != nil || c.runs() != 2 {
			t.Errorf("%d runs, %v", c.runs(), err)
		}
	})
}

// TestSwap: a run goes on with what it began with, and its source's next run is the new one's.
func TestSwap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := remembering()
		old, fresh, gone := &counter{work: lasts(time.Minute)}, &counter{}, &counter{work: lasts(time.Minute)}
		hourly := func(id string, c *counter) Task {
			return Task{ID: id, Cron: every(t, "0 * * * *"), Zone: time.UTC, Do: c.do}
		}
		s := scheduler(m, hourly("a", old), hourly("gone", gone))
		stop := start(t, s)
		pass(10 * time.Second)
		daily := Task{ID: "a", Cron: every(t, "*/5 * * * *"), Zone: time.UTC, Do: fresh.do}
		if err := s.Swap(t.Context(), []Task{daily, hourly("b", fresh)}, 1); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if fresh.runs() != 0 || len(s.States()) != 3 {
			t.Errorf("%d new runs beside two of which one may be: %+v", fresh.runs(), s.States())
		}
		if err := s.Now("gone"); !errors.Is(err, ErrUnknown) {
			t.Errorf("what is gone is asked to run: %v", err)
		}
		pass(time.Minute)
		if fresh.runs() != 1 || len(s.States()) != 2 {
			t.Errorf("%d new runs: %+v", fresh.runs(), s.States())
		}
		pass(4 * time.Minute)
		if err := stop(); err != nil || old.runs() != 1 || gone.runs() != 1 || fresh.runs() != 2 {
			t.Errorf("%d, %d and %d runs, %v", old.runs(), gone.runs(), fresh.runs(), err)
		}
		m.broken = errors.New("disk I/O error")
		if err := s.Swap(t.Context(), []Task{hourly("c", fresh)}, 7); !errors.Is(err, m.broken) || len(s.States()) != 2 || s.AtOnce != 1 {
			t.Errorf("half swapped: %v, %+v", err, s.States())
		}
	})
}

// TestAWeekOfDowntime: everything that was missed runs once, the longest due first.
func TestAWeekOfDowntime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pass(2 * time.Minute) // no start that the splay has put off is still to come
		m := remembering()
		var order []string
		var tasks []Task
		for n, id := range []string{"c", "a", "b"} {
			m.at[id] = time.Now().Add(-7*24*time.Hour + time.Duration(n)*time.Minute)
			tasks = append(tasks, Task{ID: id, Cron: every(t, "*/15 * * * *"), Zone: time.UTC, Splay: time.Minute, Do: func(context.Context) error {
				order = append(order, id) // one at a time
				return nil
			}})
		}
		s := scheduler(m, tasks...)
		s.AtOnce = 1
		stop := start(t, s)
		pass(12 * time.Minute)
		if err := stop(); err != nil || strings.Join(order, "") != "cab" {
			t.Errorf("they ran %q, %v", order, err)
		}
	})
}

func TestStuck(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		deaf := make(chan struct{})
		s := scheduler(remembering(), Task{ID: "a", Cron: every(t, "@daily"), Zone: time.UTC, Longest: time.Hour, Do: func(context.Context) error {
			<-deaf
			return errors.New("at last")
		}})
		if s.Stuck(time.Minute, time.Minute) == nil {
			t.Error("what has not begun is well")
		}
		clock := &jumpy{}
		s.Clock = clock
		stop := start(t, s)
		pass(time.Hour)
		clock.jump(30 * 24 * time.Hour) // a suspended machine is not stuck
		if err := s.Stuck(time.Minute, time.Minute); err != nil {
			t.Error(err)
		}
		pass(2 * time.Minute)
		if err := s.Stuck(time.Minute, time.Minute); err == nil || !strings.Contains(err.Error(), "[a]") {
			t.Errorf("a run that does not end: %v", err)
		}
		close(deaf)
		synctest.Wait()
		if st := state(t, s); s.Stuck(time.Minute, time.Minute) != nil || st.Error != "at last" || st.Failures != 1 {
			t.Errorf("%v, %+v", s.Stuck(time.Minute, time.Minute), st)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
		pass(5 * time.Minute)
		if s.Stuck(time.Minute, time.Minute) == nil {
			t.Error("a loop that has ended is well")
		}
	})
}
