package crawlers

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"attache/seeds"
)

// Limits of one step.
const (
	maxEntries = 50_000         // of all its lists together; what the sitemap protocol allows one file
	maxLists   = 12             // lists asked besides the first: the children of an index, the days of a dated address
	fullPoll   = 20             // every so many polls a list is asked without conditions: some servers say 304 for ever
	grace      = 24 * time.Hour // a day may end later elsewhere, and be added to a little later still
)

// reader asks one step, or one list of an archive.
type reader struct {
	*Crawler
	look  Look
	until time.Time // what begins later is not wanted; zero for no end
	step  seeds.Step
	lists int             // that may still be asked
	seen  map[string]bool // lists that were

	entries []Listed // with absolute addresses, as listed
	sent    bool     // something was, besides the word that nothing changed
	held    map[string]Held
}

func (c *Crawler) reader(step seeds.Step, look Look) *reader {
	if look.Now.IsZero() {
		look.Now = c.wire.Now()
	}
	if look.Held == nil {
		look.Held = func(string, string) (Held, bool) { return Held{}, false }
	}
	return &reader{Crawler: c, look: look, step: step, lists: maxLists, seen: make(map[string]bool), held: make(map[string]Held)}
}

// ask reads the step.
func (r *reader) ask() error {
	return r.safely(func() error {
		if dated, ok := r.source.Dated(r.step.Address()); ok {
			return r.dated(dated)
		}
		return r.read(r.step.Address())
	})
}

// safely lets a document nobody thought of cost its own step and nothing else.
func (r *reader) safely(read func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("attache itself failed on it: %v", p)
		}
	}()
	return read()
}

// read reads one list of the step's kind.
func (r *reader) read(address string) error {
	switch {
	case r.step.Feed != "":
		return r.feed(address)
	case r.step.NewsSitemap != "" || r.step.Sitemap != "":
		return r.sitemap(address, 0)
	case r.step.Robots != "":
		return r.robots(address)
	case r.step.Listing != nil:
		return r.listing(address, r.step.Listing)
	case r.step.JSON != nil:
		return r.json(address, r.step.JSON)
	}
	return errors.New("the step names nothing to ask")
}

// dated reads the lists of days or months, newest first, back to where the look
// ends; with no end, the latest two.
func (r *reader) dated(d seeds.Dated) error {
	var problems []error
	if r.look.After.IsZero() {
		r.lists = 2
	}
	left, stopped := 0, false
	for p := range d.Back(r.look.After, r.look.Now) {
		switch {
		case r.over(p.Address, p.To):
		case r.lists == 0 && r.look.After.IsZero():
			return errors.Join(problems...)
		case stopped || r.lists == 0:
			left++
			r.carry(p.Address)
		default:
			r.lists--
			err := r.read(p.Address)
			if e, ok := errors.AsType[*Error](err); ok && e.Verdict == Gone && e.Address == p.Address {
				switch {
				case p.To.After(r.look.Now): // it comes with its first article
					r.sent, err = true, nil
				case r.look.Now.After(p.To.Add(grace)): // there was none for that time, or is none any more
					r.hold(p.Address, Page{}, nil)
					r.sent, err = true, nil
				}
			}
			problems = append(problems, err)
			stopped = r.stop(err)
		}
	}
	if left > 0 && !stopped {
		problems = append(problems, fmt.Errorf("a run reads %d lists of a step at most; the %d oldest are left for the next", maxLists, left))
	}
	return errors.Join(problems...)
}

// last is what this step holds of a list; false when it was not read whole.
func (r *reader) last(address string) (Held, bool) { return r.look.Held(r.step.Address(), address) }

// lastAsked is when a list that is held was last asked: zero for one that is not, or
// that was noted by a clock that was ahead.
func (r *reader) lastAsked(address string) time.Time {
	held, whole := r.last(address)
	if !whole || held.At.After(r.look.Now) {
		return time.Time{}
	}
	return held.At
}

// over holds for a list of times past that was read when they were, a day's
// grace allowed: nothing more comes.
func (r *reader) over(address string, end time.Time) bool {
	return r.lastAsked(address).After(end.Add(grace)) && r.carry(address)
}

// carry holds on what is held of a list that is not asked now.
func (r *reader) carry(address string) bool {
	held, whole := r.last(address)
	if whole {
		r.held[address] = held
	}
	return whole
}

// stop holds for an error that the step's other lists would only meet again.
func (r *reader) stop(err error) bool {
	return err != nil && (VerdictOf(err) == Busy || r.colly.Context.Err() != nil)
}

// get asks for a list, conditionally when it may. An unchanged one is held on.
func (r *reader) get(address, accept string, header http.Header) (Page, error) {
	ask := request{address: address, accept: accept, header: header}
	if r.step.Listing == nil {
		ask.largest = maxFile
	}
	held, whole := r.last(address)
	if whole && held.Polls < fullPoll-1 {
		ask.held = condition{validators: held.Validators, of: func(hop string) bool { return hop == held.URL }}
	}
	page, err := r.Crawler.get(ask)
	switch {
	case err != nil:
		return Page{}, err
	case page.Unchanged:
		held.Validators, held.At = page.Validators, r.look.Now
		held.Polls++
		r.held[address] = held
	default:
		r.sent = true
	}
	return page, nil
}

// hold notes that a list was read whole.
func (r *reader) hold(address string, page Page, children []Child) {
	r.held[address] = Held{URL: page.URL, Validators: page.Validators, At: r.look.Now, Children: children}
}

// add takes a list's entries.
func (r *reader) add(address string, entries []Listed) error {
	for i, l := range entries {
		if l.URL == "" {
			continue // it leads nowhere
		}
		if len(r.entries) == maxEntries {
			return fmt.Errorf("%s: a run reads %d entries of a step at most; the last %d of this list are left", address, maxEntries, len(entries)-i)
		}
		r.entries = append(r.entries, l)
	}
	return nil
}
