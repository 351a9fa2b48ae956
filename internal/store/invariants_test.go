package store

import (
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/article"
)

// TestWhateverHappens drives the store at random, closing and opening its file in
// between, and holds it now and then, and in the end, to what the ledger and the drops promise.
func TestWhateverHappens(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		m := newModel(t)
		defer func() { must(t, m.store.Close()) }()
		r.Repeat(map[string]func(*rapid.T){
			"open":    m.openNew,
			"revisit": m.revisit,
			"keep":    m.keep,
			"end":     m.end,
			"attempt": m.attempt,
			"freeze":  m.freeze,
			"land":    m.land,
			"advance": m.advance,

			"withdraw": m.withdraw,
			"release":  m.release,
			"seal":     m.seal,
			"prune":    m.prune,
			"wait": func(r *rapid.T) {
				m.clock.step(time.Duration(rapid.IntRange(-60, 600).Draw(r, "minutes")) * time.Minute)
			},
			"set back": func(r *rapid.T) {
				m.clock.step(-time.Duration(rapid.IntRange(1, 30).Draw(r, "hours")) * time.Hour)
			},
			"sleep": func(*rapid.T) { // and the day after that
				m.clock.step(24 * time.Hour)
				must(t, m.store.Advance(t.Context(), m.clock.now().Format(time.DateOnly)))
				if now := m.clock.now().Truncate(24 * time.Hour); now.After(m.day) {
					m.day = now
				}
			},
			"reopen": func(*rapid.T) {
				must(t, m.store.Close())
				m.open()
			},
			"check": m.check, // seeing everything costs more than all the rest
		})
		m.check(r)
	})
}

// check compares the store with the model.
func (m *model) check(r *rapid.T) {
	problems, err := m.store.Check(m.t.Context())
	must(m.t, err)
	if len(problems) > 0 {
		r.Fatalf("the store breaks its promises: %q", problems)
	}
	m.ledger(r)
	m.latest(r)
	m.drops(r)
	m.batches(r)
}

// drops: every revision is in exactly one drop, the one that was open, and the
// days follow each other without a gap.
func (m *model) drops(r *rapid.T) {
	drops, err := m.store.Drops(m.t.Context())
	must(m.t, err)
	found := map[string]string{}
	for n, d := range drops {
		if n > 0 && !dayAfter(drops[n-1].Date, d.Date) {
			r.Fatalf("after %s comes %s", drops[n-1].Date, d.Date)
		}
		if last := n == len(drops)-1; d.Closed.IsZero() != last || last && d.Date != m.date() {
			r.Fatalf("the open day is not %s: %+v", m.date(), drops)
		}
		if m.sealed[d.Date] {
			continue // what it holds may go
		}
		for _, row := range all(m.t, m.store.Rows(m.t.Context(), d.Date)) {
			revision := revisionOf(m.t, row)
			if found[revision] != "" {
				r.Fatalf("%s is in the drops of %s and %s", revision, found[revision], d.Date)
			}
			found[revision] = d.Date
		}
	}
	want := maps.Clone(m.dropOf)
	maps.DeleteFunc(want, func(_, date string) bool { return m.sealed[date] })
	if !maps.Equal(found, want) {
		r.Fatalf("the drops hold %v, want %v", found, want)
	}
	m.windows(r, drops)
}

// windows: what became of items while each drop was open adds up, from drop to drop
// too, and says how many revisions it has. Of sealed ones nothing is asked any more.
func (m *model) windows(r *rapid.T, drops []Drop) {
	var before map[string]int // carried out
	for _, d := range drops {
		if m.sealed[d.Date] || d.Closed.IsZero() {
			before = nil
			continue
		}
		ledgers, err := m.store.LedgerOf(m.t.Context(), d.Date, d.Opened, d.Closed)
		must(m.t, err)
		has, err := m.store.RowsBySource(m.t.Context(), d.Date)
		must(m.t, err)
		out := map[string]int{}
		for _, l := range ledgers {
			if !l.Balance() {
				r.Fatalf("%s of %s does not add up: %+v", l.Source, d.Date, l)
			}
			if before != nil && before[l.Source] != l.CarriedIn {
				r.Fatalf("%s carries %d into %s, but %d were carried out of the drop before", l.Source, l.CarriedIn, d.Date, before[l.Source])
			}
			if n := l.Closed[article.Stored] + l.Closed[article.Revised] + l.Closed[article.Withdrawn]; int64(n) != has[l.Source] {
				r.Fatalf("%s has %d rows in %s, and its ledger says %+v", l.Source, has[l.Source], d.Date, l.Closed)
			}
			out[l.Source] = l.CarriedOut
		}
		before = out
	}
}

// batches: every revision is in at most one batch, and stays in it.
func (m *model) batches(r *rapid.T) {
	waiting, err := m.store.Frozen(m.t.Context())
	must(m.t, err)
	found := map[string]string{}
	for _, b := range waiting {
		for _, row := range all(m.t, m.store.BatchRows(m.t.Context(), b)) {
			if revision := revisionOf(m.t, row); found[revision] != "" {
				r.Fatalf("%s is in the batches %s and %s", revision, found[revision], b.Key)
			} else {
				found[revision] = b.Key
			}
		}
	}
	want := maps.Clone(m.batchOf)
	maps.DeleteFunc(want, func(_, key string) bool { return m.landed[key] })
	if !maps.Equal(found, want) {
		r.Fatalf("the waiting batches hold %v, want %v", found, want)
	}
}

func dayAfter(date, next string) bool {
	day, err := time.Parse(time.DateOnly, date)
	return err == nil && day.AddDate(0, 0, 1).Format(time.DateOnly) == next
}
