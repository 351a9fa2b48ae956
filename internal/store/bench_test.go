package store

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"
)

// How many articles are known; five million take some minutes to lay out:
//
//	go test ./internal/store -run '^$' -bench . -known 5000000
var known = flag.Int("known", 10_000, "articles that BenchmarkNothingNew lets be known")

// BenchmarkNothingNew asks for and opens 500 listed addresses that are all known,
// as a run does that finds no news. Of the articles one in fifty is stored; all
// items are there, or only those of the last 50,000 articles.
func BenchmarkNothingNew(b *testing.B) {
	for _, pruned := range []bool{false, true} {
		b.Run(fmt.Sprintf("known=%d/pruned=%t", *known, pruned), func(b *testing.B) {
			s := laidOut(b, *known, pruned)
			million := float64(*known) / 1e6
			info, err := os.Stat(s.path)
			if err != nil {
				b.Fatal(err)
			}
			listed := make([]Listed, 500)
			n := 0
			for b.Loop() {
				for i := range listed { // the newest of a publisher, and some from anywhere
					at := *known - 1 - i
					if i%10 == 0 {
						at = (n*7919 + i*104729) % *known
					}
					listed[i] = Listed{ArticleID: nth(at), URL: "https://vtcnews.vn/" + nth(at)}
					if ok, err := s.Known(b.Context(), listed[i].ArticleID); !ok || err != nil {
						b.Fatal(listed[i], err)
					}
				}
				opened, err := s.OpenNew(b.Context(), "vtcnews", listed, nil)
				if opened.All != 0 || err != nil {
					b.Fatal(opened, err)
				}
				n++
			}
			b.ReportMetric(float64(info.Size())/1e6/million, "MB/million")
		})
	}
}

func nth(n int) string { return fmt.Sprintf("vtcnews:ar%d", 1_000_000+n) }

func laidOut(b *testing.B, n int, pruned bool) *Store {
	b.Helper()
	c := newClock()
	s, err := Open(b.Context(), b.TempDir()+"/attache.db", c.now)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	fail := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	fail(s.Advance(b.Context(), "2026-11-20"))
	for _, q := range []string{
		`INSERT INTO items (article_id, source, kind, url, opened_at, closed_at, outcome, reason)
			SELECT 'vtcnews:ar' || (1000000 + value), 'vtcnews', 'new', 'https://vtcnews.vn/quan-doi-hai-nuoc-tang-cuong-hop-tac-quoc-phong-ar' || (1000000 + value) || '.html',
				?2 + value * 1000000, ?2 + value * 1000000 + 30000000, iif(value % 50, 'out_of_scope', 'stored'), iif(value % 50, 'topic score 0.07', NULL)
			FROM generate WHERE value >= ?3`,
		`INSERT INTO known SELECT 'vtcnews:ar' || (1000000 + value), ?2 + value * 1000000, 0 FROM generate WHERE ?3 = ?3`,
	} {
		from := 0
		if pruned {
			from = max(0, n-50_000)
		}
		_, err := s.w.ExecContext(b.Context(), `WITH RECURSIVE generate(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM generate WHERE value + 1 < ?1) `+q,
			n, micros(c.now().Add(-time.Duration(n+30)*time.Second)), from) // the last ends as the drop is opened
		fail(err)
	}
	_, err = s.w.ExecContext(b.Context(), `PRAGMA wal_checkpoint(TRUNCATE)`)
	fail(err)
	return s
}

// BenchmarkPrune lets all items go while another writer works, and tells the longest
// that one waited.
func BenchmarkPrune(b *testing.B) {
	for b.Loop() {
		s := laidOut(b, *known, false)
		now := newClock().now().AddDate(0, 0, 2)
		s.now = func() time.Time { return now }
		if err := errors.Join(s.Advance(b.Context(), now.Format(time.DateOnly)), s.CloseLedgers(b.Context(), time.UTC)); err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		ended := make(chan error, 1)
		go func() {
			done, err := s.Prune(b.Context(), Ages{})
			if err == nil && done.Items != int64(*known) {
				err = fmt.Errorf("pruned %+v", done)
			}
			ended <- err
		}()
		var longest time.Duration
		for working := true; working; {
			asked := time.Now()
			if err := s.SetDue(b.Context(), "vtcnews", asked); err != nil {
				b.Fatal(err)
			}
			longest = max(longest, time.Since(asked))
			select {
			case err := <-ended:
				if err != nil {
					b.Fatal(err)
				}
				working = false
			default:
			}
		}
		b.ReportMetric(float64(*known)/time.Since(began).Seconds(), "items/s")
		b.ReportMetric(longest.Seconds()*1e3, "ms-longest-wait")
	}
}
