package audit

import (
	"context"
	"slices"
	"time"

	"attache/crawlers/transport"
	"attache/internal/article"
	"attache/internal/pipeline"
	"attache/internal/store"
	"attache/internal/topic"
	"attache/internal/warc"
	"attache/parse"
	"attache/seeds"
)

// Trial puts the same texts to two deciders: those of stored articles, as they are
// stored; those of what was kept out, read again from their captures; and the titles
// of what was not visited.
type Trial struct {
	Store   Store
	Sources []*seeds.Source
	Was, Is *topic.Decider
	Page    func(warc.Ref) (warc.Exchange, error)
	MaxPage int64             // largest page, decoded, bytes
	Tell    func(Change)      // of each that is decided otherwise, as it is found
	Step    func(tried Tried) // after each text; may be nil
}

// Tried counts texts, and what could not be tried.
type Tried struct {
	Stored  int `json:"stored"`  // articles that are stored
	Out     int `json:"out"`     // that were kept out, read again
	Titles  int `json:"titles"`  // of what was not visited
	LetGo   int `json:"let_go"`  // stored articles whose text the store has let go
	NoPage  int `json:"no_page"` // kept out, and no capture of theirs is kept
	Unread  int `json:"unread"`  // kept out, and their capture cannot be read
	Enter   int `json:"enter"`   // would be kept
	Leave   int `json:"leave"`   // would be kept out
	Visit   int `json:"visit"`   // would be visited
	Relabel int `json:"relabel"` // would be kept as before, with other acts or countries
}

// What a changed decision does to an article.
const (
	Enter   = "enter"   // it would be kept
	Leave   = "leave"   // it would be kept out
	Visit   = "visit"   // it was not visited for its title, and would be
	Relabel = "relabel" // it would be kept as before, with other acts or countries
)

// Change is an article that is decided otherwise.
type Change struct {
	What      string           `json:"what"`
	ArticleID string           `json:"article_id"`
	Source    string           `json:"source"`
	URL       string           `json:"url"`
	Title     string           `json:"title"`
	Was       *Verdict         `json:"was"` // null for a title
	Is        *Verdict         `json:"is"`
	Gained    []article.Signal `json:"gained"` // that only the new decider sees
	Lost      []article.Signal `json:"lost"`   // that only the old one did
}

// Verdict is what a decider says.
type Verdict struct {
	Score     float64  `json:"score"`
	Match     bool     `json:"match"`
	Acts      []string `json:"acts"`
	Countries []string `json:"countries"`
}

// Run tries what was decided in [from, to), and what went into the drops of
// [fromDrop, toDrop), of one source or, for "", of all.
func (t *Trial) Run(ctx context.Context, source string, from, to time.Time, fromDrop, toDrop string) (tried Tried, err error) {
	step := func() {
		if t.Step != nil {
			t.Step(tried)
		}
	}
	for r, err := range t.Store.Last(ctx, source, fromDrop, toDrop, &tried.LetGo) {
		if err != nil {
			return tried, err
		}
		if r.ChangeType == article.Removed {
			continue
		}
		tried.Stored++
		t.text(&tried, Change{ArticleID: r.ArticleID, Source: r.Source, URL: r.URL, Title: r.Title}, pipeline.Text(parse.Reading{Content: r.Content}))
		step()
	}
	for j, err := range t.Store.Judgements(ctx, source, from, to) {
		if err != nil {
			return tried, err
		}
		if ctx.Err() != nil {
			return tried, context.Cause(ctx)
		}
		t.judgement(&tried, &j)
		step()
	}
	return tried, nil
}

func (t *Trial) judgement(tried *Tried, j *store.Judgement) {
	c := Change{ArticleID: j.ArticleID, Source: j.Source, URL: j.URL, Title: j.Title, Gained: []article.Signal{}, Lost: []article.Signal{}}
	if j.Score == nil {
		tried.Titles++
		if t.Is.Screen(j.Title, j.Language) && !t.Was.Screen(j.Title, j.Language) {
			tried.Visit++
			c.What = Visit
			t.Tell(c)
		}
		return
	}
	if j.Raw == nil {
		tried.NoPage++
		return
	}
	text, ok := t.page(j)
	if !ok {
		tried.Unread++
		return
	}
	tried.Out++
	t.text(tried, c, text)
}

// page reads the page behind a judgement by today's rules.
func (t *Trial) page(j *store.Judgement) (_ topic.Text, ok bool) {
	defer func() { // a page that makes us panic costs itself and nothing else
		if recover() != nil {
			ok = false
		}
	}()
	answer, err := t.Page(warc.Ref{Segment: j.Raw.Segment, Offset: j.Raw.Offset})
	if err != nil {
		return topic.Text{}, false
	}
	body, err := answer.Decoded(t.MaxPage)
	if err != nil || transport.Walled(answer.URL, answer.Status, answer.Received, body) != "" {
		return topic.Text{}, false
	}
	reading, err := parse.Read(t.source(j.Source), parse.Page{URL: answer.URL, ContentType: answer.Received.Get("Content-Type"), Body: body, FetchedAt: answer.At})
	if err != nil || reading.Broken != "" {
		return topic.Text{}, false
	}
	return pipeline.Text(reading), true
}

func (t *Trial) source(id string) *seeds.Source {
	if i := slices.IndexFunc(t.Sources, func(s *seeds.Source) bool { return s.ID == id }); i >= 0 {
		return t.Sources[i]
	}
	return nil
}

// text puts one text to both.
func (t *Trial) text(tried *Tried, c Change, text topic.Text) {
	was, is := t.Was, t.Is
	if src := t.source(c.Source); src != nil {
		was, is = was.At(src.Threshold), is.At(src.Threshold)
	}
	a, b := was.Decide(text), is.Decide(text)
	switch {
	case !a.Match && b.Match:
		c.What = Enter
		tried.Enter++
	case a.Match && !b.Match:
		c.What = Leave
		tried.Leave++
	case b.Match && (!slices.Equal(a.Acts, b.Acts) || !slices.Equal(a.Countries, b.Countries)):
		c.What = Relabel
		tried.Relabel++
	default:
		return
	}
	c.Was, c.Is = &Verdict{a.Score, a.Match, a.Acts, a.Countries}, &Verdict{b.Score, b.Match, b.Acts, b.Countries}
	c.Gained, c.Lost = without(b.Signals, a.Signals), without(a.Signals, b.Signals)
	t.Tell(c)
}

// without gives those of list that are not in other, wherever they stand.
func without(list, other []article.Signal) []article.Signal {
	out := []article.Signal{}
	for _, s := range list {
		if !slices.ContainsFunc(other, func(o article.Signal) bool { return o.Kind == s.Kind && o.Text == s.Text }) {
			out = append(out, s)
		}
	}
	return out
}
