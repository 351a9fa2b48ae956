package quality_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/article"
	"attache/internal/quality"
)

// text is a row with little in it.
func text(source string, change func(*article.Record)) article.Record {
	r := article.Record{ArticleID: source + ":1", Revision: 1, ChangeType: article.Added, ChangeReason: article.FromPublisher, Source: source}
	r.Content = article.Content{Title: "A title", BodyText: strings.Repeat("word ", 100), Language: "en"}
	if change != nil {
		change(&r)
	}
	return r
}

func TestLateness(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, time.November, 21, 0, 0, 0, 0, zone)
	dated := func(published time.Time, precision string, change func(*article.Record)) article.Record {
		return text("a", func(r *article.Record) {
			r.PublishedAt, r.PublishedPrecision, r.FirstSeenAt = &published, &precision, from.Add(time.Hour)
			if change != nil {
				change(r)
			}
		})
	}
	got := report(quality.Day{From: from}, []article.Record{
		dated(from.Add(50*time.Minute), "minute", nil),
		dated(from.Add(-time.Hour), "second", nil),
		dated(from.Add(2*time.Hour), "second", nil),
		dated(from.Add(-20*time.Hour), "day", nil),
		text("a", nil),
		dated(from.AddDate(-1, 0, 0), "second", func(r *article.Record) { r.Backfilled = true }),
		dated(from.AddDate(-1, 0, 0), "second", func(r *article.Record) { r.ChangeType = article.Changed }),
		dated(from.AddDate(-1, 0, 0), "second", func(r *article.Record) { r.ChangeType = article.Removed }),
	})
	seconds := *got.Lateness.Seconds
	if seconds.Count != 3 || seconds.Min != 0 || seconds.Max != 7200 {
		t.Errorf("seconds = %+v", seconds)
	}
	got.Lateness.Seconds = nil
	if want := (quality.Lateness{DayOnly: 1, Undated: 1, Ahead: 1, BeforeDay: 2}); got.Lateness != want {
		t.Errorf("%+v, want %+v", got.Lateness, want)
	}
	if got.Totals.Backfilled != 1 || got.Totals.Texts != 7 {
		t.Errorf("%+v", got.Totals)
	}
}

func TestLedger(t *testing.T) {
	t.Parallel()
	rows := []article.Record{
		text("a", nil), text("a", func(r *article.Record) { r.ChangeType = article.Changed }),
		text("a", func(r *article.Record) { r.ChangeType, r.ChangeReason = article.Removed, article.FromTopic }),
	}
	for name, c := range map[string]struct {
		ledger   article.Ledger
		findings []string
	}{
		"agrees": {article.Ledger{CarriedIn: 3, Closed: map[article.Outcome]int{article.Stored: 1, article.Revised: 1, article.OutOfScope: 1}}, nil},
		"addresses not had": {article.Ledger{CarriedIn: 6, Closed: map[article.Outcome]int{
			article.Stored: 1, article.Revised: 1, article.OutOfScope: 1, article.Failed: 2, article.Blocked: 1,
		}}, []string{"not_had"}},
		"a row more": {article.Ledger{CarriedIn: 1, Closed: map[article.Outcome]int{article.Stored: 1}}, []string{"rows"}},
		"a row less": {article.Ledger{CarriedIn: 3, Closed: map[article.Outcome]int{article.Stored: 3}}, []string{"rows"}},
		"lost work":  {article.Ledger{CarriedIn: 4, Closed: map[article.Outcome]int{article.Stored: 2}}, []string{"ledger"}},
		"both":       {article.Ledger{CarriedIn: 4, Closed: map[article.Outcome]int{article.Stored: 1}}, []string{"ledger", "rows"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := report(quality.Day{Running: true, Sources: []quality.Source{{ID: "a", Ledger: &c.ledger}}}, rows)
			var found []string
			for _, f := range r.Findings {
				found = append(found, f.Kind)
			}
			if !slices.Equal(found, c.findings) {
				t.Errorf("findings = %q, want %q", found, c.findings)
			}
			if bad := slices.Contains(found, "ledger") || slices.Contains(found, "rows"); bad != (r.Status == quality.Incomplete) {
				t.Errorf("status = %s", r.Status)
			}
		})
	}
}

