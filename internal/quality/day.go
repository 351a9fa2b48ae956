package quality

import (
	"time"

	"attache/internal/article"
)

// Day is what a report needs to know of a drop beyond its rows.
type Day struct {
	Date          string // '2006-01-02' in Zone
	Zone          string // IANA; times are shown in it, or in UTC when it is not known
	Rev           int
	Reason        string // why there is a further revision; empty for r0
	From, To      time.Time
	SealedAt      time.Time
	Producer      string
	SchemaVersion string
	Running       bool // attache ran at some time of the day
	Gaps          []Gap
	Sources       []Source // all that are watched, or have rows
	Rejects       []Reject // what was quarantined; a report lists the first [maxListed]
}

// Gap is a stretch of time of which something is known to be missing.
type Gap struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Source string    `json:"source"` // id; empty: all
	Note   string    `json:"note"`
}

// Source is one publisher's side of the day.
type Source struct {
	ID       string
	Name     string
	Language string // BCP 47
	Home     string
	Ledger   *article.Ledger // of the drop's window; nil when it had no work in it
	Past     []int64         // its rows in each of the days before, oldest first, yesterday last; -1: no drop is known, or attache did not run
}

// Reject is a page that was quarantined.
type Reject struct {
	Source string `json:"source"`
	URL    string `json:"url"`
	Reason string `json:"reason"`
}
