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

	// Held gives what is held of a list's address. False when it was not read whole
	// the last time: it is asked without conditions then, and not left early. Nil
	// holds nothing.
	Held func(list string) (Held, bool)
}

// Held is what a list said of itself when it was last read whole. It is to be
// kept together with what the list listed.
type Held struct {
	URL        string // after redirects; the validators are true of this address only
	Validators transport.Validators
	At         time.Time // when it was last asked, unchanged or not
	Polls      int       // conditional ones answered 304 since it was last sent whole
	Children   []string  // of a sitemap index: the lists below it that were read
}

// Step is how one step of discovery went. A failed step does not stop the others.
type Step struct {
	Kind      string // as the source names it
	Address   string // as written in the source
	Listed    int    // addresses of articles it gave, those other steps gave too included
	Unlinked  int    // entries that lead nowhere
	Unchanged bool   // nothing was sent: the publisher says it is as at the last look

	// Held is to be held of the lists this step read, by address. When the step
	// failed, what was held before of its lists is no longer true, but for those
	// that are named here because they were read whole all the same.
	Held map[string]Held
	Err  error
}

// maxListed bounds what one run of one source takes in, whatever its lists hold.
const maxListed = 5000

// Discover asks every step of the source what is listed. Each article comes
// once, from the first step that has it, dated by the first that dates it.
func (c *Crawler) Discover(look Look) ([]Listed, []Step) {
	var found []Listed
	var steps []Step
	index := make(map[string]int) // of found, by identity
	gave := make([][]string, len(c.source.Discover))
	for i, s := range c.source.Discover {
		r := c.reader(s, look)
		step := Step{Kind: s.Kind(), Address: s.Address(), Err: r.ask()}
		for _, l := range r.entries {
			l, ok := c.listed(l)
			if !ok {
				continue
			}
			gave[i] = append(gave[i], l.ID)
			if at, seen := index[l.ID]; seen {
				found[at].complete(l)
				continue
			}
			index[l.ID] = len(found)
			found = append(found, l)
		}
		step.Listed, step.Unlinked, step.Held = len(gave[i]), r.unlinked, r.held
		step.Unchanged = !r.sent && step.Err == nil
		steps = append(steps, step)
	}
	found = slices.DeleteFunc(found, func(l Listed) bool { return l.before(look.After) })
	found, left := newest(found, look.Known)
	for i := range steps {
		if n := count(gave[i], left); n > 0 {
			// The list must be sent again for what was left of it to be found.
			steps[i].Held = nil
			steps[i].Err = errors.Join(steps[i].Err, fmt.Errorf("a run takes in %d articles at most: %d of this list, the oldest, are left for the next", maxListed, n))
		}
	}
	return found, steps
}

// newest keeps of found what a run takes in at most: first what is not known,
// and of that what lists date latest. The others' identities are left.
func newest(found []Listed, known func(id string) bool) (kept []Listed, left map[string]bool) {
	if len(found) > maxListed && known != nil {
		found = slices.DeleteFunc(found, func(l Listed) bool { return known(l.ID) })
	}
	if len(found) <= maxListed {
		return found, nil
	}
	slices.SortStableFunc(found, func(a, b Listed) int { return b.date().Compare(a.date()) })
	left = make(map[string]bool)
	for _, l := range found[maxListed:] {
		left[l.ID] = true
	}
	return found[:maxListed], left
}

func count(ids []string, of map[string]bool) (n int) {
	for _, id := range ids {
		if of[id] {
			n++
		}
	}
	return n
}
