package pipeline

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"attache/crawlers/transport"
	"attache/internal/article"
	"attache/internal/store"
	"attache/internal/warc"
	"attache/parse"
	"attache/seeds"
)

// ReplayOptions say what is read again, and who is told.
type ReplayOptions struct {
	From, To time.Time // days of the captures, UTC, both included
	Commit   bool      // makes revisions of what differs, with reason rules
	Tell     func(Replayed)
	Progress func(ReplayProgress) // may be nil
}

// ReplayProgress is how far a replay has come. The articles are known when all
// segments have been looked through.
type ReplayProgress struct {
	Segments, SegmentsRead int
	Articles, ArticlesRead int
}

// Replayed is what today's rules make of one captured page.
type Replayed struct {
	ArticleID string    `json:"article_id"`
	URL       string    `json:"url"`
	Captured  time.Time `json:"captured_at"`
	// Verdict is same, differs, new, returned (to the topic it was withdrawn for),
	// left_out (as before), out_of_scope (and stored), quarantined, walled,
	// unreadable, withdrawn (by the publisher, or taken down) or superseded.
	Verdict  string          `json:"verdict"`
	Reason   string          `json:"reason,omitempty"`  // of the last seven
	Fields   []Difference    `json:"fields,omitempty"`  // that differ from what is stored
	Revision bool            `json:"revision"`          // the difference makes a revision
	Outcome  article.Outcome `json:"outcome,omitempty"` // when it was committed
}

// Difference is one field, as it is stored and as today's rules read it; JSON.
type Difference struct {
	Field string          `json:"field"`
	Was   json.RawMessage `json:"was"`
	Is    json.RawMessage `json:"is"`
}

// ErrNoCaptures is a stretch of time of which nothing is kept.
var ErrNoCaptures = errors.New("no captures")

// Replay reads the captures of a source's articles through today's rules, one of
// each article, and tells what would differ from what is stored. It asks the
// publisher nothing. A segment that is damaged is read as far as it is whole, and is
// an error after everything else was read. What was committed is landed, whatever
// the error.
func (p *Pipeline) Replay(ctx context.Context, src *seeds.Source, o ReplayOptions) (err error) {
	if p.Captures == nil {
		return errors.New("no captures are kept: set capture.keep")
	}
	if o.Progress == nil {
		o.Progress = func(ReplayProgress) {}
	}
	segments, err := p.segments(ctx, src.ID, o.From, o.To)
	if err != nil {
		return err
	}
	if len(segments) == 0 {
		return fmt.Errorf("%w of %s from %s to %s", ErrNoCaptures, src.ID, o.From.Format(time.DateOnly), o.To.Format(time.DateOnly))
	}
	r := &replay{Pipeline: p, ReplayOptions: o, src: src, run: ulid.Make().String(), found: map[string]*pages{}}
	damaged, err := r.look(ctx, segments)
	if err != nil {
		return err
	}
	if o.Commit {
		defer func() {
			last, cancel := outlive(logging(ctx, p.Log.With("source", src.ID, "run", r.run)))
			defer cancel()
			err = errors.Join(err, p.freeze(last, r.run, src.ID), p.Land(last))
		}()
	}
	return errors.Join(r.articles(ctx), damaged)
}

type replay struct {
	*Pipeline
	ReplayOptions
	src   *seeds.Source
	run   string
	now   ReplayProgress
	found map[string]*pages // by article
}

func (r *replay) articles(ctx context.Context) error {
	r.now.Articles = len(r.found)
	for _, id := range slices.Sorted(maps.Keys(r.found)) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if r.Commit && r.Room != nil {
			if err := r.Room(); err != nil {
				return err
			}
		}
		told, err := r.article(ctx, id)
		if err != nil {
			return err
		}
		r.Tell(told)
		r.now.ArticlesRead++
		r.Progress(r.now)
	}
	return nil
}

// article reads the best capture of an article that can be read, and compares. When
// none can, the newest one's verdict is told.
func (r *replay) article(ctx context.Context, id string) (told Replayed, err error) {
	found := r.found[id]
	told = Replayed{ArticleID: id, URL: found.url, Captured: found.newest()}
	why, err := r.Store.TakenDown(ctx, id)
	if err != nil || why != "" {
		told.Verdict, told.Reason = "withdrawn", "taken down: "+why
		return told, err
	}
	last, err := r.Store.Latest(ctx, id)
	if err != nil {
		return told, err
	}
	if last == nil {
		if pruned, err := r.Store.Pruned(ctx, id); err != nil || pruned {
			told.Verdict, told.Reason = "superseded", "the store has let its text go; the drop it was sealed in stands"
			return told, err
		}
	}
	if last != nil && last.ChangeType == article.Removed && last.ChangeReason != article.FromTopic {
		told.Verdict, told.Reason = "withdrawn", "what the publisher withdrew stays so"
		return told, nil
	}
	fit := found.fit(last, r.Revisits.Confirm)
	if len(fit) == 0 {
		told.Verdict, told.Reason = "superseded", "what is stored was fetched later"
		return told, nil
	}
	var unread []Replayed
	for _, c := range fit {
		told, reading, err := r.read(ctx, last, id, c)
		if err != nil {
			return told, err
		}
		if reading != nil {
			return r.compare(ctx, last, c, told, *reading)
		}
		unread = append(unread, told)
	}
	return slices.MaxFunc(unread, func(a, b Replayed) int { return a.Captured.Compare(b.Captured) }), nil
}

