package quality

import (
	"cmp"
	"slices"
	"time"
)

// view is a report with what its page needs beyond it.
type view struct {
	Report
	zone  *time.Location
	names map[string]string
}

// Name is what people call a source.
func (v view) Name(id string) string {
	if id == "" {
		return "All sources"
	}
	return cmp.Or(v.names[id], id)
}

// Long is the drop's date in words.
func (v view) Long() string {
	day, err := time.Parse(time.DateOnly, v.DropDate)
	if err != nil {
		return v.DropDate
	}
	return day.Format("Monday, 2 January 2006")
}

// Weekday of the drop.
func (v view) Weekday() string {
	day, err := time.Parse(time.DateOnly, v.DropDate)
	if err != nil {
		return "day"
	}
	return day.Weekday().String()
}

// Mark is the status in words.
func (v view) Mark() string {
	switch v.Status {
	case Incomplete:
		return "Incomplete"
	case LookCloser:
		return "Look closer"
	case TooEarly:
		return "No history yet"
	default:
		return "As usual"
	}
}

// Work tells whether any source has a ledger.
func (v view) Work() bool {
	return slices.ContainsFunc(v.Sources, func(p Publisher) bool { return p.Ledger != nil })
}

// weight is how much a finding of a kind matters, as a class of the page.
func weight(kind string) string {
	switch kind {
	case stopped, gap, ledgerOff, rowsOff, silent:
		return "grave"
	case unlisted, notHad, quarantined:
		return "calm"
	}
	return "odd"
}
