package crawlers

import "net/url"

// leaf is one page of a list that has several.
type leaf struct {
	items []Listed
	next  string // "" on the last
}

// walk reads a list page by page. It ends early when enough articles in a row were
// known, if the list was read whole the last time: what comes after them was seen
// then. It ends when a page holds nothing but what is older than the look, when
// a page leads to another host or back, and at the number allowed. A list whose first
// page is unchanged is.
func (r *reader) walk(address string, stopAfterKnown, maxPages int, read func(Page) (leaf, error), get func(address string) (Page, error)) error {
	if r.seen[address] {
		return nil
	}
	_, whole := r.look.Held(address)
	var first Page
	inARow := 0
	for n, at := 1, address; n <= maxPages && at != "" && !r.seen[at]; n++ {
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
		if inARow = r.known(l.items, inARow); whole && inARow >= stopAfterKnown || r.older(l.items) {
			break
		}
		at = sameHost(page.URL, l.next)
	}
	r.hold(address, first, nil)
	return nil
}

// known counts on how many articles in a row are known.
func (r *reader) known(items []Listed, inARow int) int {
	for _, l := range items {
		switch l, ok := r.listed(l); {
		case ok && r.look.Known != nil && r.look.Known(l.ID):
			inARow++
		case ok:
			inARow = 0
		}
	}
	return inARow
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
