package newsroom

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// What follows changes the news. Each change takes a second of the edition's
// time, so that a Last-Modified always tells the state before from the state after.

// Now is the edition's time.
func (r *Room) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

// Advance lets d pass in the edition: stories whose embargo ends come out. What
// was out keeps its address, its times and its bytes.
func (r *Room) Advance(d time.Duration) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.advance(d)
}

func (r *Room) advance(d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("newsroom: time does not go back by %v", -d)
	}
	before := r.now
	r.now = r.now.Add(d)
	for _, p := range publishers {
		for _, s := range r.written[p.source] {
			if at := r.base.Add(-s.Age); at.After(before) && !at.After(r.now) {
				r.stale[p.host] = true
			}
		}
	}
	return r.print()
}

// Publish brings out n further stories of source, made from phrases of the
// newsroom's own.
func (r *Room) Publish(source string, n int) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.publish(source, n)
}

func (r *Room) publish(source string, n int) error {
	i := slices.IndexFunc(publishers, func(p publisher) bool { return p.source == source })
	if i < 0 {
		return fmt.Errorf("newsroom: no source is called %q; there are %s", source, strings.Join(r.Sources(), ", "))
	}
	return r.change(source, func() {
		r.written[source] = slices.Concat(more(publishers[i], r.written[source], n, r.base, r.now), r.written[source])
		slices.SortStableFunc(r.written[source], newestFirst)
	})
}

// Correct replaces words in the body of the article at address, which then says
// it was modified.
func (r *Room) Correct(address, before, after string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.correct(address, before, after)
}

func (r *Room) correct(address, before, after string) error {
	return r.alter(address, func(c *change, s Story) error {
		if before == "" || !strings.Contains(strings.Join(c.apply(s).Body, "\n"), before) {
			return fmt.Errorf("newsroom: the body of %s does not say %q", address, before)
		}
		c.edits, c.at = append(c.edits, [2]string{before, after}), r.now.Add(time.Second).Truncate(time.Second)
		return nil
	})
}

// Withdraw takes the article at address out of all lists; its page answers
// status, 404 or 410.
func (r *Room) Withdraw(address string, status int) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.withdraw(address, status)
}

func (r *Room) withdraw(address string, status int) error {
	if !serves(status) {
		return fmt.Errorf("newsroom: a withdrawn page answers 404 or 410, not %d", status)
	}
	return r.alter(address, func(c *change, _ Story) error {
		c.status = status
		return nil
	})
}

// Restore undoes Withdraw.
func (r *Room) Restore(address string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.restore(address)
}

func (r *Room) restore(address string) error {
	return r.alter(address, func(c *change, _ Story) error {
		c.status = 0
		return nil
	})
}

// alter changes what became of one article.
func (r *Room) alter(address string, how func(*change, Story) error) error {
	story := r.find(address)
	if story == nil {
		return fmt.Errorf("newsroom: no article has the address %s", address)
	}
	c := r.changes[address]
	if c == nil {
		c = &change{}
	}
	if err := how(c, *story); err != nil {
		return err
	}
	return r.change(story.Source, func() { r.changes[address] = c })
}

// change does something to source a second later.
func (r *Room) change(source string, do func()) error {
	if err := r.advance(time.Second); err != nil {
		return err
	}
	r.touched[source] = r.now
	r.stale[r.shown.Load().sites[source].host] = true
	do()
	return r.print()
}
