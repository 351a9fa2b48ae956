package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"attache/internal/view"
)

// scheduleCmd shows when each source runs. It reads beside a running daemon, and also
// where none runs.
type scheduleCmd struct {
	settings
	N    int  `short:"n" name:"next" default:"5" placeholder:"N" help:"So many times of each source (${default})."`
	JSON bool `name:"json" help:"Print JSON."`
}

// mostTimes bounds what is computed for one source.
const mostTimes = 1000

func (c *scheduleCmd) Run(ctx context.Context) (err error) {
	if c.N < 1 || c.N > mostTimes {
		return fmt.Errorf("-n must be from 1 to %d", mostTimes)
	}
	settings, err := c.load()
	if err != nil {
		return err
	}
	sources, err := chosen(settings)
	if err != nil {
		return err
	}
	s, done, err := viewIfAny(settings)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	rows, err := view.Timetable(ctx, s, sources, time.Now(), c.N)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(rows)
	}
	t := newTable(os.Stdout)
	t.AppendHeader(table.Row{"source", "schedule", "zone", "next"})
	for _, w := range rows {
		t.AppendRow(table.Row{w.ID, w.Schedule, w.Timezone, starts(w)})
	}
	t.Render()
	return nil
}

// starts are the times in words, a day's name only where it changes.
func starts(w view.When) string {
	text := ""
	switch {
	case w.Paused != nil:
		return "paused since " + w.Paused.Format(time.DateTime)
	case w.Due == nil:
		text = "at once: it never ran; then "
	case w.Overdue:
		text = "overdue since " + w.Due.Format(time.DateTime) + "; then "
	}
	day := ""
	for i, at := range w.Next {
		if i > 0 {
			text += ", "
		}
		if d := at.Format(time.DateOnly); d != day {
			day = d
			text += d + " "
		}
		text += at.Format(time.TimeOnly)
	}
	return text
}
