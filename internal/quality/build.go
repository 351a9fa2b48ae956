package quality

import (
	"cmp"
	"slices"
	"time"

	"attache/internal/article"
)

// Report is what was counted so far.
func (t *Tally) Report() Report {
	all := t.all.report(t.day.Running)
	r := Report{
		Version: Version, SchemaVersion: t.day.SchemaVersion, DropDate: t.day.Date, Zone: t.day.Zone,
		Rev: t.day.Rev, Reason: plain(t.day.Reason, maxTitle), From: instant(t.day.From), To: instant(t.day.To),
		SealedAt: instant(t.day.SealedAt), Producer: plain(t.day.Producer, maxWord), Running: t.day.Running,
		Baseline: all.Baseline, Past: all.Past, Coverage: all.Coverage, Length: all.Length, Lateness: all.Lateness,
		Changes:   top(t.changes, maxListed, comparePair, change),
		Languages: top(t.languages, maxListed, cmp.Compare, count),
		Acts:      top(t.acts, maxListed, cmp.Compare, count),
		Countries: top(t.countries, maxCountries, cmp.Compare, count),
		Pairs:     top(t.pairs, maxListed, comparePair, pair),
		Notes:     top(t.notes, maxListed, comparePair, note),
		Bodies:    t.bodies(), Rejects: t.rejects(), Gaps: t.gaps(), Titles: t.titles.list(),
	}
	r.Sources = make([]Publisher, 0, len(t.sources))
	for _, p := range t.sources {
		r.Sources = append(r.Sources, p.report(t.day.Running))
	}
	slices.SortFunc(r.Sources, func(a, b Publisher) int { return cmp.Compare(a.ID, b.ID) })
	r.Totals = t.sum(&all)
	books := total(r.Sources)
	for _, o := range lost {
		r.Totals.NotHad += int64(books.Closed[o])
	}
	r.Findings = findings(&r)
	r.Status = status(&r)
	r.Headline = headline(&r)
	return r
}

func (t *Tally) sum(all *Publisher) Totals {
	with := 0
	for _, p := range t.sources {
		if p.Rows > 0 {
			with++
		}
	}
	return Totals{
		Rows: all.Rows, Added: all.Added, Changed: all.Changed, Withdrawn: all.Withdrawn, Texts: all.Texts,
		Sources: with, Watched: len(t.day.Sources), Backfilled: all.Backfilled, Fallback: all.Fallback,
		DuplicateOf: all.DuplicateOf, SameStory: all.SameStory, Rejects: int64(len(t.day.Rejects)), Gaps: len(t.day.Gaps),
	}
}

func (t *Tally) rejects() Rejects {
	r := Rejects{Count: int64(len(t.day.Rejects)), Reasons: top(t.reasons, maxListed, comparePair, reason), Listed: []Reject{}}
	for _, x := range t.day.Rejects[:min(len(t.day.Rejects), maxListed)] {
		r.Listed = append(r.Listed, Reject{plain(x.Source, maxWord), address(x.URL), plain(x.Reason, maxTitle)})
	}
	return r
}

func (t *Tally) gaps() []Gap {
	gaps := make([]Gap, 0, min(len(t.day.Gaps), maxListed))
	for _, g := range t.day.Gaps[:cap(gaps)] {
		gaps = append(gaps, Gap{instant(g.From), instant(g.To), plain(g.Source, maxWord), plain(g.Note, maxTitle)})
	}
	return gaps
}

func change(k [2]string, n int64) Change {
	return Change{article.ChangeType(k[0]), article.ChangeReason(k[1]), n}
}
func count(k string, n int64) Count            { return Count{k, n} }
func pair(k [2]string, n int64) Pair           { return Pair{k[0], k[1], n} }
func note(k [2]string, n int64) Note           { return Note{k[0], k[1], n} }
func reason(k [2]string, n int64) RejectReason { return RejectReason{k[0], k[1], n} }
func comparePair(a, b [2]string) int           { return slices.Compare(a[:], b[:]) }

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	return new(instant(*t))
}

// instant is a time as the report has it; one that JSON cannot hold is zero.
func instant(t time.Time) time.Time {
	if t = t.UTC().Truncate(time.Microsecond); t.Year() < 0 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}
