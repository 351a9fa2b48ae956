package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"attache/crawlers"
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
	todo, err := r.Store.Todo(ctx, r.src.ID)
	if err != nil {
		return err
	}
	r.report.Todo = len(todo)
	r.watch(r.report)
	unanswered := 0
	for _, item := range todo {
		err := r.visit(ctx, item)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.Is(err, errQuiet):
			r.report.Note = err.Error()
			return nil
		case errors.Is(err, errNoAnswer):
			if unanswered++; unanswered == silence {
				r.report.Note = fmt.Sprintf("%d visits in a row had no answer; the rest is left for the next run", silence)
				return nil
			}
		case err != nil:
			return err
		default:
			unanswered = 0
		}
		r.watch(r.report)
	}
	return nil
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
	page, err := r.crawler.Fetch(item.URL)
	if err != nil {
		return r.missed(ctx, item, err)
	}
	r.alive = true
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
	decision := r.Topic.Decide(topic.Text{Title: reading.Title, Lede: deref(reading.Lede), Body: reading.BodyText, Language: reading.Language})
	if !decision.Match {
		return r.end(ctx, item, article.OutOfScope, fmt.Sprintf("topic score %.2f", decision.Score))
	}
	record := Record(r.src, item.URL, reading, decision)
	record.ArticleID, record.RunID = item.ArticleID, r.report.Run
	record.FirstSeenAt, record.FetchedAt = item.FirstSeen, page.FetchedAt
	record.Backfilled = item.Kind == "backfill"
	doubtDate(item, &record)
	outcome, err := r.Store.Keep(ctx, item, &record)
	if err != nil {
		return err
	}
	r.report.Outcomes[outcome]++
	return nil
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
	case crawlers.Gone:
		return r.end(ctx, item, article.Failed, err.Error())
	case crawlers.Busy:
		// One address that always answers so must not keep the others waiting.
		if err := r.Store.Rest(ctx, item, r.Now().Add(quietFor)); err != nil {
			return err
		}
		return quiet(err)
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

// doubtDate notes a published time that the list did not agree with. A day and a
// half leaves room for pages and lists that know the day only.
func doubtDate(item store.Item, r *article.Record) {
	if r.PublishedAt == nil || item.Dated.IsZero() {
		return
	}
	if apart := r.PublishedAt.Sub(item.Dated).Abs(); apart > 36*time.Hour {
		r.Quality = append(r.Quality, article.Note{Field: "published_at", Note: "the list that led here says " + item.Dated.UTC().Format(time.RFC3339)})
	}
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
