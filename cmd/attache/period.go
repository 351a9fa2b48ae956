package main

import (
	"fmt"
	"time"

	"attache/internal/store"
	"attache/internal/view"
)

// period are the flags of commands that look at some days.
type period struct {
	From string `placeholder:"DAY" help:"The first day, such as 2026-11-21; a week ago unless named."`
	To   string `placeholder:"DAY" help:"The last day; today unless named."`
}

// of gives the first and the last day.
func (p period) of(now time.Time, zone *time.Location) (first, last store.Day, err error) {
	last = store.DayOf(now, zone)
	if p.To != "" {
		if last, err = view.Day(p.To, zone); err != nil {
			return first, last, err
		}
	}
	first = store.DayOf(last.From.AddDate(0, 0, -7), zone)
	if p.From != "" {
		if first, err = view.Day(p.From, zone); err != nil {
			return first, last, err
		}
	}
	if first.From.After(last.From) {
		err = fmt.Errorf("%s is after %s", first.Date, last.Date)
	}
	return first, last, err
}
