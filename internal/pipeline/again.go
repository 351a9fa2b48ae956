package pipeline

import (
	"context"
	"fmt"
	"time"

	"attache/crawlers"
	"attache/internal/article"
	"attache/internal/store"
	"attache/internal/topic"
	"attache/parse"
)

// Revisits say which articles are looked at again, and when.
type Revisits struct {
	After    []time.Duration // ages, counted from when the address was first seen, ascending
	NearMiss float64         // what is out of scope is looked at again from this score on
	Confirm  time.Duration   // a page that is gone is withdrawn when it is still gone after this
	Force    bool            // withdraw also what is held because too much is gone at once
}

// most is how many revisits one run opens, at most: a run after a long pause must not
// keep news waiting for hours.
const most = 200

// Withdrawals are held for a while when much is gone at once: a redesign's 404s, or
// a page of apology in place of each article, are not the articles' doing.
const (
	heldFor  = 24 * time.Hour
	heldMost = 7 * 24 * time.Hour // what is gone for so long is withdrawn all the same
)

// tooMuch says whether so many gone of those looked at within a day are too much.
func tooMuch(gone, looked int) bool {
	share := float64(gone) / float64(max(looked, 1))
	return gone >= 5 && share >= 0.25 || gone >= 2 && share >= 0.6
}

// next is when an article first seen then is due after now; zero when it never is again.
func (v Revisits) next(seen, now time.Time) time.Time {
	for _, age := range v.After {
		if at := seen.Add(age); at.After(now) {
			return at
		}
	}
	return time.Time{}
}

// watch makes the item's article be looked at again when its age comes round.
func (r *run) watch(item *store.Item) {
	item.Watch.Next = r.Revisits.next(item.FirstSeen, r.Now())
}

// strongest is how many signals are kept of what is out of scope: enough for a person
// to see why, in some hundred bytes.
const strongest = 8

// outside ends an item that is read and not about defence diplomacy. An article
// that is stored has left the topic when it is still so at a later look.
func (r *run) outside(ctx context.Context, item store.Item, last *article.Record, page crawlers.Page, reading parse.Reading, d topic.Decision) error {
	reason := fmt.Sprintf("topic score %.2f", d.Score)
	if last == nil || last.ChangeType == article.Removed {
		if d.Score < r.Revisits.NearMiss || item.Archived {
			item.Watch = store.Watch{}
		}
		j := store.Judgement{Score: &d.Score, Threshold: d.Threshold, Title: reading.Title, Language: reading.Language, Signals: d.Strongest(strongest)}
		if page.Raw != nil {
			j.Raw = &article.RawRef{Segment: page.Raw.Segment, Offset: page.Raw.Offset}
		}
		if err := r.Store.EndOutside(ctx, item, reason, j); err != nil {
			return err
		}
		r.report.Outcomes[article.OutOfScope]++
		return nil
	}
	return r.confirm(ctx, item, article.FromTopic, reason)
}

// gone judges a 404 or 410: the address has failed, unless the article is stored.
func (r *run) gone(ctx context.Context, item store.Item, why error) error {
	item.Watch.ETag, item.Watch.LastModified = "", "" // should it come back, it is to be read
	last, err := r.Store.Latest(ctx, item.ArticleID)
	switch {
	case err != nil:
		return err
	case last == nil:
		return r.end(ctx, item, article.Failed, why.Error())
	case last.ChangeType == article.Removed:
		return r.end(ctx, item, article.Unchanged, "withdrawn, and still so")
	}
	return r.confirm(ctx, item, article.FromPublisher, why.Error())
}

// confirm puts a withdrawal off until a later look has found the same.
func (r *run) confirm(ctx context.Context, item store.Item, reason article.ChangeReason, why string) error {
	if item.GoneAt.IsZero() {
		r.Log.Info("a stored article is gone; to be confirmed", "url", item.URL, "why", why)
		return r.Store.Gone(ctx, item, r.Now().Add(r.Revisits.Confirm))
	}
	r.withdrawals = append(r.withdrawals, withdrawal{item, reason, why})
	return nil
}

type withdrawal struct {
	item   store.Item
	reason article.ChangeReason
	why    string
}

// withdraw ends what two visits found gone, unless too much is gone at once.
func (r *run) withdraw(ctx context.Context) error {
	if len(r.withdrawals) == 0 {
		return nil
	}
	gone, looked, err := r.Store.GoneLately(ctx, r.src.ID, r.Now().Add(-24*time.Hour))
	if err != nil {
		return err
	}
	if tooMuch(gone, looked) && !r.Revisits.Force {
		r.report.Held = len(r.withdrawals)
		r.Log.Error("too many articles are gone at once; withdrawals are held", "gone", gone, "looked_at", looked,
			"do", "look at the site; if they are really gone: attache crawl --withdraw --source "+r.src.ID)
		due := r.withdrawals[:0]
		for _, w := range r.withdrawals {
			if r.Now().Sub(w.item.GoneAt) >= heldMost {
				due = append(due, w)
				continue
			}
			if err := r.Store.Hold(ctx, w.item, r.Now().Add(heldFor)); err != nil {
				return err
			}
		}
		r.withdrawals, r.report.Held = due, r.report.Held-len(due)
	}
	for _, w := range r.withdrawals {
		outcome, err := r.Store.Withdraw(ctx, w.item, r.report.Run, w.reason, w.why)
		if err != nil {
			return err
		}
		r.report.Outcomes[outcome]++
	}
	r.withdrawals = nil
	return nil
}
