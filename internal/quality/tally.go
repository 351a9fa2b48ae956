package quality

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"attache/internal/article"
)

// What the parts of a row are cut to, in characters.
const (
	maxWord  = 60
	maxTitle = 200
)

// maxSources is how many sources a drop may have rows of; of further ones only the
// totals know.
const maxSources = 200

// Tally counts a drop's rows. Its memory does not grow with their number. It is for
// one goroutine.
type Tally struct {
	day       Day
	sources   map[string]*publisher
	rest      *publisher // of sources beyond [maxSources], which is not reported
	changes   counts[[2]string]
	languages counts[string]
	acts      counts[string]
	countries counts[string]
	pairs     counts[[2]string]
	notes     counts[[2]string]
	reasons   counts[[2]string]
	all       *publisher // of all sources together
	short     best[Body]
	long      best[Body]
	nShort    int64
	nLong     int64
	titles    best[Title]
}

// New begins the report on a day.
func New(day Day) *Tally {
	t := &Tally{
		day:       day,
		sources:   map[string]*publisher{},
		all:       newPublisher(Source{}),
		rest:      newPublisher(Source{}),
		changes:   countUpTo[[2]string](maxListed),
		languages: countUpTo[string](maxListed),
		acts:      countUpTo[string](maxListed),
		countries: countUpTo[string](26 * 26),
		pairs:     countUpTo[[2]string](maxCountries * maxCountries / 2),
		notes:     countUpTo[[2]string](maxListed),
		reasons:   countUpTo[[2]string](maxListed),
		short:     best[Body]{limit: maxBodies, order: byLength},
		long:      best[Body]{limit: maxBodies, order: func(a, b Body) int { return byLength(b, a) }},
		titles:    best[Title]{limit: maxTitles, order: newestFirst},
	}
	var histories [][]int64
	for _, s := range day.Sources {
		p := newPublisher(s)
		p.Watched, t.sources[s.ID] = true, p
		histories = append(histories, p.Past)
	}
	t.all.Past = together(histories)
	for _, r := range day.Rejects {
		t.of(r.Source).Rejects++
		t.reasons.add([2]string{plain(r.Source, maxWord), kind(r.Reason)})
	}
	return t
}

// Add counts one row of the drop.
func (t *Tally) Add(r *article.Record) {
	characters := int64(utf8.RuneCountInString(r.BodyText))
	t.of(r.Source).add(r, characters, t.day.From)
	t.all.add(r, characters, t.day.From)
	t.changes.add([2]string{plain(string(r.ChangeType), maxWord), plain(string(r.ChangeReason), maxWord)})
	if !hasText(r) {
		return
	}
	t.languages.add(plain(r.Language, maxWord))
	for _, act := range distinct(r.Acts) {
		t.acts.add(act)
	}
	countries := slices.DeleteFunc(distinct(r.Countries), func(c string) bool { return !isCode(c) })
	for i, a := range countries {
		t.countries.add(a)
		for _, b := range countries[i+1:] {
			t.pairs.add([2]string{a, b})
		}
	}
	for _, n := range r.Quality[:min(len(r.Quality), maxListed)] {
		t.notes.add([2]string{plain(n.Field, maxWord), kind(n.Note)})
	}
	t.measure(r, characters)
	t.titles.add(titleOf(r))
}

// of is the source's part; a source the day does not know gets one as well.
func (t *Tally) of(source string) *publisher {
	p := t.sources[source]
	switch {
	case p != nil:
	case len(t.sources) < maxSources:
		p = newPublisher(Source{ID: source})
		t.sources[strings.Clone(source)] = p
	default:
		p = t.rest
	}
	return p
}

// hasText is false for what was withdrawn, which repeats its last revision, and for
// what was redacted.
func hasText(r *article.Record) bool {
	return r.ChangeType != article.Removed && (r.Title != "" || r.BodyText != "")
}

// distinct are the words of a list, sorted; a list that is too long for an article is cut.
func distinct(list []string) []string {
	words := make([]string, 0, len(list))
	for _, w := range list[:min(len(list), maxListed)] {
		words = append(words, plain(w, maxWord))
	}
	slices.Sort(words)
	return slices.Compact(words)
}

func isCode(s string) bool {
	return len(s) == 2 && 'A' <= s[0] && s[0] <= 'Z' && 'A' <= s[1] && s[1] <= 'Z'
}

func titleOf(r *article.Record) Title {
	return Title{
		ArticleID: plain(r.ArticleID, maxTitle), Revision: r.Revision, ChangeType: article.ChangeType(plain(string(r.ChangeType), maxWord)),
		Source: plain(r.Source, maxWord), Title: plain(r.Title, maxTitle), Language: plain(r.Language, maxWord), URL: address(r.URL),
		PublishedAt: utc(r.PublishedAt), FirstSeenAt: instant(r.FirstSeenAt), DayOnly: dayOnly(r), Backfilled: r.Backfilled,
		DuplicateOf: duplicateOf(r),
	}
}

func duplicateOf(r *article.Record) *string {
	if r.DuplicateOf == nil {
		return nil
	}
	return new(plain(*r.DuplicateOf, maxTitle))
}

// newestFirst orders by when an article was news, as far as that is known.
func newestFirst(a, b Title) int {
	when := func(t Title) time.Time {
		if t.PublishedAt != nil {
			return *t.PublishedAt
		}
		return t.FirstSeenAt
	}
	return cmp.Or(when(b).Compare(when(a)), cmp.Compare(a.ArticleID, b.ArticleID), cmp.Compare(a.Revision, b.Revision))
}
