package metrics_test

import (
	"database/sql"
	"encoding/json"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"attache/internal/metrics"
	"attache/internal/metrics/metricstest"
	"attache/internal/store"
	"attache/seeds"
)

// BenchmarkGather scrapes an attache that has watched 20 sources for a month, a run each
// quarter of an hour and a million addresses: the first time, when a source was run since
// the last scrape, and when nothing was.
func BenchmarkGather(b *testing.B) {
	s, now, sources := month(b, 20, 50_000)
	o := metrics.Options{
		Store: s, Now: func() time.Time { return now },
		Settings: func() metrics.Settings { return metrics.Settings{Sources: sources, Zone: time.UTC, Data: "."} },
	}
	gather := func(b *testing.B, m *metrics.Metrics) {
		if _, err := m.Gather(); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			gather(b, metrics.New(o))
		}
	})
	m := metrics.New(o)
	gather(b, m)
	b.Run("ran", func(b *testing.B) {
		for b.Loop() {
			m.Ran(metricstest.Report(sources[0].ID, "r", 1, false))
			gather(b, m)
		}
	})
	b.Run("idle", func(b *testing.B) {
		for b.Loop() {
			gather(b, m)
		}
		runtime.GC()
		var mem runtime.MemStats
		runtime.ReadMemStats(&mem)
		b.ReportMetric(float64(mem.HeapInuse)/1e6, "MB-heap")
	})
}

func month(b *testing.B, sources, items int) (*store.Store, time.Time, []*seeds.Source) {
	b.Helper()
	now := time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)
	path := filepath.Join(b.TempDir(), "attache.db")
	s, err := store.Open(b.Context(), path, func() time.Time { return now })
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	if err := s.Advance(b.Context(), "2026-11-20"); err != nil {
		b.Fatal(err)
	}
	src, err := seeds.Load("")
	if err != nil {
		b.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)&_pragma=synchronous(OFF)")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	summary, err := json.Marshal(metricstest.Report("x", "01JD00000000000000000000AA", 1, false))
	if err != nil {
		b.Fatal(err)
	}
	var list []*seeds.Source
	for i := range sources {
		one := *src[i%len(src)]
		one.ID += string(rune('a' + i/len(src)))
		list = append(list, &one)
		for _, q := range []string{
			`INSERT INTO runs (id, source, kind, started_at, ended_at, summary, whole) SELECT ?1 || value, ?1, 'news', ?2 - value * 900000000, ?2 - value * 900000000 + 1, ?3, 1 FROM generate WHERE value < 2688`,
			`INSERT INTO items (article_id, source, kind, url, opened_at, closed_at, outcome) SELECT ?1 || ':' || value, ?1, iif(value % 5, 'revisit', 'new'), 'https://example.org/quan-doi-hai-nuoc-tang-cuong-hop-tac-quoc-phong-ar' || value,
				?2 - value / 18 * 900000000, ?2 - value / 18 * 900000000, 'out_of_scope' FROM generate WHERE ?3 = ?3`,
		} {
			if _, err := db.Exec(`WITH RECURSIVE generate(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM generate WHERE value + 1 < ?4) `+q, one.ID, now.UnixMicro(), string(summary), items); err != nil {
				b.Fatal(err)
			}
		}
	}
	return s, now, list
}
