package pipeline

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"attache/crawlers"
	"attache/crawlers/transport"
	"attache/internal/article"
	"attache/internal/store"
	"attache/internal/topic"
	"attache/internal/warc"
	"attache/parse"
	"attache/seeds"
)

// silence is how many visits in a row may give nothing before the run leaves the
// rest for the next.
const silence = 5

// read visits every open address of the source, those an earlier run left
// included, and gives each its outcome.
func (r *run) read(ctx context.Context) (err error) {
	r.inARow, r.whole = 0, 0
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
	// What a visit alone cannot judge is judged however the visits end.
	defer func() {
		last, cancel := outlive(ctx)
		defer cancel()
		err = errors.Join(err, r.judgeMissed(last), r.withdraw(last))
	}()
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
			return nil
		case err != nil:
			return err
		case r.inARow >= silence:
			r.report.Note = fmt.Sprintf("%d visits in a row gave nothing; the rest is left for the next run", silence)
			return nil
		}
		r.tell(r.report)
		if r.onVisit != nil {
			r.onVisit(len(todo), len(todo)-i-1)
		}
	}
	return nil
}

// visit takes one address from fetch to outcome. A page that makes us panic costs
// its own visit and nothing else.
func (r *run) visit(ctx context.Context, item store.Item) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.Log.Error("panic while reading a page", "url", item.URL, "panic", p, "stack", string(debug.Stack()))
			r.miss(item, fmt.Sprintf("attache itself failed on it: %v", p), 0)
		}
	}()
	reason, err := r.Store.TakenDown(ctx, item.ArticleID)
	if err != nil {
		return err
	}
	if reason != "" {
		return r.end(ctx, item, article.Blocked, "taken down: "+reason)
	}
	// However it ends, the address is looked at again at its ages: trouble passes.
	r.watch(&item)
	page, err := r.crawler.Fetch(item.URL, transport.Validators{ETag: item.Watch.ETag, LastModified: item.Watch.LastModified})
	if err != nil {
		return r.unfetched(ctx, item, err)
	}
	r.whole++
	if page.Unchanged {
		r.inARow = 0
		item.Watch.ETag, item.Watch.LastModified = page.Validators.ETag, page.Validators.LastModified
		return r.end(ctx, item, article.Unchanged, "")
	}
	r.report.Fetched++
	reading, err := parse.Read(r.src, parse.Page{URL: page.URL, ContentType: page.ContentType, Body: page.Body, FetchedAt: page.FetchedAt})
	if err != nil { // no page, an empty one, or too costly, perhaps of a neighbour's doing
		r.miss(item, err.Error(), 0)
		return nil
	}
	r.inARow = 0
	r.report.Coverage.add(r.src, reading)
	if reading.Broken != "" {
		return r.end(ctx, item, article.Quarantined, reading.Broken)
	}
	last, err := r.Store.Latest(ctx, item.ArticleID)
	if err != nil {
		return err
	}
	if worse := poorer(last, reading); worse != "" {
		return r.end(ctx, item, article.Quarantined, worse)
	}
	item.Watch.ETag, item.Watch.LastModified = page.Validators.ETag, page.Validators.LastModified
	item.Aliases = aliases(r.src, item, page.URL, reading.Canonical)
	decision := Decide(r.Topic, r.src, reading)
	if !decision.Match {
		return r.outside(ctx, item, last, page, reading, decision)
	}
	record := Record(r.src, item.URL, reading, decision)
	record.ArticleID, record.RunID = item.ArticleID, r.report.Run
	record.FirstSeenAt, record.FetchedAt = item.FirstSeen, page.FetchedAt
	record.Backfilled = item.Archived
	doubtDate(item, &record)
	if page.Raw != nil {
		record.RawRef = &article.RawRef{Segment: page.Raw.Segment, Offset: page.Raw.Offset}
		if err := r.Captures.Sync(r.src.ID); err != nil {
			return err
		}
	}
	record.ChangeReason = r.whose(ctx, last, &record)
	if item.Archived { // its ages passed long ago
		item.Watch = store.Watch{}
	}
	outcome, err := r.keep(ctx, item, &record)
	if err != nil {
		return err
	}
	r.report.Outcomes[outcome]++
	return nil
}

// keep links the record and keeps it.
func (r *run) keep(ctx context.Context, item store.Item, record *article.Record) (article.Outcome, error) {
	return r.linked(ctx, record, func(t store.Telling) (article.Outcome, error) { return r.Store.Keep(ctx, item, record, t) })
}

// poorer says in what a reading is worse than the stored one of the same article, as
// after a redesign: the stored one stands then. Empty when it is not.
func poorer(last *article.Record, now parse.Reading) string {
	switch {
	case last == nil || last.ChangeType == article.Removed:
		return ""
	case last.Extractor.Kind == article.ByRules && now.Extractor.Kind == article.ByFallback:
		return "only the fallback reader finds its text now; the stored revision stands"
	case last.PublishedAt != nil && now.PublishedAt == nil:
		return "its time is not found any more; the stored revision stands"
	}
	return ""
}

