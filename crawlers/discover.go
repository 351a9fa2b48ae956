package crawlers

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"attache/crawlers/transport"
)

// Look bounds a discovery.
type Look struct {
	Now   time.Time            // zero for the clock's
	After time.Time            // what is dated before is not news; zero for all
	Known func(id string) bool // listings stop after so many known articles in a row; nil knows none

	// Held gives what a step, by its address, holds of a list's address. False when
	// it was not read whole the last time: it is asked without conditions then, and
	// not left early. Nil holds nothing.
	Held func(step, list string) (Held, bool)
}

// Held is what a list said of itself when it was last read whole. It is to be
// kept together with what the list listed.
type Held struct {
	URL        string // after redirects; the validators are true of this address only
	Validators transport.Validators
	At         time.Time // when it was last asked, unchanged or not
	Polls      int       // conditional ones answered 304 since it was last sent whole
	Children   []Child   // of a sitemap index: the lists below it that may hold news
}

// Step is how one step of discovery went. A failed step does not stop the others.
type Step struct {
	Kind      string // as the source names it
	Address   string // as written in the source
	Listed    int    // addresses of articles it gave, those other steps gave too included
	Unchanged bool   // nothing was sent: the publisher says it is as at the last look

	// Held is to be held of the lists this step read, by address. When the step
	// failed, what was held before of its lists is no longer true, but for those
	// that are named here because they were read whole all the same.
	Held map[string]Held
	Err  error
}

// maxListed bounds what one run takes in from one step, whatever its lists hold.
const maxListed = 5000

// Discover asks every step of the source what is listed. Each article comes
// once, from the first step that has it, dated by the first that dates it.
func (c *Crawler) Discover(look Look) ([]Listed, []Step) {
	var found []Listed
	var steps []Step
	index := make(map[string]int) // of found, by identity
	gave := make([][]int, len(c.source.Discover))
	for i, s := range c.source.Discover {
		r := c.reader(s, look)
		step := Step{Kind: s.Kind(), Address: s.Address(), Err: r.ask(), Held: r.held}
		for _, l := range r.entries {
			l, ok := c.listed(l)
			if !ok {
				continue
			}
			step.Listed++
			at, seen := index[l.ID]
			if seen {
				found[at].complete(l)
			} else {
				at = len(found)
				index[l.ID] = at
				found = append(found, l)
			}
			gave[i] = append(gave[i], at)
		}
		step.Unchanged = !r.sent && step.Err == nil
		steps = append(steps, step)
	}
	var taken []Listed
	take := make([]bool, len(found))
	left := make([][]int, len(steps))
	for i := range steps {
		var kept []int
		kept, left[i] = newest(found, gave[i], look)
		for _, at := range kept {
			take[at] = true
		}
	}
	for at, l := range found {
		if take[at] {
			taken = append(taken, l)
		}
	}
	for i := range steps {
		left := slices.DeleteFunc(left[i], func(at int) bool { return take[at] }) // another step has room for it
		if len(left) > 0 {
			// The list must be sent again for what was left of it to be found.
			steps[i].Held = nil
			steps[i].Err = errors.Join(steps[i].Err, fmt.Errorf("a run takes in %d articles of a step at most: %d of this one, the oldest, are left for the next", maxListed, len(left)))
		}
	}
	return taken, steps
}

// newest chooses of what a step gave, by its places in found, what a run takes in
// of it: nothing from before the look, and when that is too much, of what is not
// known what lists date latest. The rest is left.
func newest(found []Listed, gave []int, look Look) (kept, left []int) {
	slices.Sort(gave)
	kept = slices.DeleteFunc(slices.Compact(gave), func(at int) bool { return found[at].before(look.After) })
	if len(kept) > maxListed && look.Known != nil {
		kept = slices.DeleteFunc(kept, func(at int) bool { return look.Known(found[at].ID) })
	}
	if len(kept) <= maxListed {
		return kept, nil
	}
	slices.SortStableFunc(kept, func(a, b int) int { return found[b].date().Compare(found[a].date()) })
	return kept[:maxListed], kept[maxListed:]
}
