package pipeline

import (
	"context"
	"encoding/json"
	"time"

	"attache/crawlers"
	"attache/internal/store"
	"attache/seeds"
)

// horizon is the time before which nothing is news: since before the first run,
// and since before the last run that saw every list. So after weeks of downtime
// one run looks back far enough, and after years it does not look back years.
func (r *run) horizon(ctx context.Context) (horizon, last time.Time, err error) {
	since := time.Duration(r.src.Since)
	latest := r.Now().Add(-since)
	first, err := r.Store.Horizon(ctx, r.src.ID, latest)
	if err != nil {
		return first, last, err
	}
	last, err = r.Store.LastWhole(ctx, r.src.ID)
	if err != nil {
		return first, last, err
	}
	// A clock that was ahead must not hide the news.
	if first.After(latest) {
		first = latest
	}
	if last.After(r.Now()) {
		last = r.Now()
	}
	if after := last.Add(-since); after.After(first) {
		return after, last, nil
	}
	return first, last, nil
}

// discover opens what the source lists and the store has never seen, together with
// what the lists said of themselves.
func (r *run) discover(ctx context.Context) error {
	after, last, err := r.horizon(ctx)
	if err != nil {
		return err
	}
	listed, steps := r.crawler.Discover(crawlers.Look{
		Now:   r.Now(),
		After: after,
		Known: func(id string) bool {
			known, err := r.Store.Known(ctx, id)
			return err == nil && known
		},
		Held: func(step, list string) (crawlers.Held, bool) { return r.held(ctx, step, list) },
	})
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	lists := store.Lists{}
	for _, s := range steps {
		r.report.step(s)
		if s.Err != nil {
			r.Log.Warn("discovery step failed", "step", s.Kind, "address", s.Address, "error", s.Err)
		}
		if lists[s.Address], err = kept(s.Held); err != nil {
			return err
		}
	}
	r.report.Listed = len(listed)
	r.report.Gap = unseen(last, listed, steps)
	opened, err := r.Store.OpenNew(ctx, r.src.ID, r.open(listed), lists)
	r.report.opened(opened)
	return err
}

// held is what the store keeps of a list. What cannot be read is not held: the
// list is asked for whole.
func (r *run) held(ctx context.Context, step, list string) (crawlers.Held, bool) {
	text, err := r.Store.Held(ctx, r.src.ID, step, list)
	if err != nil || text == nil {
		return crawlers.Held{}, false
	}
	var h crawlers.Held
	return h, json.Unmarshal(text, &h) == nil
}

func kept(held map[string]crawlers.Held) (map[string][]byte, error) {
	texts := make(map[string][]byte, len(held))
	for list, h := range held {
		text, err := json.Marshal(h)
		if err != nil {
			return nil, err
		}
		texts[list] = text
	}
	return texts, nil
}

// open says how each listed address is to be opened.
func (r *run) open(listed []crawlers.Listed) []store.Listed {
	open := make([]store.Listed, len(listed))
	for i, l := range listed {
		open[i] = store.Listed{ArticleID: l.ID, URL: l.URL, As: l.As, Dated: l.Published}
		if r.src.Screen == seeds.ByTitle && !r.Topic.Screen(l.Title, r.src.Language) {
			open[i].Screened = "by its title, not visited"
			open[i].Judgement = store.Judgement{Title: l.Title, Language: r.src.Language}
		}
	}
	return open
}

// unseen is the stretch between the last run that saw every list and the oldest
// entry there is now, when no list reaches back to that run: what was listed and
// dropped in between can only be had from archives. Nil when the lists reach back, or
// may have.
func unseen(last time.Time, listed []crawlers.Listed, steps []crawlers.Step) *Gap {
	if last.IsZero() {
		return nil
	}
	for _, s := range steps {
		if s.Unchanged || s.Err != nil {
			return nil // what it would have listed is not known
		}
	}
	var oldest time.Time
	for _, l := range listed {
		at := l.Published
		if at.IsZero() {
			at = l.Modified
		}
		if at.IsZero() || !at.After(last) {
			return nil
		}
		if oldest.IsZero() || at.Before(oldest) {
			oldest = at
		}
	}
	if oldest.IsZero() {
		return nil
	}
	return &Gap{From: last, To: oldest}
}
