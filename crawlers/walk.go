package crawlers

import (
	"fmt"
	"net/url"
)

// leaf is one page of a list that has several.
type leaf struct {
	items []Listed
	next  string // "" on the last
	ours  bool   // next is an address of the source's file, not of the page
}

// walk reads a list page by page. It ends early when enough articles in a row were
// known, if the list was read whole the last time: what comes after them was seen
// then. It ends when a page holds nothing but what is older than the look, when
// a page leads to another host or back, and at the number allowed. If the list was
// read whole the last time, and what is known was not reached by then (so many in a
// row, or the later half of the last page), that is an error: the pages that follow
// may hold news. A list whose first page is unchanged
// is.
func (r *reader) walk(address string, stopAfterKnown, maxPages int, read func(Page) (leaf, error), get func(address string) (Page, error)) error {
	if r.seen[address] {
		return nil
	}
	_, whole := r.last(address)
	var first Page
	inARow, articles := 0, 0
	for n, at := 1, address; at != "" && !r.seen[at]; n++ {
		if n > maxPages {
			if whole && inARow < min(stopAfterKnown, (articles+1)/2) {
				return fmt.Errorf("%s: more than %d pages are new; raise max_pages, or have attache backfill read the others", address, maxPages)
			}
			break
		}
		r.seen[at] = true
		page, err := get(at)
		if err != nil || page.Unchanged {
			return err
		}
		if n == 1 {
			first = page
		}
		l, err := read(page)
		if err != nil {
			return err
		}
		if err := r.add(at, l.items); err != nil {
			return err
		}
		if inARow, articles = r.known(l.items, inARow); whole && inARow >= stopAfterKnown || r.older(l.items) {
			break
		}
		if at = l.next; !l.ours {
			at = sameHost(page.URL, l.next)
		}
	}
	r.hold(address, first, nil)
	return nil
}

// known counts on how many articles in a row are known, and how many there are.
func (r *reader) known(items []Listed, before int) (inARow, articles int) {
	inARow = before
	for _, l := range items {
		l, ok := r.listed(l)
		if !ok {
			continue
		}
		articles++
		if inARow++; r.look.Known == nil || !r.look.Known(l.ID) {
			inARow = 0
		}
	}
	return inARow, articles
}

// older holds for a page all of whose articles are dated before the look begins.
func (r *reader) older(items []Listed) bool {
	articles := 0
	for _, l := range items {
		if l, ok := r.listed(l); ok {
			if articles++; !l.before(r.look.After) {
				return false
			}
		}
	}
	return articles > 0
}

// sameHost is next, or "" when it leads away from the host of base.
func sameHost(base, next string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ""
	}
	if n, err := url.Parse(next); err != nil || n.Host != b.Host {
		return ""
	}
	return next
}
