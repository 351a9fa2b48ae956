package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"attache/crawlers"
	"attache/crawlers/transport"
	"attache/internal/article"
	"attache/internal/store"
	"attache/internal/topic"
	"attache/parse"
	"attache/seeds"
)

// silence is how many visits in a row may end without any answer before the run
// leaves the rest for the next.
const silence = 3

// quietFor is how long an address rests whose host wants quiet. It costs no visit.
const quietFor = 30 * time.Minute

// read visits every open address of the source, those an earlier run left
// included, and gives each its outcome.
func (r *run) read(ctx context.Context) error {
	todo, err := r.Store.Todo(ctx, r.src.ID, r.backfill)
	if err != nil {
		return err
	}
	if most := r.src.Visits; most > 0 && !r.backfill && len(todo) > most {
		r.report.Note = fmt.Sprintf("%d addresses are left for the next runs; one visits %d at most", len(todo)-most, most)
		todo = todo[:most]
	}
	r.report.Todo += len(todo)
	r.tell(r.report)
	unanswered := 0
	for i, item := range todo {
		if r.Room != nil {
			if err := r.Room(); err != nil {
				return err
			}
		}
		err := r.visit(ctx, item)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.Is(err, errQuiet):
			r.report.Note = err.Error()
			return r.withdraw(ctx)
		case errors.Is(err, errNoAnswer):
			if unanswered++; unanswered == silence {
				r.report.Note = fmt.Sprintf("%d visits in a row had no whole answer; the rest is left for the next run", silence)
				return r.withdraw(ctx)
			}
		case err != nil:
			return err
		default:
			unanswered = 0
		}
		r.tell(r.report)
		if r.onVisit != nil {
			r.onVisit(len(todo), len(todo)-i-1)
		}
	}
	return r.withdraw(ctx)
}

var errNoAnswer = errors.New("no answer")

// visit takes one address from fetch to outcome. A page that makes us panic costs
// its own visit and nothing else.
func (r *run) visit(ctx context.Context, item store.Item) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.Log.Error("panic while reading a page", "source", r.src.ID, "url", item.URL, "panic", p)
			err = r.again(ctx, item, fmt.Sprintf("attache itself failed on it: %v", p))
		}
	}()
	if item.Kind == revisit {
		r.watch(&item) // however it ends
	}
	page, err := r.crawler.Fetch(item.URL, transport.Validators{ETag: item.Watch.ETag, LastModified: item.Watch.LastModified})
	if err != nil {
		return r.missed(ctx, item, err)
	}
	r.alive = true
	item.Watch.ETag, item.Watch.LastModified = page.Validators.ETag, page.Validators.LastModified
	if page.Unchanged {
		return r.end(ctx, item, article.Unchanged, "")
	}
	r.report.Fetched++
	reading, err := parse.Read(r.src, parse.Page{URL: page.URL, ContentType: page.ContentType, Body: page.Body, FetchedAt: page.FetchedAt})
	if errors.Is(err, parse.ErrTooCostly) { // perhaps of a neighbour's doing
		return r.again(ctx, item, err.Error())
	}
	if err != nil {
		r.report.Coverage.Quarantined++
		return r.end(ctx, item, article.Quarantined, err.Error())
	}
	r.report.Coverage.add(r.src, reading)
	if reading.Broken != "" {
		return r.end(ctx, item, article.Quarantined, reading.Broken)
	}
	item.Aliases = aliases(r.src, item, page.URL, reading.Canonical)
	decision := r.decide(reading)
	if !decision.Match {
		return r.outside(ctx, item, decision)
	}
	record := Record(r.src, item.URL, reading, decision)
	record.ArticleID, record.RunID = item.ArticleID, r.report.Run
	record.FirstSeenAt, record.FetchedAt = item.FirstSeen, page.FetchedAt
	record.Backfilled = item.Kind == archived
	doubtDate(item, &record)
	if page.Raw != nil {
		record.RawRef = &article.RawRef{Segment: page.Raw.Segment, Offset: page.Raw.Offset}
		if err := r.Captures.Sync(r.src.ID); err != nil {
			return err
		}
	}
	r.watch(&item)
	outcome, err := r.Store.Keep(ctx, item, &record)
	if err != nil {
		return err
	}
	r.report.Outcomes[outcome]++
	return nil
}

