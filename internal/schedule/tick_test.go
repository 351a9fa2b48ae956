package schedule

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// TestChangesOfTheClocks: what a spring night leaves out comes at the change, what an
// autumn night has twice comes once, and what is for every hour comes every hour.
func TestChangesOfTheClocks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, zone, spec, from string
		want                   []string // the next starts, in UTC
	}{
		{"left out", "Europe/Berlin", "30 2 * * *", "2026-03-28T12:00:00Z", []string{"2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"}},
		{"left out, asked at the change", "Europe/Berlin", "30 2 * * *", "2026-03-29T01:00:00Z", []string{"2026-03-30T00:30:00Z"}},
		{"not left out", "Europe/Berlin", "30 3 * * *", "2026-03-28T12:00:00Z", []string{"2026-03-29T01:30:00Z", "2026-03-30T01:30:00Z"}},
		{"midnight left out", "Africa/Cairo", "0 0 * * *", "2026-04-23T12:00:00Z", []string{"2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z"}},
		{"another day", "Europe/Berlin", "30 2 * * 1", "2026-03-28T12:00:00Z", []string{"2026-03-30T00:30:00Z"}},
		{"twice", "Europe/Berlin", "30 2 * * *", "2026-10-24T12:00:00Z", []string{"2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"}},
		{"twice, several a night", "Europe/Berlin", "15,45 2 * * *", "2026-10-24T12:00:00Z", []string{"2026-10-25T00:15:00Z", "2026-10-25T00:45:00Z", "2026-10-26T01:15:00Z"}},
		{"half an hour twice", "Australia/Lord_Howe", "45 1 * * *", "2026-04-04T10:00:00Z", []string{"2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"}},
		{"every hour, one left out", "Europe/Berlin", "30 * * * *", "2026-03-29T00:00:00Z", []string{"2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"}},
		{"every hour, one twice", "Europe/Berlin", "30 * * * *", "2026-10-25T00:00:00Z", []string{"2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z"}},
		{"its own zone", "Asia/Ho_Chi_Minh", "CRON_TZ=Europe/Berlin 30 2 * * *", "2026-03-28T12:00:00Z", []string{"2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"}},
		{"no changes", "Asia/Karachi", "30 2 * * *", "2026-03-28T22:00:00Z", []string{"2026-03-29T21:30:00Z", "2026-03-30T21:30:00Z"}},
		{"every", "Europe/Berlin", "@every 90m", "2026-03-29T00:30:00Z", []string{"2026-03-29T02:00:00Z", "2026-03-29T03:30:00Z"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			at, err := time.Parse(time.RFC3339, c.from)
			if err != nil {
				t.Fatal(err)
			}
			task := Task{ID: "a", Cron: every(t, c.spec), Zone: zone(t, c.zone)}
			for _, want := range c.want {
				at = task.Next(at)
				if got := at.UTC().Format(time.RFC3339); got != want {
					t.Fatalf("%s, want %s", got, want)
				}
			}
		})
	}
}

// TestANightOfTheChange lets the loop itself live through the two nights.
func TestANightOfTheChange(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		at   string
		runs int // of */15, in the six hours from then
	}{"spring": {"2026-03-28T23:00:00Z", 24}, "autumn": {"2026-10-24T22:00:00Z", 24}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				at, err := time.Parse(time.RFC3339, c.at)
				if err != nil {
					t.Fatal(err)
				}
				m, often, nightly := remembering(), &counter{}, &counter{}
				m.at["often"], m.at["nightly"] = at.Add(time.Minute), at.Add(time.Minute)
				berlin := zone(t, "Europe/Berlin")
				s := scheduler(m,
					Task{ID: "often", Cron: every(t, "*/15 * * * *"), Zone: berlin, Do: often.do},
					Task{ID: "nightly", Cron: every(t, "30 2 * * *"), Zone: berlin, Do: nightly.do})
				s.Clock, s.Look = &jumpy{off: time.Until(at)}, time.Minute
				stop := start(t, s)
				pass(6*time.Hour - 30*time.Second)
				if err := stop(); err != nil || often.runs() != c.runs || nightly.runs() != 2 { // one that was due, one of the night
					t.Errorf("%d and %d runs, %v", often.runs(), nightly.runs(), err)
				}
			})
		})
	}
}

func TestSplay(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 9, 59, 30, 0, time.UTC)
	on, quarter := map[time.Duration]int{}, 0
	for n := range 200 {
		task := Task{ID: fmt.Sprintf("source-%d", n), Cron: every(t, "*/10 * * * *"), Zone: time.UTC, Splay: 5 * time.Minute}
		start := task.Next(now)
		after := start.Sub(now.Truncate(10 * time.Minute).Add(10 * time.Minute))
		if after < -10*time.Minute || after > 150*time.Second {
			t.Fatalf("%s starts %s after its tick", task.ID, after)
		}
		on[after]++
		if after < 40*time.Second {
			quarter++
		}
		next := task.Next(start)
		if next.Sub(start) != 10*time.Minute || task.Next(now.Add(time.Second)) != start {
			t.Fatalf("%s starts at %s and %s: not in its rhythm", task.ID, start, next)
		}
	}
	if len(on) < 80 || quarter < 20 || quarter > 90 {
		t.Errorf("200 sources start at %d moments, %d in the first quarter", len(on), quarter)
	}
}

// A start that its splay puts past an odd moment is not skipped, whenever one asks.
func TestSplayNeverSkipsATick(t *testing.T) {
	t.Parallel()
	for _, spec := range []string{"* * * * *", "*/7 * * * *", "0 * * * *", "59 23 * * *", "@every 1h"} {
		task := Task{ID: "qk7", Cron: every(t, spec), Zone: time.UTC, Splay: 5 * time.Minute}
		at := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
		for range 50 {
			next := task.Next(at)
			if gap := next.Sub(at); gap <= 0 || gap > 24*time.Hour+10*time.Minute {
				t.Fatalf("%s: %s after %s", spec, gap, at)
			}
			if half := at.Add(next.Sub(at) / 2); spec != "@every 1h" && task.Next(half) != next {
				t.Fatalf("%s: asked at %s it is %s, before %s", spec, half, task.Next(half), next)
			}
			at = next
		}
	}
}
