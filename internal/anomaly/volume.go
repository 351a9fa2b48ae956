package anomaly

import (
	"slices"
	"time"

	"attache/internal/quality"
)

// Volume is how much a source published in a day, beside its days before.
type Volume struct {
	Count    int64
	Expected float64 // the median of the same weekday, where three are known; else of all days
	Apart    float64 // in spreads, from what is expected; below zero, it is less
	Verdict  quality.Verdict
}

// Volume judges the last day that is over in the zone. A day counts as watched when the
// lists were read at least half as often as on the median day; where the day judged was
// not, there is nothing to judge, and where the day before it was not, much news is no
// wonder: it was caught up with. Ok is false then, and while too little is known.
func (p Past) Volume(now time.Time, zone *time.Location) (v Volume, ok bool) {
	const span = int(Span / day)
	y, m, d := now.In(zone).Date()
	midnight := func(back int) time.Time { return time.Date(y, m, d-back, 0, 0, 0, 0, zone) }
	counts, looks := make([]int64, span+1), make([]int, span+1) // by days back; 1 is yesterday, 0 the one before all
	index := func(at time.Time) (back int, in bool) {
		if !at.Before(midnight(0)) || at.Before(midnight(span)) {
			return 0, false
		}
		back = int(midnight(0).Sub(at)/day) + 1
		for back > 1 && !at.Before(midnight(back-1)) { // a day may have 23 hours, or 25
			back--
		}
		for at.Before(midnight(back)) {
			back++
		}
		return back, true
	}
	for _, n := range p.News {
		if back, in := index(n.At); in {
			counts[back] += int64(n.Count)
		}
	}
	for _, at := range p.Looks {
		if back, in := index(at); in {
			looks[back]++
		}
	}
	watched := watchedDays(looks)
	past := make([]int64, 0, span) // oldest first
	known := 0
	for back := span; back > 1; back-- {
		if !watched[back] {
			past = append(past, -1)
			continue
		}
		past = append(past, counts[back])
		known++
	}
	if !watched[1] || known < leastWeeks*7 || p.known(now) < leastWeeks {
		return v, false
	}
	b, apart := quality.Judge(counts[1], past)
	if b.Expected == nil || b.Verdict == quality.High && !watched[2] {
		return v, false
	}
	return Volume{counts[1], *b.Expected, apart, b.Verdict}, true
}

// watchedDays says of each day whether its lists were read often enough to know it.
func watchedDays(looks []int) []bool {
	var some []int
	for _, n := range looks {
		if n > 0 {
			some = append(some, n)
		}
	}
	watched := make([]bool, len(looks))
	if len(some) == 0 {
		return watched
	}
	slices.Sort(some)
	median := some[len(some)/2]
	for i, n := range looks {
		watched[i] = n > 0 && 2*n >= median
	}
	return watched
}
