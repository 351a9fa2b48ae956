package crawlers

import (
	"slices"
	"time"

	"attache/seeds"
)

// Unit is one list of an archive, read in one go. Its address identifies it.
type Unit struct {
	Step    seeds.Step
	Address string
	From    time.Time // what it lists was published from here
	To      time.Time // to before here
}

// maxArchived bounds the lists of one unit that is an index.
const maxArchived = 1000

// Archive gives the lists that hold what was published from the day of from to the
// day of to, both in the source's zone and included: the dated steps of discovery,
// and those of the archive. Lists of days and months come newest first, others
// last, as one unit each.
func (c *Crawler) Archive(from, to time.Time) []Unit {
	y, m, d := from.In(c.source.Zone).Date()
	from = time.Date(y, m, d, 0, 0, 0, 0, c.source.Zone)
	y, m, d = to.In(c.source.Zone).Date()
	to = time.Date(y, m, d+1, 0, 0, 0, 0, c.source.Zone)
	if !from.Before(to) {
		return nil
	}
	var lists, others []Unit
	for _, s := range slices.Concat(c.source.Discover, c.source.Archive) {
		if dated, ok := c.source.Dated(s.Address()); ok {
			for p := range dated.Back(from, to.Add(-1)) {
				lists = append(lists, Unit{s, p.Address, later(p.From, from), earlier(p.To, to)})
			}
		}
	}
	for _, s := range c.source.Archive {
		if _, ok := c.source.Dated(s.Address()); !ok {
			others = append(others, Unit{s, s.Address(), from, to})
		}
	}
	slices.SortStableFunc(lists, func(a, b Unit) int { return b.From.Compare(a.From) })
	seen := make(map[string]bool)
	return slices.DeleteFunc(append(lists, others...), func(u Unit) bool {
		twice := seen[u.Address]
		seen[u.Address] = true
		return twice
	})
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// ReadUnit gives what a list of an archive lists of the unit's time; what neither
// list nor unit dates may be of any time.
func (c *Crawler) ReadUnit(u Unit) ([]Listed, error) {
	r := c.reader(u.Step, Look{After: u.From})
	r.until, r.lists = u.To, maxArchived
	err := r.safely(func() error { return r.read(u.Address) })
	var found []Listed
	seen := make(map[string]bool)
	for _, l := range r.entries {
		l, ok := c.listed(l)
		if !ok || seen[l.ID] || l.before(u.From) || !l.Published.IsZero() && !l.Published.Before(u.To) {
			continue
		}
		seen[l.ID] = true
		found = append(found, l)
	}
	return found, err
}