func TestHeadline(t *testing.T) {
	t.Parallel()
	row := func(source string, n int) (rows []article.Record) {
		for range n {
			rows = append(rows, text(source, func(r *article.Record) { r.PublishedAt = &r.FirstSeenAt }))
		}
		return rows
	}
	steady := func(id string, n int64) quality.Source {
		return quality.Source{ID: id, Past: slices.Repeat([]int64{n}, 28)}
	}
	lossy := func(s quality.Source) quality.Source {
		s.Ledger = &article.Ledger{Opened: map[string]int{"new": 1005}, Closed: map[article.Outcome]int{article.Stored: 1, article.Failed: 1001, article.Blocked: 2, article.Quarantined: 1}}
		return s
	}
	for want, c := range map[string]struct {
		day  quality.Day
		rows []article.Record
	}{
		"3 new articles from 1 source; all as usual.": {quality.Day{Running: true, Sources: []quality.Source{steady("a", 3)}}, row("a", 3)},
		"1 new article from 1 of 3 sources; 2 sources are silent that usually are not.": {
			quality.Day{Running: true, Sources: []quality.Source{steady("a", 1), steady("b", 3), steady("c", 9)}}, row("a", 1),
		},
		"1,200 new articles from 1 source; 2 gaps; 1 source has more than usual.": {
			quality.Day{Running: true, Gaps: make([]quality.Gap, 2), Sources: []quality.Source{steady("a", 3)}}, row("a", 1200),
		},
		"2 new articles from 1 source; attache did not run on this day; 1 source has less than usual.": {
			quality.Day{Sources: []quality.Source{steady("a", 90)}}, row("a", 2),
		},
		"1 new article from 1 source; too early to say what is usual.":         {quality.Day{Running: true}, row("a", 1)},
		"1 new article from 1 source; 1,004 addresses not had; else as usual.": {quality.Day{Running: true, Sources: []quality.Source{lossy(steady("a", 1))}}, row("a", 1)},
	} {
		if got := report(c.day, c.rows).Headline; got != want {
			t.Errorf("headline = %q, want %q", got, want)
		}
	}
}

func TestRejects(t *testing.T) {
	t.Parallel()
	day := quality.Day{Running: true}
	for i := range 1000 {
		day.Rejects = append(day.Rejects, quality.Reject{Source: []string{"a", "b", "b"}[i%3], URL: fmt.Sprintf("https://a.example/%d", i), Reason: fmt.Sprintf("the body has %d characters", i)})
	}
	r := report(day, nil)
	if want := []quality.RejectReason{{"b", "the body has … characters", 666}, {"a", "the body has … characters", 334}}; !slices.Equal(r.Rejects.Reasons, want) {
		t.Errorf("reasons = %v", r.Rejects.Reasons)
	}
	if r.Rejects.Count != 1000 || len(r.Rejects.Listed) != 100 || r.Sources[1].Rejects != 666 {
		t.Errorf("%d counted, %d listed, %d of b", r.Rejects.Count, len(r.Rejects.Listed), r.Sources[1].Rejects)
	}
	if n := open(t, r).Find("#quarantined ~ details tbody tr").Length(); n != 100 {
		t.Errorf("the page lists %d", n)
	}
}

// TestFlat adds rows that have nothing in common. It is alone, as it looks at the heap.
func TestFlat(t *testing.T) {
	tally := quality.New(quality.Day{Running: true})
	next := 0
	add := func(rows int) (held uint64) {
		for range rows {
			next++
			tally.Add(&[]article.Record{text(fmt.Sprint("source-", next), func(r *article.Record) {
				word := fmt.Sprint("word", next)
				r.ArticleID, r.Title, r.URL, r.Language, r.Acts = word, word, "https://a.example/"+word, word, []string{word}
				r.ChangeReason, r.BodyText = article.ChangeReason(word), strings.Repeat("x", next%300)
				r.Countries = []string{string(rune('A'+next%26)) + string(rune('A'+next/26%26)), string(rune('A'+next/7%26)) + "A"}
				r.Quality = []article.Note{{Field: word, Note: strings.Repeat("a", next%20)}}
				r.FirstSeenAt = time.Unix(int64(next), 0)
				r.PublishedAt = new(time.Unix(int64(next)-int64(next)*7919%100_000, 0))
			})}[0])
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := add(50_000)
	if after := add(150_000); after > before+2<<20 {
		t.Errorf("the heap grew from %d to %d KiB over 150,000 rows", before>>10, after>>10)
	}
	if r := tally.Report(); r.Totals.Rows != 200_000 {
		t.Errorf("%d rows", r.Totals.Rows)
	}
	text, err := tally.Report().JSON()
	if err != nil || len(text) > 1<<20 {
		t.Errorf("%d bytes of JSON, %v", len(text), err)
	}
}

func BenchmarkAdd(b *testing.B) {
	day, rows := invented()
	tally := quality.New(day)
	for i := 0; b.Loop(); i++ {
		tally.Add(&rows[i%len(rows)])
	}
}
