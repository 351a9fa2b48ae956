package pipeline

import (
	"context"
	"fmt"
	"time"

	"attache/internal/article"
	"attache/internal/store"
	"attache/internal/topic"
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

// Withdrawals are held when at least so many of a source's articles, and this share
// of those looked at within a day, are gone: a redesign's 404s are not the articles'.
const (
	heldFrom  = 5
	heldShare = 0.25
	heldFor   = 24 * time.Hour
)

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

// outside ends an item that is read and not about defence diplomacy. Of an article
// that is stored, a row says that it has left the topic.
func (r *run) outside(ctx context.Context, item store.Item, d topic.Decision) error {
	reason := fmt.Sprintf("topic score %.2f", d.Score)
	if d.Score >= r.Revisits.NearMiss {
		r.watch(&item)
	}
	last, err := r.Store.Latest(ctx, item.ArticleID)
	if err != nil {
		return err
	}
	if last == nil || last.ChangeType == article.Removed {
		return r.end(ctx, item, article.OutOfScope, reason)
	}
	if err := r.Store.Withdraw(ctx, item, r.report.Run, article.FromTopic, reason); err != nil {
		return err
	}
	r.report.Outcomes[article.OutOfScope]++
	return nil
}

// gone judges a 404 or 410. At the first visit the address has failed. A known
// article is looked at once more before it counts as withdrawn.
func (r *run) gone(ctx context.Context, item store.Item, why error) error {
	last, err := r.Store.Latest(ctx, item.ArticleID)
	switch {
	case err != nil:
		return err
	case last == nil || last.ChangeType == article.Removed:
		item.Watch = store.Watch{}
		return r.end(ctx, item, article.Failed, why.Error())
	case item.GoneAt.IsZero():
		r.Log.Info("gone; to be confirmed", "source", r.src.ID, "url", item.URL, "error", why)
		return r.Store.Gone(ctx, item, r.Now().Add(r.Revisits.Confirm))
	}
	r.withdrawals = append(r.withdrawals, withdrawal{item, why.Error()})
	return nil
}

type withdrawal struct {
	item store.Item
	why  string
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
	if gone >= heldFrom && float64(gone) >= heldShare*float64(looked) && !r.Revisits.Force {
		r.report.Held = len(r.withdrawals)
		r.Log.Error("too many articles are gone at once; withdrawals are held", "source", r.src.ID, "gone", gone, "looked_at", looked,
			"do", "look at the site; if they are really gone: attache crawl --withdraw --source "+r.src.ID)
		for _, w := range r.withdrawals {
			if err := r.Store.Rest(ctx, w.item, r.Now().Add(heldFor)); err != nil {
				return err
			}
		}
		return nil
	}
	for _, w := range r.withdrawals {
		w.item.Watch = store.Watch{}
		if err := r.Store.Withdraw(ctx, w.item, r.report.Run, article.FromPublisher, w.why); err != nil {
			return err
		}
		r.report.Outcomes[article.Withdrawn]++
	}
	return nil
}
