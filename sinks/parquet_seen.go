package sinks

import "fmt"

// seen is what the page that is being read holds.
type seen struct {
	open     bool // a page is being read
	n        int  // its number, from 0
	values   bool // there are some
	low, top any
	nulls    int64
}

// see takes note of a value; it must stay as it is until the page ends.
func (l *leaf) see(v any) error {
	if text, ok := v.([]byte); ok && l.claims.bloom != nil && !l.claims.bloom.has(text) {
		return fmt.Errorf("%w: a value is not in the Bloom filter", errClaim)
	}
	if !l.seen.values {
		l.seen.values, l.seen.low, l.seen.top = true, v, v
		return nil
	}
	if order(v, l.seen.low) < 0 {
		l.seen.low = v
	}
	if order(v, l.seen.top) > 0 {
		l.seen.top = v
	}
	return nil
}

// opens begins a page of values that stood at a place in the file.
func (l *leaf) opens(at, size int64) error {
	if l.claims.pages != nil {
		if l.pageNumber >= len(l.claims.pages) {
			return fmt.Errorf("%w: there are more pages than they say", errClaim)
		}
		if p := l.claims.pages[l.pageNumber]; p.at != at || p.size != size || p.row != l.rows {
			return fmt.Errorf("%w: page %d is elsewhere, or begins with another row", errClaim, l.pageNumber)
		}
	}
	l.seen = seen{open: true, n: l.pageNumber}
	l.pageNumber++
	return nil
}

// closes holds what was said of the page to what was in it.
func (l *leaf) closes() error {
	s := l.seen
	if !s.open {
		return nil
	}
	l.seen = seen{}
	l.nulls += s.nulls
	said := []bounds{l.claims.bounds}
	if l.claims.pages != nil {
		p := l.claims.pages[s.n]
		if said = append(said, p.bounds); p.empty && s.values || p.nulls != nil && p.nulls != s.nulls {
			return fmt.Errorf("%w: page %d has another number of nulls", errClaim, s.n)
		}
	}
	for _, b := range said {
		if s.values && (b.least != nil && !l.within(b.least, s.low, 1) || b.greatest != nil && !l.within(b.greatest, s.top, -1)) {
			return fmt.Errorf("%w: page %d has values below the least or above the greatest", errClaim, s.n)
		}
	}
	return nil
}

// ends holds what was said of the whole to what there was.
func (l *leaf) ends() error {
	if err := l.closes(); err != nil {
		return err
	}
	if l.claims.pages != nil && l.pageNumber != len(l.claims.pages) || l.claims.nulls != nil && l.claims.nulls != l.nulls {
		return fmt.Errorf("%w: there is another number of pages or nulls", errClaim)
	}
	return nil
}

// within reports whether a bound is not beyond a value on the side given.
func (l *leaf) within(bound []byte, v any, side int) bool {
	is, ok := l.plain(bound)
	return ok && order(is, v)*side <= 0
}
