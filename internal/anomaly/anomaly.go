// Package anomaly judges a source by its own past: how long it is silent, and how much
// it publishes in a day. It knows nothing of where that past is kept, and says nothing
// before there is enough of it.
package anomaly

import (
	"slices"
	"time"
)

// Span is how much of the past is looked at.
const Span = 4 * week

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// News is an instant at which a source was seen to have published, and how many articles.
type News struct {
	At    time.Time
	Count int
}

// Past is what is known of a source, each oldest first.
type Past struct {
	News  []News
	Looks []time.Time // when its lists were read, all of them
}

// What must be known before anything is called an anomaly.
const (
	leastWeeks = 2  // that the source is watched
	leastNews  = 10 // instants at which it had news
)

// known is how many whole weeks before now the source has been watched.
func (p Past) known(now time.Time) int {
	if len(p.Looks) == 0 {
		return 0
	}
	return int(now.Sub(p.Looks[0]) / week)
}

// least is the shortest silence that is measured against: to be silent for an hour
// or two is nothing whatever the source's habit.
const least = 3 * time.Hour

// Silence is for how long a source had nothing new when its lists were last read, and
// the longest it usually is: the median of the longest silences of each of the last
// weeks, so that nights and weekends are usual, and one week of holidays or of an
// attache that did not run is not. Usual is 0 while too little is known.
func (p Past) Silence(now time.Time) (silent, usual time.Duration) {
	if len(p.News) == 0 || len(p.Looks) == 0 {
		return 0, 0
	}
	silent = max(0, p.Looks[len(p.Looks)-1].Sub(p.News[len(p.News)-1].At))
	weeks := min(p.known(now), int(Span/week))
	if weeks < leastWeeks || len(p.News) < leastNews {
		return silent, 0
	}
	longest := make([]time.Duration, weeks) // the last week first
	for i := 1; i < len(p.News); i++ {
		at := p.News[i].At
		if back := int(now.Sub(at) / week); back >= 0 && back < weeks && !at.After(now) {
			longest[back] = max(longest[back], at.Sub(p.News[i-1].At))
		}
	}
	for i, d := range longest {
		if d == 0 { // no news in it that ended a silence
			longest[i] = week
		}
	}
	slices.Sort(longest)
	middle := longest[(len(longest)-1)/2] // of an even number the shorter
	return silent, max(least, middle)
}
