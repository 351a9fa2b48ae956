package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/article"
)

// model is what the store should hold, kept in the simplest way.
type model struct {
	t     *testing.T
	path  string
	clock *clock
	store *Store

	opened   map[string]int                     // by source
	outcomes map[string]map[article.Outcome]int // by source
	items    map[string]Item                    // open, by article
	ended    map[string]Item                    // the last ended, by article
	last     map[string]article.Outcome         // how that ended
	texts    map[string][]string                // by article, its revisions
	watches  map[string]time.Time               // by article, when it is to be looked at again
	day      time.Time                          // the open drop
	dropOf   map[string]string                  // date of "article revision"
	batchOf  map[string]string                  // batch key of "article revision"
	landed   map[string]bool                    // by batch key
	sealed   map[string]bool                    // by date
	closed   map[string]string                  // by date, its ledger when it was closed
	first    map[string]time.Time               // by article, when it was first opened
}

var modelSources = []string{"vtcnews", "qk7"}

func newModel(t *testing.T) *model {
	t.Helper()
	m := &model{
		t: t, path: filepath.Join(t.TempDir(), "attache.db"), clock: newClock(),
		opened: map[string]int{}, outcomes: map[string]map[article.Outcome]int{},
		items: map[string]Item{}, ended: map[string]Item{}, last: map[string]article.Outcome{}, texts: map[string][]string{}, watches: map[string]time.Time{},
		dropOf: map[string]string{}, batchOf: map[string]string{}, landed: map[string]bool{},
		sealed: map[string]bool{}, closed: map[string]string{}, first: map[string]time.Time{},
	}
	for _, source := range modelSources {
		m.outcomes[source] = map[article.Outcome]int{}
	}
	m.day = m.clock.now().Truncate(24 * time.Hour)
	m.open()
	must(t, m.store.Advance(t.Context(), m.date()))
	return m
}

func (m *model) open() {
	var err error
	m.store, err = Open(m.t.Context(), m.path, m.clock.now)
	must(m.t, err)
}

func (m *model) date() string { return m.day.Format(time.DateOnly) }

func (m *model) count(i Item, o article.Outcome) {
	m.outcomes[i.Source][o]++
	m.ended[i.ArticleID], m.last[i.ArticleID] = i, o
	delete(m.items, i.ArticleID)
}

// one draws an open item; false when there is none.
func (m *model) one(r *rapid.T) (Item, bool) {
	if len(m.items) == 0 {
		return Item{}, false
	}
	return m.items[rapid.SampledFrom(slices.Sorted(maps.Keys(m.items))).Draw(r, "item")], true
}

func (m *model) openNew(r *rapid.T) {
	source := rapid.SampledFrom(modelSources).Draw(r, "source")
	var listed []Listed
	fresh := map[string]bool{}
	for _, n := range rapid.SliceOfN(rapid.IntRange(1, 8), 1, 5).Draw(r, "listed") { // with doubles
		id := article.ID(source, fmt.Sprint(n))
		listed = append(listed, Listed{ArticleID: id, URL: "https://example.org/" + id})
		_, open := m.items[id]
		_, ended := m.ended[id]
		fresh[id] = !open && !ended
	}
	want := 0
	for _, isNew := range fresh {
		if isNew {
			want++
		}
	}
	got, err := m.store.OpenNew(m.t.Context(), source, listed, nil)
	must(m.t, err)
	if got.All != want {
		r.Fatalf("opened %d of %v, want %d", got.All, listed, want)
	}
	for id, isNew := range fresh {
		if isNew {
			m.first[id] = m.clock.now()
		}
		if known, err := m.store.Known(m.t.Context(), id); !known || err != nil {
			r.Fatalf("%s is not known: %v", id, err)
		}
	}
	m.opened[source] += got.All
	m.adopt(source)
}

// adopt reads the open items back, those that rest left out.
func (m *model) adopt(source string) {
	for _, i := range todo(m.t, m.store, source) {
		if !i.FirstSeen.Equal(m.first[i.ArticleID]) {
			m.t.Fatalf("%s was first seen %s, not %s", i.ArticleID, m.first[i.ArticleID], i.FirstSeen)
		}
		m.items[i.ArticleID] = i
	}
}

// watch draws whether the item's article is to be looked at again.
func (m *model) watch(r *rapid.T, i *Item) {
	delete(m.watches, i.ArticleID)
	i.Watch = Watch{}
	if after := rapid.IntRange(0, 300).Draw(r, "again after minutes"); after > 60 {
		i.Watch.Next = m.clock.now().Add(time.Duration(after) * time.Minute)
		m.watches[i.ArticleID] = i.Watch.Next
	}
}

