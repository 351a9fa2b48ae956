package quality

import (
	"math"
	"slices"
)

// History of rows: how much is looked at, and how much must be known before a day is
// called anything.
const (
	historyDays = 28
	minHistory  = 7
	minWeekdays = 3
)

// Verdict is what a day's rows are beside those of the days before. The vocabulary
// is closed.
type Verdict string

// The verdicts.
const (
	Usual         Verdict = "usual"
	Low           Verdict = "low"    // more than three spreads below what is usual
	High          Verdict = "high"   // more than three spreads above it
	Silent        Verdict = "silent" // no row, which fewer than one in ten such days had
	LittleHistory Verdict = "too_little_history"
	NotWatched    Verdict = "not_watched" // attache did not run
)

// Baseline is what the rows of a day are measured by. Numbers are null when no day
// says anything about them.
type Baseline struct {
	Verdict  Verdict  `json:"verdict"`
	Expected *float64 `json:"expected"`       // the median of the same weekday where three are known, else of all days
	Weekday  *float64 `json:"median_weekday"` // of the same weekday
	Median   *float64 `json:"median"`         // of all days
	MAD      *float64 `json:"mad"`            // median absolute deviation from Median
	Days     int      `json:"days"`           // of the last 28 that are known
}

// Judge is judge for others: a count of a day beside those of the days before, oldest
// first, of which the last 28 are looked at; -1 stands for a day nothing is known of.
// Apart is how many spreads the count is away from what is expected.
func Judge(count int64, past []int64) (b Baseline, apart float64) {
	b = judge(count, recent(past))
	if b.Expected == nil {
		return b, 0
	}
	return b, (float64(count) - *b.Expected) / max(1, b.spread())
}

// spread is one spread; of a baseline without numbers, do not ask.
func (b Baseline) spread() float64 { return max(1.4826*(*b.MAD), math.Sqrt(*b.Expected)) }

// judge compares rows with the days before. One spread is the larger of 1.4826 MAD,
// which estimates a standard deviation whatever single days did, and the square root
// of what is expected: what is counted varies by that much anyway.
func judge(rows int64, past []int64) Baseline {
	all, same := known(past), weekday(past, 7)
	b := Baseline{Verdict: LittleHistory, Weekday: median(same), Median: median(all), Days: len(all)}
	if b.Days == 0 {
		return b
	}
	apart := make([]float64, len(all))
	for i, v := range all {
		apart[i] = math.Abs(v - *b.Median)
	}
	b.MAD, b.Expected = median(apart), b.Median
	if len(same) >= minWeekdays {
		b.Expected = b.Weekday
	}
	away, spread := float64(rows)-*b.Expected, b.spread()
	switch {
	case b.Days < minHistory:
	case rows == 0 && *b.Expected > 0 && seldomEmpty(past):
		b.Verdict = Silent
	case away < -3*spread:
		b.Verdict = Low
	case away > 3*spread && rows >= 3: // one or two are no event
		b.Verdict = High
	default:
		b.Verdict = Usual
	}
	return b
}

// seldomEmpty holds when fewer than one in ten of the days on which there is usually
// something had nothing. Weekdays that are usually empty do not count.
func seldomEmpty(past []int64) bool {
	days, empty := 0, 0
	for back := 1; back <= 7; back++ {
		same := weekday(past, back)
		if m := median(same); m == nil || *m == 0 {
			continue
		}
		days += len(same)
		for _, v := range same {
			if v == 0 {
				empty++
			}
		}
	}
	return empty*10 < days
}

func known(past []int64) (values []float64) {
	for _, v := range past {
		if v >= 0 {
			values = append(values, float64(v))
		}
	}
	return values
}

// weekday gives what is known of the day so many days back and of each such day a
// week before another.
func weekday(past []int64, back int) (values []float64) {
	for i := len(past) - back; i >= 0; i -= 7 {
		if past[i] >= 0 {
			values = append(values, float64(past[i]))
		}
	}
	return values
}

// median is nil of nothing.
func median(values []float64) *float64 {
	if len(values) == 0 {
		return nil
	}
	slices.Sort(values)
	i := len(values) / 2
	if len(values)%2 == 1 {
		return &values[i]
	}
	return new((values[i-1] + values[i]) / 2)
}

// recent is the history that is looked at: [historyDays] at most, and no number
// below -1.
func recent(past []int64) []int64 {
	past = append([]int64{}, past[max(0, len(past)-historyDays):]...)
	for i, v := range past {
		past[i] = max(v, -1)
	}
	return past
}

// together adds up the histories of sources; -1 stays where none is known.
func together(histories [][]int64) []int64 {
	var days int
	for _, h := range histories {
		days = max(days, len(h))
	}
	sum := make([]int64, days)
	for i := range sum {
		sum[i] = -1
	}
	for _, h := range histories {
		for i, v := range h {
			if at := days - len(h) + i; v >= 0 {
				sum[at] = max(sum[at], 0) + v
			}
		}
	}
	return sum
}
