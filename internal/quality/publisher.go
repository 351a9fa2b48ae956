package quality

import (
	"slices"
	"time"

	"attache/internal/article"
)

// Fields are what coverage is counted of, in the order reports print them. captions
// counts texts with a picture that has one.
var Fields = []string{
	"lede", "authors", "section", "tags", "images", "captions", "published_at", "published_second", "published_minute",
	"published_day", "modified_at", "attribution", "raw_ref",
}

// publisher counts one source's rows.
type publisher struct {
	Publisher
	length histogram
	late   histogram
}

func newPublisher(s Source) *publisher {
	p := &publisher{Publisher: Publisher{
		ID: plain(s.ID, maxWord), Name: plain(s.Name, maxWord), Language: plain(s.Language, maxWord), Home: address(s.Home),
		Past: recent(s.Past), Ledger: ledger(s.Ledger), Coverage: map[string]int64{},
	}}
	for _, f := range Fields {
		p.Coverage[f] = 0
	}
	return p
}

// add counts a row with so many characters of text, of a drop whose day began at from.
func (p *publisher) add(r *article.Record, characters int64, from time.Time) {
	p.Rows++
	switch r.ChangeType {
	case article.Added:
		p.Added++
	case article.Changed:
		p.Changed++
	case article.Removed:
		p.Withdrawn++
	}
	if r.ChangeType == article.Removed && r.ChangeReason == article.FromTopic {
		p.LeftTopic++
	}
	if !hasText(r) {
		return
	}
	p.Texts++
	one(&p.Backfilled, r.Backfilled)
	one(&p.Fallback, r.Extractor.Kind == article.ByFallback)
	one(&p.DuplicateOf, r.DuplicateOf != nil)
	one(&p.SameStory, len(r.SameStory) > 0)
	p.length.add(characters)
	p.cover(r)
	if r.ChangeType == article.Added && !r.Backfilled {
		p.delay(r, from)
	}
}

func (p *publisher) cover(r *article.Record) {
	has := func(field string, yes bool) {
		if yes {
			p.Coverage[field]++
		}
	}
	has("lede", r.Lede != nil && *r.Lede != "")
	has("authors", len(r.Authors) > 0)
	has("section", r.Section != nil && *r.Section != "")
	has("tags", len(r.Tags) > 0)
	has("images", len(r.Images) > 0)
	has("captions", slices.ContainsFunc(r.Images, func(i article.Image) bool { return i.Caption != nil && *i.Caption != "" }))
	has("published_at", r.PublishedAt != nil)
	for _, precision := range []string{"second", "minute", "day"} {
		has("published_"+precision, r.PublishedAt != nil && r.PublishedPrecision != nil && *r.PublishedPrecision == precision)
	}
	has("modified_at", r.ModifiedAt != nil)
	has("attribution", r.Attribution != nil)
	has("raw_ref", r.RawRef != nil)
}

// delay counts how late a new article was seen.
func (p *publisher) delay(r *article.Record, from time.Time) {
	if r.PublishedAt == nil {
		p.Lateness.Undated++
		return
	}
	one(&p.Lateness.BeforeDay, r.PublishedAt.Before(from))
	if dayOnly(r) {
		p.Lateness.DayOnly++
		return
	}
	late := r.FirstSeenAt.Sub(*r.PublishedAt)
	one(&p.Lateness.Ahead, late < 0)
	p.late.add(int64(late / time.Second))
}

// report finishes the counting. running says whether the source was watched.
func (p *publisher) report(running bool) Publisher {
	out := p.Publisher
	out.Length, out.Lateness.Seconds = p.length.spread(), p.late.spread()
	out.Baseline = judge(out.Rows, out.Past)
	if !running && out.Rows == 0 {
		out.Baseline.Verdict = NotWatched
	}
	if l := out.Ledger; l != nil {
		out.Balanced, out.Agrees = new(l.Balance()), new(kept(l) == out.Rows-out.LeftTopic)
	}
	return out
}

// ledger is a copy whose words are fit to be shown.
func ledger(l *article.Ledger) *article.Ledger {
	if l == nil {
		return nil
	}
	shown := *l
	shown.Missing = make([]article.Missing, 0, min(len(l.Missing), maxListed))
	for _, m := range l.Missing[:min(len(l.Missing), maxListed)] {
		m.Reason, m.Example = plain(m.Reason, maxTitle), address(m.Example)
		shown.Missing = append(shown.Missing, m)
	}
	return &shown
}

func one(n *int64, yes bool) {
	if yes {
		*n++
	}
}

func dayOnly(r *article.Record) bool {
	return r.PublishedPrecision != nil && *r.PublishedPrecision == "day"
}
