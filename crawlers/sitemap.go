package crawlers

import (
	"errors"
	"fmt"
	"net/url"
	"slices"

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
		held := r.held[address]
		children := make([]sitemapEntry, len(held.Children))
		for i, loc := range held.Children {
			children[i].Loc = loc
		}
		_, err := r.below(page.URL, children, level+1)
		return err
	}
	entries, children, err := readSitemap(page, r.source.Zone)
	if err := errors.Join(err, r.add(address, entries)); err != nil {
		return err
	}
	if len(children) > 0 && level == maxLevels {
		return fmt.Errorf("%s is an index below %d others; it was not followed", address, maxLevels)
	}
	names, err := r.below(page.URL, r.wanted(children), level+1)
	r.hold(address, page, names) // the children are asked again whether or not it changes
	return err
}

// wanted are the children that may hold something of the time looked at, newest
// first: what the bound leaves is the oldest. Those that tell no time are lists of
// sections or tags, unless all are so.
func (r *reader) wanted(children []sitemapEntry) []sitemapEntry {
	type dated struct {
		sitemapEntry
		span span
	}
	var told []dated
	for _, c := range children {
		if s, ok := c.span(r.source.Zone); ok {
			told = append(told, dated{c, s})
		}
	}
	if len(told) == 0 {
		return children
	}
	slices.SortStableFunc(told, func(a, b dated) int { return b.span.to.Compare(a.span.to) })
	var wanted []sitemapEntry
	for _, c := range told {
		if c.span.to.After(r.look.After) && (r.until.IsZero() || c.span.from.Before(r.until)) {
			wanted = append(wanted, c.sitemapEntry)
		}
	}
	return wanted
}

// below reads the children of an index, or what else names sitemaps, and gives
// the addresses of all of them.
func (r *reader) below(parent string, children []sitemapEntry, level int) (names []string, err error) {
	var problems []error
	left, stopped := 0, false
	for _, c := range children {
		address := resolve(parent, c.Loc)
		if address == "" || !r.ours(parent, address) {
			problems = append(problems, fmt.Errorf("%s names a sitemap of somebody else: %.200q", parent, c.Loc))
			continue
		}
		names = append(names, address)
		s, dated := c.named(r.source.Zone)
		switch {
		case r.seen[address] || dated && r.over(address, s.to):
		case stopped || r.lists == 0:
			left++
			r.carry(address)
		default:
			r.lists--
			err := r.sitemap(address, level)
			problems = append(problems, err)
			stopped = r.stop(err)
		}
	}
	if left > 0 && !stopped {
		problems = append(problems, fmt.Errorf("%s names more sitemaps of the time than a run reads; %d are left for the next", parent, left))
	}
	return names, errors.Join(problems...)
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
