package crawlers

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"golang.org/x/net/publicsuffix"
)

// maxLevels of indexes are followed. The protocol allows one; publishers nest.
const maxLevels = 3

// sitemap reads a urlset, or an index and those of its children that may hold
// something of the time looked at. The children of an unchanged index are asked
// all the same: they change without it.
func (r *reader) sitemap(address string, level int) error {
	r.seen[address] = true
	page, err := r.get(address, "application/xml, text/xml;q=0.9, */*;q=0.5", nil)
	if err != nil {
		return err
	}
	if page.Unchanged {
		_, err := r.below(page.URL, r.held[address].Children, level+1)
		return err
	}
	entries, children, err := readSitemap(page, r.source.Zone)
	if err := errors.Join(err, r.add(address, entries)); err != nil {
		return err
	}
	if len(children) > 0 && level == maxLevels {
		return fmt.Errorf("%s is an index below %d others; it was not followed", address, maxLevels)
	}
	children, err = r.below(page.URL, r.wanted(children), level+1)
	r.hold(address, page, children) // the children are asked again whether or not it changes
	return err
}

// wanted are the children that may hold something of the time looked at, newest
// first. Those that tell no time come last: most are lists of sections or tags.
func (r *reader) wanted(children []Child) []Child {
	var told, untold []Child
	until := make(map[Child]time.Time)
	for _, c := range children {
		switch s, ok := c.span(r.source.Zone); {
		case !ok:
			untold = append(untold, c)
		case s.to.After(r.look.After) && (r.until.IsZero() || s.from.Before(r.until)):
			told, until[c] = append(told, c), s.to
		}
	}
	slices.SortStableFunc(told, func(a, b Child) int { return until[b].Compare(until[a]) })
	return append(told, untold...)
}

// below reads the children of an index, or what else names sitemaps, and gives all
// of them with their whole addresses. When they are more than may be read, those
// come first that were not read yet, or longest ago: none is left for ever, and it is
// an error when one was not read for a day.
func (r *reader) below(parent string, children []Child, level int) (all []Child, err error) {
	var problems []error
	for _, c := range children {
		address := resolve(parent, c.Loc)
		if address == "" || !r.ours(parent, address) {
			problems = append(problems, fmt.Errorf("%s names a sitemap of somebody else: %.200q", parent, c.Loc))
			continue
		}
		all = append(all, Child{address, c.LastMod})
	}
	asked := make(map[string]time.Time, len(all))
	for _, c := range all {
		asked[c.Loc] = r.lastAsked(c.Loc)
	}
	turn := slices.Clone(all)
	slices.SortStableFunc(turn, func(a, b Child) int { return asked[a.Loc].Compare(asked[b.Loc]) })
	left, stopped, spared := 0, false, 2*maxLists
	for _, c := range turn {
		s, dated := c.named(r.source.Zone)
		switch {
		case r.seen[c.Loc] || dated && r.over(c.Loc, s.to):
		case stopped || r.lists == 0:
			r.carry(c.Loc)
			if r.look.Now.Sub(asked[c.Loc]) > grace {
				left++
			}
		default:
			r.lists--
			err := r.sitemap(c.Loc, level)
			if e, ok := errors.AsType[*Error](err); ok && e.Verdict == Gone && spared > 0 {
				spared-- // what is not there must not take the place of what is
				r.lists++
			}
			problems = append(problems, err)
			stopped = r.stop(err)
		}
	}
	if left > 0 && !stopped {
		problems = append(problems, fmt.Errorf("%s names more sitemaps of the time than a run reads; %d, not read for a day, are left for the next", parent, left))
	}
	return all, errors.Join(problems...)
}

// ours holds for a sitemap on the same registrable domain as the one that names
// it, or on a host the source names.
func (c *Crawler) ours(parent, child string) bool {
	p, err1 := url.Parse(parent)
	u, err2 := url.Parse(child)
	if err1 != nil || err2 != nil {
		return false
	}
	if p.Host == u.Host || c.source.Names(u.Hostname()) {
		return true
	}
	a, err1 := publicsuffix.EffectiveTLDPlusOne(p.Hostname())
	b, err2 := publicsuffix.EffectiveTLDPlusOne(u.Hostname())
	return err1 == nil && err2 == nil && a == b
}
