package quality

import (
	"fmt"
	"slices"
)

// Chart is a row of bars, one a day: the days before, and the day of the drop.
type chart struct {
	Bars  []bar
	Width int
	Label string // what it shows, in words
}

// bar is in units of a view box that is [chartHeight] high.
type bar struct {
	X, Y, Height int
	Class        string // day, today or unknown
}

const (
	chartHeight = 40
	barStep     = 8
)

// draw scales the bars by the highest. A day that had something has a bar to be seen.
func draw(past []int64, today int64) chart {
	past = append(slices.Repeat([]int64{-1}, max(0, historyDays-len(past))), past...)
	highest := max(1, today, slices.Max(past))
	c := chart{Width: barStep * (len(past) + 1), Label: describe(past, today)}
	for i, v := range append(past, today) {
		b := bar{X: i * barStep, Height: 1, Class: "day"}
		switch {
		case i == len(past):
			b.Class = "today"
		case v < 0:
			b.Class = "unknown"
		}
		if v > 0 {
			b.Height = 2 + int(float64(chartHeight-2)*float64(v)/float64(highest))
		}
		b.Y = chartHeight - b.Height
		c.Bars = append(c.Bars, b)
	}
	return c
}

func describe(past []int64, today int64) string {
	values := known(past)
	m := median(values) // sorts them
	if m == nil {
		return fmt.Sprintf("%s on this day; no day before is known", plural(today, "row", "rows"))
	}
	return fmt.Sprintf("%s on this day; on the %s known before between %s and %s, median %s", plural(today, "row", "rows"),
		plural(int64(len(values)), "day", "days"), decimal(values[0]), decimal(values[len(values)-1]), decimal(*m))
}
