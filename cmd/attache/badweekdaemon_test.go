package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"

	"attache/internal/alarm"
)

// badWeek is the daemon of TestABadWeek: the real one, whose clock goes on by a minute
// whenever nothing runs. At each full hour it says what alarms did, and waits for a word.
func badWeek() {
	if err := playWeek(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:revive // it is the process of its own
	}
}

func playWeek(file, start string) error {
	at, err := time.Parse(time.RFC3339, start)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	s := settings{ConfigFile: file}
	c, err := s.load()
	if err != nil {
		return err
	}
	p := newParts(c)
	clock := &weekClock{now: at, p: p, words: bufio.NewScanner(os.Stdin), stop: stop, firing: map[string]alarm.Listed{}}
	p.clock, p.pause = clock, time.Millisecond
	if err := p.assemble(ctx, false); err != nil {
		return err
	}
	defer p.close.all() //nolint:errcheck // what matters is in the store
	if clock.alarms, err = p.daemonise(s, nil); err != nil {
		return err
	}
	return p.daemon.Run(ctx)
}

// weekClock goes on when nothing runs.
type weekClock struct {
	p      *parts
	alarms *alarm.Alarms
	words  *bufio.Scanner
	stop   func()
	firing map[string]alarm.Listed
	events []weekEvent
	told   bool // the hour

	mu  sync.Mutex
	now time.Time
}

func (c *weekClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep is a minute of the week, at least.
func (c *weekClock) Sleep(ctx context.Context, _ time.Duration) {
	for c.busy() {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Millisecond):
		}
	}
	now := c.Now()
	if now.Minute()%10 == 0 {
		c.look(ctx, now)
	}
	if now.Minute() == 0 && !c.told {
		c.told = true
		if !c.hour(ctx, now) {
			c.stop()
			return
		}
	}
	c.mu.Lock()
	c.now, c.told = now.Add(time.Minute), false
	c.mu.Unlock()
}

func (c *weekClock) busy() bool {
	for _, st := range c.p.daemon.States() {
		if !st.Running.IsZero() {
			return true
		}
	}
	return false
}

// look notes which alarms fire now and did not, and the other way.
func (c *weekClock) look(ctx context.Context, now time.Time) {
	if err := c.alarms.Look(ctx); err != nil {
		c.p.log.Error("alarms", "error", err)
	}
	firing := map[string]alarm.Listed{}
	for _, a := range c.alarms.List().Alarms {
		if a.State == "firing" && !a.Muted {
			firing[a.Name+" "+about(a)] = a
		}
	}
	note := func(list, other map[string]alarm.Listed, fires bool) {
		for key, a := range list {
			if _, both := other[key]; !both {
				c.events = append(c.events, weekEvent{a.Name, about(a), now, fires, a.Text})
			}
		}
	}
	note(firing, c.firing, true)
	note(c.firing, firing, false)
	c.firing = firing
}

func about(a alarm.Listed) string {
	return a.Labels["source"] + a.Labels["host"] + a.Labels["operation"]
}

// hour tells what was, and does what it is told; false to stop.
func (c *weekClock) hour(ctx context.Context, now time.Time) bool {
	if c.events == nil {
		c.events = []weekEvent{}
	}
	if err := json.NewEncoder(os.Stdout).Encode(weekHour{now, c.events}); err != nil {
		return false
	}
	c.events = nil
	for c.words.Scan() {
		switch c.words.Text() {
		case "go":
			return true
		case "stop":
			return false
		case "reload":
			_ = c.p.daemon.Reload(ctx, "request") // refused or not, alarms tell
		}
	}
	return false
}
