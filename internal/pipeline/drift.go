package pipeline

import (
	"fmt"
	"maps"
	"slices"

	"attache/internal/article"
	"attache/parse"
	"attache/seeds"
)

// add counts one page.
func (c *Coverage) add(src *seeds.Source, r parse.Reading) {
	c.Pages++
	for _, f := range r.Extractor.Fields {
		if src.Owns(f.Field, f.By) {
			c.Fields[f.Field]++
		}
	}
	if r.Extractor.Kind == article.ByFallback {
		c.Fallback++
	}
	if r.Broken != "" {
		c.Quarantined++
	}
}

// sum pools the coverage of runs.
func sum(reports []Report) Coverage {
	total := Coverage{Fields: map[string]int{}}
	for _, r := range reports {
		total.Pages += r.Coverage.Pages
		total.Fallback += r.Coverage.Fallback
		total.Quarantined += r.Coverage.Quarantined
		for field, n := range r.Coverage.Fields {
			total.Fields[field] += n
		}
	}
	return total
}

// What makes a drift: fewer pages than these say nothing, a smaller change is
// chance or a quiet day.
const (
	driftRecent = 10   // pages that stand for now
	driftUsual  = 30   // pages that stand for what is usual
	driftChange = 0.25 // of the pages
	silentRuns  = 8    // runs in a row that list nothing; two hours at the usual schedule
)

// Drift compares a source's newest runs with its own earlier ones and says what
// has changed for the worse, in words for people; nothing when nothing has. The
// reports are newest first. A redesign shows here on the day it happens: a field
// its rules no longer find, text only the fallback reader finds, broken
// contracts, lists that list nothing.
func Drift(reports []Report) []string {
	var drift []string
	if n := EmptyRuns(reports); n >= silentRuns {
		drift = append(drift, fmt.Sprintf("the last %d runs found nothing listed", n))
	}
	now, usual, enough := Pool(reports)
	if !enough {
		return drift
	}
	share := func(n int, of Coverage) float64 { return float64(n) / float64(of.Pages) }
	compare := func(what string, was, is float64) {
		drift = append(drift, fmt.Sprintf("%s on %.0f %% of pages, usually %.0f %%", what, 100*is, 100*was))
	}
	for _, field := range slices.Sorted(maps.Keys(usual.Fields)) {
		if was, is := share(usual.Fields[field], usual), share(now.Fields[field], now); was-is >= driftChange {
			compare(field+": a rule answers", was, is)
		}
	}
	if was, is := share(usual.Fallback, usual), share(now.Fallback, now); is-was >= driftChange {
		compare("the fallback reader is needed", was, is)
	}
	if was, is := share(usual.Quarantined, usual), share(now.Quarantined, now); is-was >= driftChange {
		compare("a contract breaks", was, is)
	}
	return drift
}

// Pool adds up the newest runs that make some pages, and those before them; enough
// says whether both have the pages that a comparison needs. The reports are newest first.
func Pool(reports []Report) (now, usual Coverage, enough bool) {
	split, pages := 0, 0
	for split < len(reports) && pages < driftRecent {
		pages += reports[split].Coverage.Pages
		split++
	}
	now, usual = sum(reports[:split]), sum(reports[split:])
	return now, usual, now.Pages >= driftRecent && usual.Pages >= driftUsual
}

// EmptyRuns is how many of the newest runs read every list and found nothing on any; 0
// when none ever listed anything. Lists that did not answer say nothing of what they
// hold. The reports are newest first.
func EmptyRuns(reports []Report) (n int) {
	for _, r := range reports {
		switch {
		case r.Listed > 0 || slices.ContainsFunc(r.Steps, func(s Step) bool { return s.Unchanged }):
			return n
		case r.Error == "" && r.sawAll():
			n++
		}
	}
	return 0
}