// whose doing a further revision is: the rules', when today's rules read the same in
// the capture of the last one, else the publisher's.
func (r *run) whose(ctx context.Context, last, now *article.Record) article.ChangeReason {
	if last == nil || last.Fingerprint() == now.Fingerprint() || last.RawRef == nil || last.Extractor.RulesVersion == now.Extractor.RulesVersion || r.Captures == nil || r.Bucket == nil {
		return article.FromPublisher
	}
	e, err := r.Captures.Read(warc.Ref{Segment: last.RawRef.Segment, Offset: last.RawRef.Offset}, r.Bucket.Fetcher(ctx))
	if err != nil {
		return article.FromPublisher
	}
	body, err := e.Decoded(r.MaxPage)
	if err != nil {
		return article.FromPublisher
	}
	before, err := parse.Read(r.src, parse.Page{URL: e.URL, ContentType: e.Received.Get("Content-Type"), Body: body, FetchedAt: e.At})
	if err != nil || before.Fingerprint() != now.Fingerprint() {
		return article.FromPublisher
	}
	return article.FromRules
}

// The kinds of work items that are not news.
const (
	revisit  = "revisit"
	archived = "backfill"
)

// Decide judges a reading by the threshold of its source, if it has one; nobody's page has no source.
func Decide(d *topic.Decider, src *seeds.Source, reading parse.Reading) topic.Decision {
	if src != nil {
		d = d.At(src.Threshold)
	}
	return d.Decide(Text(reading))
}

// Text is what is judged of a reading.
func Text(reading parse.Reading) topic.Text {
	return topic.Text{Title: reading.Title, Lede: deref(reading.Lede), Body: reading.BodyText, Language: reading.Language}
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

// unfetched judges a visit that gave no page.
func (r *run) unfetched(ctx context.Context, item store.Item, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if errors.Is(err, transport.ErrRecord) { // our own disk, not the address
		return err
	}
	failed, _ := errors.AsType[*crawlers.Error](err)
	switch crawlers.VerdictOf(err) {
	case crawlers.Denied:
		r.inARow = 0
		return r.end(ctx, item, article.Blocked, err.Error())
	case crawlers.Walled:
		if err := r.end(ctx, item, article.Blocked, err.Error()); err != nil {
			return err
		}
		return quiet(err)
	case crawlers.Gone:
		r.inARow = 0
		return r.gone(ctx, item, err)
	case crawlers.Busy:
		switch {
		case failed != nil && failed.Host != "" && failed.Host != transport.Hostname(item.URL): // it leads to a host that is not the publisher's
			r.miss(item, err.Error(), failed.Until.Sub(r.Transport.Now()))
			return nil
		case failed != nil && failed.Status != 0: // this address asked for it
			r.miss(item, err.Error(), failed.Until.Sub(r.Transport.Now()))
		case r.Now().Sub(item.FirstSeen) >= stubborn: // the host is dead
			r.miss(item, err.Error(), 0)
		}
		return quiet(err)
	case crawlers.Again, crawlers.Elsewhere:
	}
	r.Log.Info("visit gave nothing", "url", item.URL, "error", err)
	r.miss(item, err.Error(), 0)
	return nil
}

// missed is a visit that gave nothing.
type missed struct {
	item   store.Item
	reason string
	least  time.Time // not to be visited again before
}

// miss notes a visit that gave nothing; the address rests at least so long.
func (r *run) miss(item store.Item, reason string, least time.Duration) {
	r.inARow++
	r.missed = append(r.missed, missed{item, reason, r.Now().Add(least)})
}

// quietFor is how long an address rests at first whose publisher gives nobody
// anything. It costs no visit.
const quietFor = 30 * time.Minute

// stubborn is when an address is given up although nothing else answers either.
const stubborn = 7 * 24 * time.Hour

// judgeMissed counts the visits that gave nothing, if the publisher gave some page
// whole in this run: one that is down, or shuts everybody out, must not use up the
// visits of its articles. Otherwise they rest only, for half as long as they have been
// known, between half an hour and six hours.
func (r *run) judgeMissed(ctx context.Context) error {
	for _, m := range r.missed {
		if age := r.Now().Sub(m.item.FirstSeen); r.whole == 0 && age < stubborn {
			until := r.Now().Add(min(max(age/2, quietFor), 12*quietFor))
			if m.least.After(until) {
				until = m.least
			}
			if err := r.Store.Rest(ctx, m.item, until); err != nil {
				return err
			}
			continue
		}
		ended, err := r.Store.Attempt(ctx, m.item, r.Attempts, m.least, m.reason)
		if err != nil {
			return err
		}
		if ended {
			r.report.Outcomes[article.Failed]++
		}
	}
	r.missed = nil
	return nil
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
