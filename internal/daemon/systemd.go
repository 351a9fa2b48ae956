package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	systemd "github.com/coreos/go-systemd/v22/daemon"
)

// tellSystemd sends states to the service manager, if one listens.
func tellSystemd(log *slog.Logger) func(string) {
	return func(state string) {
		if _, err := systemd.SdNotify(false, state); err != nil {
			log.Debug("systemd was not told", "error", err)
		}
	}
}

const (
	statusEvery = 15 * time.Second // when no watchdog asks for more
	stuckGrace  = 10 * time.Minute // over crawl.longest: a run that is cut still lands what it read
	storeWithin = 20 * time.Second // the store must answer
	loopWithin  = time.Minute      // the loop must turn
)

// heartbeat tells the service manager how the daemon is, and that it lives: only while
// there is progress. A daemon that has none is restarted by the manager.
func (d *Daemon) heartbeat(ctx context.Context) {
	every, watched := statusEvery, false
	if interval, err := systemd.SdWatchdogEnabled(false); err == nil && interval > 0 {
		every, watched = min(every, interval/3), true
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for runs := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		runs = d.rest(runs)
		err := d.Alive(ctx)
		if err != nil && ctx.Err() == nil {
			d.o.Log.Error("there is no progress", "error", err, "watchdog", watched)
			d.notify("STATUS=" + err.Error())
			continue
		}
		state := "STATUS=" + d.status()
		if watched {
			state += "\n" + systemd.SdNotifyWatchdog
		}
		d.notify(state)
	}
}

// Alive is an error when there is no progress: the scheduler does not turn, the store
// does not answer, or a run does not end.
func (d *Daemon) Alive(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	found := make(chan error, 1)
	go func() { // whatever hangs must not hang who asks
		found <- errors.Join(d.scheduler.Stuck(loopWithin, stuckGrace), d.o.Store.Ping(ctx))
	}()
	select {
	case err := <-found:
		return err
	case <-ctx.Done():
		return errors.New("the scheduler or the store does not answer")
	}
}

// status is one line for people.
func (d *Daemon) status() string {
	running, paused := 0, 0
	next := ""
	var soonest time.Time
	for _, st := range d.States() {
		switch {
		case !st.Running.IsZero():
			running++
		case !st.Paused.IsZero():
			paused++
		case soonest.IsZero() || st.Due.Before(soonest):
			soonest, next = st.Due, st.ID
		}
	}
	line := fmt.Sprintf("%d sources, %d tasks running, %d paused", len(d.Generation().Sources), running, paused)
	if next != "" && !soonest.IsZero() {
		line += fmt.Sprintf("; next %s at %s", next, soonest.Local().Format(time.TimeOnly))
	}
	if r := d.Reloaded(); !r.OK {
		line += "; the last reload was refused"
	}
	return line
}