// The kinds of work items that are not news.
const (
	revisit  = "revisit"
	archived = "backfill"
)

func (p *Pipeline) decide(reading parse.Reading) topic.Decision {
	return p.Topic.Decide(topic.Text{Title: reading.Title, Lede: deref(reading.Lede), Body: reading.BodyText, Language: reading.Language})
}

// aliases are the addresses a visit found the article to have besides its own.
func aliases(src *seeds.Source, item store.Item, found ...string) (others []string) {
	for _, address := range found {
		if id, ok := src.Identify(address); ok && id == item.ArticleID && address != item.URL && !slices.Contains(others, address) {
			others = append(others, address)
		}
	}
	return others
}

// missed judges a visit that gave no page.
func (r *run) missed(ctx context.Context, item store.Item, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var failed *crawlers.Error
	answered := errors.As(err, &failed) && failed.Status != 0
	r.alive = r.alive || answered
	switch crawlers.VerdictOf(err) {
	case crawlers.Denied:
		return r.end(ctx, item, article.Blocked, err.Error())
	case crawlers.Walled:
		// The wall may come down: the address is looked at again like a stored one.
		r.watch(&item)
		if err := r.end(ctx, item, article.Blocked, err.Error()); err != nil {
			return err
		}
		return quiet(err)
	case crawlers.Gone:
		return r.gone(ctx, item, err)
	case crawlers.Elsewhere:
		if item.Kind != revisit {
			return r.end(ctx, item, article.Failed, err.Error())
		}
	case crawlers.Busy:
		if !answered { // the host was quiet before this address was asked
			return quiet(err)
		}
		// One address that always answers so must not keep the others waiting.
		if err := r.Store.Rest(ctx, item, r.Now().Add(quietFor)); err != nil {
			return err
		}
		return quiet(err)
	case crawlers.Again:
	}
	r.Log.Info("visit gave nothing", "source", r.src.ID, "url", item.URL, "error", err)
	// A publisher that is down must not use up the visits of its articles.
	if r.alive {
		if err := r.again(ctx, item, err.Error()); err != nil {
			return err
		}
	}
	if !answered {
		return errNoAnswer
	}
	return nil
}

func (r *run) again(ctx context.Context, item store.Item, reason string) error {
	ended, err := r.Store.Attempt(ctx, item, r.Attempts, reason)
	if ended {
		r.report.Outcomes[article.Failed]++
	}
	return err
}

func (r *run) end(ctx context.Context, item store.Item, outcome article.Outcome, reason string) error {
	if err := r.Store.End(ctx, item, outcome, reason); err != nil {
		return err
	}
	r.report.Outcomes[outcome]++
	return nil
}

// Record is what reading and deciding say of the article at an address. Its run
// and the times of visits are the caller's to add, its revision the store's.
func Record(src *seeds.Source, address string, reading parse.Reading, decision topic.Decision) article.Record {
	r := article.Record{
		ChangeType:    article.Added,
		ChangeReason:  article.FromPublisher,
		URL:           address,
		CanonicalURL:  reading.Canonical,
		Content:       reading.Content,
		Countries:     decision.Countries,
		Acts:          decision.Acts,
		Topic:         article.Topic{Score: decision.Score, Signals: decision.Signals},
		SameStory:     []string{},
		BodySHA256:    article.SHA256(reading.BodyText),
		SchemaVersion: article.SchemaVersion,
	}
	if src != nil {
		r.Source = src.ID
		r.ArticleID, _ = src.Identify(reading.Canonical)
	}
	return r
}

// listDoubt begins the note of a date that page and list give differently.
const listDoubt = "the list that led here says "

// doubtDate notes a published time that the list did not agree with. A day and a
// half leaves room for pages and lists that know the day only.
func doubtDate(item store.Item, r *article.Record) {
	if r.PublishedAt == nil || item.Dated.IsZero() {
		return
	}
	if apart := r.PublishedAt.Sub(item.Dated).Abs(); apart > 36*time.Hour {
		r.Quality = append(r.Quality, article.Note{Field: "published_at", Note: listDoubt + item.Dated.UTC().Format(time.RFC3339)})
	}
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
