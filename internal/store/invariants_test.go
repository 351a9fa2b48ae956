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
			"wait": func(r *rapid.T) {
				m.clock.step(time.Duration(rapid.IntRange(-60, 600).Draw(r, "minutes")) * time.Minute)
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
	m.ledger(r)
	m.drops(r)
	m.batches(r)
}

// ledger: opened = ended by outcome + still open, for each source.
func (m *model) ledger(r *rapid.T) {
	rows, err := m.store.r.QueryContext(m.t.Context(), `SELECT source, coalesce(outcome, ''), count(*) FROM items GROUP BY 1, 2`)
	must(m.t, err)
	defer rows.Close()
	total := map[string]int{}
	outcomes := map[string]map[article.Outcome]int{}
	for _, source := range modelSources {
		outcomes[source] = map[article.Outcome]int{}
	}
	for rows.Next() {
		var source string
		var outcome article.Outcome
		var n int
		must(m.t, rows.Scan(&source, &outcome, &n))
		total[source] += n
		if outcome != "" {
			outcomes[source][outcome] = n
		}
	}
	must(m.t, rows.Err())
	for _, source := range modelSources {
		open := 0
		for _, i := range m.items {
			if i.Source == source {
				open++
			}
		}
		ended := 0
		for _, n := range outcomes[source] {
			ended += n
		}
		if total[source] != m.opened[source] || total[source] != ended+open || !maps.Equal(outcomes[source], m.outcomes[source]) {
			r.Fatalf("%s: %d items, %v, %d open; want %d, %v", source, total[source], outcomes[source], open, m.opened[source], m.outcomes[source])
		}
	}
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
		for _, row := range all(m.t, m.store.Rows(m.t.Context(), d.Date)) {
			revision := revisionOf(m.t, row)
			if found[revision] != "" {
				r.Fatalf("%s is in the drops of %s and %s", revision, found[revision], d.Date)
			}
			found[revision] = d.Date
		}
	}
	if !maps.Equal(found, m.dropOf) {
		r.Fatalf("the drops hold %v, want %v", found, m.dropOf)
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
