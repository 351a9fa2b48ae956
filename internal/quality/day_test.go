package quality_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"attache/internal/article"
	"attache/internal/quality"
)

var zone = time.FixedZone("+07", 7*60*60)

// invented is a day of fifteen publishers as it might have been: one is silent that
// usually is not, one has an archive read, one changed its layout, one ledger lies.
func invented() (quality.Day, []article.Record) {
	from := time.Date(2026, time.November, 21, 0, 0, 0, 0, zone)
	day := quality.Day{
		Date: "2026-11-21", Zone: "Asia/Ho_Chi_Minh", Producer: "attache 0.9.0", SchemaVersion: "1.0.0", Running: true,
		From: from, To: from.AddDate(0, 0, 1), SealedAt: from.Add(24*time.Hour + 30*time.Minute),
		Gaps: []quality.Gap{{From: from.Add(2 * time.Hour), To: from.Add(5*time.Hour + 20*time.Minute), Note: "attache was stopped"}},
	}
	for i := range 7 {
		day.Rejects = append(day.Rejects, quality.Reject{
			Source: "gazette-en", URL: fmt.Sprintf("https://gazette-en.example/news-%d.html", 800+i),
			Reason: fmt.Sprintf("the body holds %q, which this source's rules say it never does", "Subscribe to our letter"),
		})
	}
	day.Rejects = append(day.Rejects, quality.Reject{Source: "capital-vi", URL: "https://capital-vi.example/900", Reason: "the body has 41 characters"})
	chance := rand.New(rand.NewPCG(1, 2))
	var rows []article.Record
	for i, h := range houses {
		s := quality.Source{ID: h.id, Name: h.name, Language: h.language, Home: "https://" + h.id + ".example/"}
		for back := 28; back > 0; back-- {
			n := max(0, int64(float64(h.usual)*(0.7+0.6*chance.Float64())))
			if w := from.AddDate(0, 0, -back).Weekday(); w == time.Sunday {
				n /= 2
			}
			if i == 4 && back > 5 {
				n = -1 // watched since five days only
			}
			s.Past = append(s.Past, n)
		}
		mine := h.rows(i, from)
		s.Ledger = books(h.id, mine, day.Rejects)
		day.Sources, rows = append(day.Sources, s), append(rows, mine...)
	}
	day.Sources[5].Ledger.CarriedOut++ // a lie
	day.Sources[9].Ledger = nil
	return day, rows
}

type house struct {
	id, name, language string
	usual, today       int
	titles             []string
}

// rows are one publisher's day.
func (h house) rows(nth int, from time.Time) (rows []article.Record) {
	for i := range h.today {
		r := article.Record{
			ArticleID: fmt.Sprintf("%s:%d", h.id, 7000+i), Revision: 1, ChangeType: article.Added, ChangeReason: article.FromPublisher, Source: h.id,
			URL: fmt.Sprintf("https://%s.example/%d.html", h.id, 7000+i), RunID: "01J", SchemaVersion: "1.0.0",
			FirstSeenAt: from.Add(time.Duration(37*i+11*nth) * time.Minute), RawRef: &article.RawRef{Segment: "v1/raw/x.warc.gz"},
			Acts:      [][]string{{"talks", "visit"}, {"exercise"}, {"port_call"}, {"agreement", "talks"}, {"peacekeeping"}}[(i+nth)%5],
			Countries: [][]string{{"LA", "VN"}, {"IN", "VN"}, {"AU", "ID", "VN"}, {"RU", "VN"}, {"FR"}, {"CN", "VN"}}[(i*2+nth)%6],
		}
		published := r.FirstSeenAt.Add(-time.Duration(4+(i*13+nth*7)%90) * time.Minute)
		r.Content = article.Content{
			Title: h.titles[i%len(h.titles)], BodyText: strings.Repeat("x", 900+(i*761+nth*333)%4200), Language: h.language,
			PublishedAt: &published, PublishedPrecision: new([]string{"second", "minute"}[nth%2]),
			Extractor: article.Extractor{Kind: article.ByRules, RulesVersion: "aaaaaaaaaaaa"},
		}
		if nth%4 != 3 {
			r.Lede, r.Authors = new("A lede."), []string{"A. Writer"}
		}
		if i%3 != 2 {
			r.Tags, r.Section = []string{"navy"}, new("World")
			r.Images = []article.Image{{URL: "https://pictures.example/1.jpg", Caption: new("On deck")}}
		}
		h.odd(&r, nth, i)
		rows = append(rows, r)
	}
	return rows
}

// odd makes some rows other than the rest.
func (h house) odd(r *article.Record, nth, i int) {
	switch {
	case nth == 7: // its layout changed
		r.Extractor.Kind = article.ByFallback
		r.Quality = []article.Note{{Field: "body_text", Note: fmt.Sprintf("the rule %q gave %d characters of an article of %d; the fallback reader chose the text", "div.text", 12+i, 2000+i)}}
	case nth == 3:
		r.PublishedPrecision = new("day")
		r.PublishedAt = new(r.PublishedAt.Truncate(24 * time.Hour))
		r.Quality = []article.Note{{Field: "published_at", Note: "the page gives the day only; the time is that day's first moment in +07:00"}}
	case nth == 2 && i > 4:
		r.Backfilled, r.PublishedAt = true, new(r.PublishedAt.AddDate(0, -3, 0))
	case i == 3:
		r.Revision, r.ChangeType = 2, article.Changed
		r.ModifiedAt = &r.FirstSeenAt
	case i == 6:
		r.Revision, r.ChangeType, r.RawRef = 2, article.Removed, nil
	case i == 7:
		r.DuplicateOf, r.Attribution = new("courier-en:7000"), &article.Attribution{Text: "Courier"}
	case i == 8:
		r.SameStory, r.BodyText = []string{"courier-en:7001"}, "Short."
	case i == 9:
		r.PublishedAt, r.PublishedPrecision = nil, nil
		r.Quality = []article.Note{{Field: "published_at", Note: "no date was found on the page"}}
	}
}

// books is the ledger that fits rows.
func books(source string, rows []article.Record, rejects []quality.Reject) *article.Ledger {
	l := &article.Ledger{Day: "2026-11-21", Source: source, CarriedIn: 3, CarriedOut: 2, Opened: map[string]int{"new": len(rows) + 11, "revisit": 4}}
	l.Closed = map[article.Outcome]int{article.OutOfScope: 9, article.Unchanged: 3, article.Failed: 2, article.Duplicate: 2}
	for _, r := range rows {
		l.Closed[map[article.ChangeType]article.Outcome{article.Added: article.Stored, article.Changed: article.Revised, article.Removed: article.Withdrawn}[r.ChangeType]]++
	}
	for _, r := range rejects {
		if r.Source == source {
			l.Closed[article.Quarantined]++
			l.Opened["new"]++
		}
	}
	l.Missing = []article.Missing{
		{Outcome: article.OutOfScope, Reason: "topic score 0.12", Count: 9, Example: "https://" + source + ".example/sport-3.html"},
		{Outcome: article.Failed, Reason: "404 at the first fetch", Count: 2, Example: "https://" + source + ".example/gone.html"},
	}
	return l
}

func report(day quality.Day, rows []article.Record) quality.Report {
	t := quality.New(day)
	for i := range rows {
		t.Add(&rows[i])
	}
	return t.Report()
}