func (m *model) revisit(r *rapid.T) {
	source := rapid.SampledFrom(modelSources).Draw(r, "source")
	want := 0
	for id, at := range m.watches {
		if _, open := m.items[id]; !open && m.ended[id].Source == source && !at.After(m.clock.now()) {
			want++
		}
	}
	got, err := m.store.OpenRevisits(m.t.Context(), source, 100)
	must(m.t, err)
	if got != want {
		r.Fatalf("opened %d revisits of %s, want %d", got, source, want)
	}
	m.opened[source] += got
	m.adopt(source)
}

func (m *model) keep(r *rapid.T) {
	i, ok := m.one(r)
	if !ok {
		return
	}
	text := rapid.SampledFrom([]string{"They met.", "They met and signed."}).Draw(r, "text")
	had := m.texts[i.ArticleID]
	want := article.Stored
	switch {
	case len(had) > 0 && had[len(had)-1] == text:
		want = article.Unchanged
	case len(had) > 0:
		want = article.Revised
	}
	m.watch(r, &i)
	got, err := m.store.Keep(m.t.Context(), i, page(i, text), Telling{})
	must(m.t, err)
	if got != want {
		r.Fatalf("%s: %s, want %s", i.ArticleID, got, want)
	}
	if want != article.Unchanged {
		m.revision(i, text)
	}
	m.count(i, got)
}

// revision notes what the article says now, and in which drop.
func (m *model) revision(i Item, text string) {
	m.texts[i.ArticleID] = append(m.texts[i.ArticleID], text)
	m.dropOf[fmt.Sprint(i.ArticleID, " ", len(m.texts[i.ArticleID]))] = m.date()
}

// takenAway is the text of an article that was withdrawn.
const takenAway = "withdrawn"

func (m *model) withdraw(r *rapid.T) {
	i, ok := m.one(r)
	if !ok || len(m.texts[i.ArticleID]) == 0 {
		return
	}
	m.watch(r, &i)
	_, err := m.store.Withdraw(m.t.Context(), i, "run", article.FromPublisher, "410")
	must(m.t, err)
	m.revision(i, takenAway)
	m.count(i, article.Withdrawn)
}

// release opens again what stands in quarantine: the last that ended so.
func (m *model) release(r *rapid.T) {
	source := rapid.SampledFrom(modelSources).Draw(r, "source")
	want := 0
	for id, o := range m.last {
		if _, open := m.items[id]; !open && o == article.Quarantined && m.ended[id].Source == source {
			want++
		}
	}
	got, err := m.store.Release(m.t.Context(), source)
	must(m.t, err)
	if int(got) != want {
		r.Fatalf("%d of %s were released, want %d", got, source, want)
	}
	m.opened[source] += want
	m.adopt(source)
}

func (m *model) end(r *rapid.T) {
	if i, ok := m.one(r); ok {
		o := rapid.SampledFrom([]article.Outcome{article.OutOfScope, article.Quarantined, article.Blocked}).Draw(r, "outcome")
		m.watch(r, &i)
		must(m.t, m.store.End(m.t.Context(), i, o, "so drawn"))
		m.count(i, o)
	}
}

func (m *model) attempt(r *rapid.T) {
	if i, ok := m.one(r); ok {
		ended, err := m.store.Attempt(m.t.Context(), i, 2, time.Time{}, "timeout")
		must(m.t, err)
		if ended {
			delete(m.watches, i.ArticleID)
			m.count(i, article.Failed)
		}
	}
}

func (m *model) freeze(r *rapid.T) {
	source, fails := rapid.SampledFrom(modelSources).Draw(r, "source"), rapid.Bool().Draw(r, "fails")
	took := map[string]string{}
	full := errors.New("disk full")
	err := m.store.Freeze(m.t.Context(), source, func(date string, rows iter.Seq2[[]byte, error]) (Batch, error) {
		key := fmt.Sprint(date, " ", len(m.batchOf)+len(took))
		texts := all(m.t, rows)
		for _, row := range texts {
			took[revisionOf(m.t, row)] = key
		}
		if fails {
			return Batch{}, full
		}
		return Batch{Key: key, Rows: int64(len(texts))}, nil
	})
	if !fails || !errors.Is(err, full) {
		must(m.t, err)
		maps.Copy(m.batchOf, took)
	}
}

func (m *model) land(r *rapid.T) {
	batches, err := m.store.Frozen(m.t.Context())
	must(m.t, err)
	if len(batches) > 0 {
		b := rapid.SampledFrom(batches).Draw(r, "batch")
		must(m.t, m.store.Landed(m.t.Context(), b))
		m.landed[b.Key] = true
	}
}

func (m *model) advance(r *rapid.T) {
	to := m.day.AddDate(0, 0, rapid.IntRange(-2, 3).Draw(r, "days"))
	must(m.t, m.store.Advance(m.t.Context(), to.Format(time.DateOnly)))
	if to.After(m.day) {
		m.day = to
	}
}

func revisionOf(t *testing.T, row string) string {
	t.Helper()
	var r article.Record
	must(t, json.Unmarshal([]byte(row), &r))
	return fmt.Sprint(r.ArticleID, " ", r.Revision)
}