// read reads one capture. Where there is no article in it, or less of it than is
// stored, reading is nil and told says why.
func (r *replay) read(ctx context.Context, last *article.Record, id string, c captured) (told Replayed, reading *parse.Reading, err error) {
	answer, err := r.Captures.Read(c.ref, r.fetch(ctx))
	told = Replayed{ArticleID: id, URL: answer.URL, Captured: c.at}
	if err != nil {
		return told, nil, err
	}
	defer func() { // a page that makes us panic costs itself and nothing else
		if p := recover(); p != nil {
			told.Verdict, told.Reason = "unreadable", fmt.Sprintf("attache itself failed on it: %v", p)
		}
	}()
	told.Verdict, told.Reason, reading = r.understand(last, c, answer)
	return told, reading, nil
}

// understand reads a page, or says in a verdict and its reason why it does not.
func (r *replay) understand(last *article.Record, c captured, answer warc.Exchange) (verdict, reason string, reading *parse.Reading) {
	body, err := answer.Decoded(r.MaxPage)
	if err != nil {
		return "unreadable", err.Error(), nil
	}
	if wall := transport.Walled(answer.URL, answer.Status, answer.Received, body); wall != "" {
		return "walled", wall, nil
	}
	found, err := parse.Read(r.src, parse.Page{URL: answer.URL, ContentType: answer.Received.Get("Content-Type"), Body: body, FetchedAt: c.at})
	if err != nil || found.Broken != "" {
		return "quarantined", cmp.Or(found.Broken, fmt.Sprint(err)), nil
	}
	if worse := poorer(last, found); worse != "" {
		return "quarantined", worse, nil
	}
	return "", "", &found
}

// compare tells how a reading differs from what is stored, and with Commit makes a
// revision of it.
func (r *replay) compare(ctx context.Context, last *article.Record, c captured, told Replayed, reading parse.Reading) (Replayed, error) {
	left := last != nil && last.ChangeType == article.Removed // the topic
	decision := Decide(r.Topic, r.src, reading)
	if !decision.Match {
		told.Verdict, told.Reason = "left_out", fmt.Sprintf("topic score %.2f", decision.Score)
		if last != nil && !left {
			told.Verdict, told.Reason = "out_of_scope", told.Reason+"; it is stored, and is left so"
		}
		return told, nil
	}
	record := Record(r.src, told.URL, reading, decision)
	record.ArticleID, record.RunID, record.ChangeReason = told.ArticleID, r.run, article.FromRules
	record.FirstSeenAt, record.FetchedAt = c.at, c.at
	record.RawRef = &article.RawRef{Segment: c.ref.Segment, Offset: c.ref.Offset}
	if last == nil {
		told.Verdict, told.Revision = "new", true
	} else {
		record.URL, record.FirstSeenAt, record.Backfilled = last.URL, last.FirstSeenAt, last.Backfilled
		record.DuplicateOf, record.SameStory = last.DuplicateOf, last.SameStory
		if c.of(last) {
			record.FetchedAt = last.FetchedAt
		}
		for _, n := range last.Quality { // the capture does not know its list
			if strings.HasPrefix(n.Note, listDoubt) {
				record.Quality = append(record.Quality, n)
			}
		}
		var err error
		if told.Fields, err = differences(last, &record); err != nil {
			return told, err
		}
		told.Revision = left || last.Fingerprint() != record.Fingerprint()
		switch {
		case left:
			told.Verdict, told.Reason = "returned", "it was withdrawn because it had left the topic"
		case len(told.Fields) > 0:
			told.Verdict = "differs"
		default:
			told.Verdict = "same"
		}
	}
	if !r.Commit || !told.Revision {
		return told, nil
	}
	var err error
	told.Outcome, err = r.keep(ctx, last == nil, &record)
	return told, err
}

// keep makes a revision. A first one is linked, and looked at again, as if it had been
// kept when it came.
func (r *replay) keep(ctx context.Context, isFirst bool, record *article.Record) (article.Outcome, error) {
	if !isFirst {
		return r.Store.Reread(ctx, record.URL, record, nil)
	}
	return r.linked(ctx, record, func(t store.Telling) (article.Outcome, error) {
		return r.Store.Reread(ctx, record.URL, record, &store.First{Telling: t, Next: r.Revisits.next(record.FirstSeenAt, r.Now())})
	})
}
