package sinks

import (
	"fmt"
	"maps"
	"slices"

	"attache/internal/article"
)

// workKinds are the kinds of work that a ledger opens.
var workKinds = []string{"new", "revisit", "backfill"}

// maxCount bounds the numbers in a ledger, so that no sum of them overflows.
const maxCount = 1 << 40

// ledgerDiffers checks the books of each source. Rows without any may be late ones of a
// day that another attache sealed; if strict, those of a source that was watched are said.
func ledgerDiffers(m Manifest, strict bool) (details []string) {
	for _, id := range slices.Sorted(maps.Keys(m.Sources)) {
		l := m.Sources[id].Ledger
		if l == nil {
			if n := m.Sources[id].Rows; strict && n > 0 && m.Sources[id].Watched {
				details = append(details, fmt.Sprintf("source %s has %d rows and no ledger", id, n))
			}
			continue
		}
		for _, detail := range bookDiffers(*l) {
			details = append(details, fmt.Sprintf("source %s: %s", id, detail))
		}
		switch {
		case l.Source != id:
			details = append(details, fmt.Sprintf("source %s has the ledger of %q", id, l.Source))
		case l.Day != m.DropDate:
			details = append(details, fmt.Sprintf("source %s has the ledger of the day %q", id, l.Day))
		case !l.Balance():
			details = append(details, fmt.Sprintf("source %s does not add up: carried in %d + opened %v is not closed %v + carried out %d", id, l.CarriedIn, l.Opened, l.Closed, l.CarriedOut))
		}
	}
	return details
}

// bookDiffers holds the numbers of a ledger to its vocabularies and to each other.
func bookDiffers(l article.Ledger) (details []string) {
	check := func(what string, n int, known bool) {
		if !known || n < 0 || n > maxCount {
			details = append(details, fmt.Sprintf("%s is not known, or %d no number of items", what, n))
		}
	}
	check("carried in", l.CarriedIn, true)
	check("carried out", l.CarriedOut, true)
	for _, kind := range slices.Sorted(maps.Keys(l.Opened)) {
		check(fmt.Sprintf("the kind %q", kind), l.Opened[kind], slices.Contains(workKinds, kind))
	}
	for _, outcome := range slices.Sorted(maps.Keys(l.Closed)) {
		check(fmt.Sprintf("the outcome %q", outcome), l.Closed[outcome], outcome.Valid())
	}
	told := map[article.Outcome]int{}
	for _, r := range l.Missing {
		check(fmt.Sprintf("the missing outcome %q", r.Outcome), r.Count, r.Outcome.Valid())
		told[r.Outcome] += min(max(r.Count, 0), maxCount)
	}
	for _, outcome := range slices.Sorted(maps.Keys(told)) {
		if told[outcome] > l.Closed[outcome] {
			details = append(details, fmt.Sprintf("it gives reasons for %d %s, but closed %d so", told[outcome], outcome, l.Closed[outcome]))
		}
	}
	return details
}

// ledgerRowsDiffer compares the rows there are with those the ledgers made. There may
// be more: of a replay, or late ones of a day that another attache sealed.
func ledgerRowsDiffer(m Manifest, c *count) (details []string) {
	for _, id := range slices.Sorted(maps.Keys(m.Sources)) {
		l := m.Sources[id].Ledger
		if l == nil {
			continue
		}
		kept := l.Closed[article.Stored] + l.Closed[article.Revised] + l.Closed[article.Withdrawn]
		if have := c.sources[id].rows - c.left[id]; have < int64(kept) {
			details = append(details, fmt.Sprintf("source %s has %d rows, its ledger made %d", id, have, kept))
		}
	}
	return details
}
