package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"attache/config"
	"attache/internal/alarm"
	"attache/internal/daemon"
	"attache/internal/metrics"
	"attache/internal/store"
)

// alarmsCmd lists what is wrong now.
type alarmsCmd struct {
	settings
	JSON bool `name:"json" help:"Print JSON."`
}

// Run asks the daemon; where none runs, it judges the store as it stands, without what
// only a daemon sees: S3, its loop, its reloads. It ends with status 1 when an alarm fires.
func (c *alarmsCmd) Run(ctx context.Context) error {
	settings, err := c.load()
	if err != nil {
		return err
	}
	list, err := askAlarms(ctx, settings)
	running := err == nil
	if errors.Is(err, daemon.ErrNotRunning) {
		list, err = judgeAlarms(ctx, settings)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		e := json.NewEncoder(os.Stdout)
		e.SetEscapeHTML(false)
		err = e.Encode(list)
	} else {
		printAlarms(os.Stdout, list, running)
	}
	for _, a := range list.Alarms {
		if a.State == "firing" && !a.Muted {
			return errors.Join(err, errReported)
		}
	}
	return err
}

// askAlarms asks the daemon.
func askAlarms(ctx context.Context, c config.Config) (l alarm.List, err error) {
	answer, err := daemon.NewClient(c.Socket()).Do(ctx, http.MethodGet, "/api/v1/alarms")
	if err != nil {
		return l, err
	}
	if err := json.Unmarshal(answer, &l); err != nil {
		return l, fmt.Errorf("the daemon's answer cannot be read: %w; is it of another version?", err)
	}
	return l, nil
}

// judgeAlarms judges the store as it stands.
func judgeAlarms(ctx context.Context, c config.Config) (l alarm.List, err error) {
	if ctx.Err() != nil {
		return l, context.Cause(ctx)
	}
	sources, err := chosen(c)
	if err != nil {
		return l, err
	}
	s, err := store.View(c.StoreFile())
	if err != nil {
		return l, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	m := metrics.New(metrics.Options{Version: version, Store: s, Settings: func() metrics.Settings {
		return metrics.Settings{Sources: sources, Zone: c.Location(), Data: c.Data, Warn: int64(c.Disk.Warn), Stop: int64(c.Disk.Stop)}
	}})
	families, err := m.Gather()
	if err != nil {
		return l, err
	}
	return alarm.ListOf(alarm.Judge(families, time.Now()), c.Alarms.Mute), nil
}

func printAlarms(w io.Writer, l alarm.List, running bool) {
	if !running {
		fmt.Fprintln(w, "no attache runs in this data folder; this is how its store stands:")
	}
	shown := 0
	for _, a := range l.Alarms {
		if a.State == "over" {
			continue
		}
		shown++
		state := a.State
		if a.Muted {
			state = "muted"
		}
		since := ""
		if a.Since != nil {
			since = ", since " + a.Since.Local().Format(time.DateTime)
		}
		fmt.Fprintf(w, "%-8s  %-8s  %s  %s%s\n", state, a.Severity, a.Name, a.Text, since)
		if a.State == "firing" && !a.Muted {
			fmt.Fprintf(w, "%20s→ %s\n", "", strings.ReplaceAll(a.Do, "\n", " "))
		}
	}
	if shown == 0 {
		fmt.Fprintln(w, "no alarm")
	}
	if l.Webhook != "ok" && l.Webhook != "none" {
		fmt.Fprintf(w, "the webhook did not take the last message: %s\n", l.Webhook)
	}
}
