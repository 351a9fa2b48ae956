package store

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"pgregory.net/rapid"

	"attache/internal/article"
)

// seal does to a closed day what the pipeline does: its rows are read, in order,
// for the last time.
func (m *model) seal(r *rapid.T) {
	drops, err := m.store.Drops(m.t.Context())
	must(m.t, err)
	drops = slices.DeleteFunc(drops, func(d Drop) bool { return d.Closed.IsZero() || m.sealed[d.Date] })
	if len(drops) == 0 {
		return
	}
	date := rapid.SampledFrom(drops).Draw(r, "drop").Date
	found := map[string]string{}
	for _, row := range all(m.t, m.store.Rows(m.t.Context(), date)) {
		found[revisionOf(m.t, row)] = date
	}
	want := maps.Clone(m.dropOf)
	maps.DeleteFunc(want, func(_, d string) bool { return d != date })
	if !maps.Equal(found, want) {
		r.Fatalf("%s is sealed with %v, want %v", date, found, want)
	}
	must(m.t, m.store.Intend(m.t.Context(), date, 0, []byte("{}"), ""))
	must(m.t, m.store.Sealed(m.t.Context(), date, 0))
	m.sealed[date] = true
}

// prune keeps things for hours where an operator keeps them for a year.
func (m *model) prune(r *rapid.T) {
	must(m.t, m.store.CloseLedgers(m.t.Context(), time.UTC))
	m.ledger(r) // before anything goes
	age := time.Duration(rapid.IntRange(0, 48).Draw(r, "hours")) * time.Hour
	_, err := m.store.Prune(m.t.Context(), Ages{age, age, age})
	must(m.t, err)
}

// ledger: each day adds up and begins with what the one before left; all days
// together are what the model did. A closed day stays as it was.
func (m *model) ledger(r *rapid.T) {
	days, err := column(m.t.Context(), m.store.r, `SELECT day FROM ledger_days ORDER BY until`)
	must(m.t, err)
	opened, outcomes, carried := map[string]int{}, map[string]map[article.Outcome]int{}, map[string]int{}
	for _, source := range modelSources {
		outcomes[source] = map[article.Outcome]int{}
	}
	for _, date := range append(days, "the rest") {
		entries, err := m.store.Ledger(m.t.Context(), Day{Date: date, From: time.Time{}, To: fromMicros(math.MaxInt64)})
		must(m.t, err)
		text, err := json.Marshal(entries)
		must(m.t, err)
		if was, ok := m.closed[date]; ok && was != string(text) {
			r.Fatalf("the ledger of %s was closed as %s and is now %s", date, was, text)
		} else if date != "the rest" {
			m.closed[date] = string(text)
		}
		out := map[string]int{}
		for _, e := range entries {
			if !e.Balance() || e.CarriedIn != carried[e.Source] {
				r.Fatalf("%d were carried into %+v", carried[e.Source], e)
			}
			for _, n := range e.Opened {
				opened[e.Source] += n
			}
			for o, n := range e.Closed {
				outcomes[e.Source][o] += n
			}
			if out[e.Source] = e.CarriedOut; e.CarriedOut == 0 {
				delete(out, e.Source)
			}
			delete(carried, e.Source)
		}
		if len(carried) > 0 {
			r.Fatalf("nothing was carried into %s, but %v out before", date, carried)
		}
		carried = out
	}
	for _, source := range modelSources {
		open := 0
		for _, i := range m.items {
			if i.Source == source {
				open++
			}
		}
		if opened[source] != m.opened[source] || carried[source] != open || !maps.Equal(outcomes[source], m.outcomes[source]) {
			r.Fatalf("%s: opened %d, ended %v, %d open; want %d, %v, %d", source, opened[source], outcomes[source], carried[source], m.opened[source], m.outcomes[source], open)
		}
	}
}

// latest: what is looked at again, and what is withdrawn, still has its last text.
func (m *model) latest(r *rapid.T) {
	for id, texts := range m.texts {
		last, err := m.store.Latest(m.t.Context(), id)
		must(m.t, err)
		_, open := m.items[id]
		_, watched := m.watches[id]
		text := texts[len(texts)-1]
		switch {
		case last == nil && (open || watched || text == takenAway):
			r.Fatalf("%s has lost its text", id)
		case last == nil:
		case last.Revision != len(texts), text == takenAway && last.ChangeType != article.Removed, text != takenAway && last.BodyText != text:
			r.Fatal(fmt.Sprintf("%s: %+v, want revision %d: %s", id, last, len(texts), text))
		}
	}
}
