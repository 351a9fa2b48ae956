// Package metricstest lays out a store and makes events of which every metric says
// something, for tests.
package metricstest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"attache/crawlers/transport"
	"attache/internal/article"
	"attache/internal/metrics"
	"attache/internal/pipeline"
	"attache/internal/store"
	"attache/seeds"
	"attache/sinks"
)

// Now is when the story ends.
var Now = time.Date(2026, time.November, 20, 6, 0, 0, 0, time.UTC)

// World is an attache that watches two sources for 17 days: vtcnews, which has news
// every twelve hours until it is redesigned on the last day, and qk7, which has been
// silent for a week and broken off for a day.
type World struct {
	Store   *store.Store
	Metrics *metrics.Metrics
	Sources []*seeds.Source
	At      time.Time // the world's clock
}

// story is the file in which all that happened is kept; it is told once a process.
var story = sync.OnceValues(func() (file []byte, err error) {
	dir, err := os.MkdirTemp("", "attache-metrics-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	w := &World{At: Now.AddDate(0, 0, -17)}
	ctx := context.Background()
	if w.Store, err = store.Open(ctx, filepath.Join(dir, "long"), func() time.Time { return w.At }); err != nil {
		return nil, err
	}
	name := filepath.Join(dir, "short") // one file, without a log beside it
	if err := errors.Join(w.live(ctx), w.Store.Fork(ctx, name), w.Store.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(name)
})

// New makes one.
func New(t testing.TB) *World {
	t.Helper()
	w := &World{At: Now}
	all, err := seeds.Load("")
	must(t, err)
	for _, src := range all {
		if src.ID == "vtcnews" || src.ID == "qk7" {
			w.Sources = append(w.Sources, src)
		}
	}
	file, err := story()
	must(t, err)
	name := filepath.Join(t.TempDir(), "attache.db")
	must(t, os.WriteFile(name, file, 0o600))
	w.Store, err = store.Open(t.Context(), name, func() time.Time { return w.At })
	must(t, err)
	t.Cleanup(func() { _ = w.Store.Close() })
	data := t.TempDir()
	w.Metrics = metrics.New(metrics.Options{
		Version: "0.0.1", Commit: "abc", Store: w.Store, Now: func() time.Time { return w.At }, Looked: func() time.Time { return w.At },
		Captures: func() (int64, time.Time, error) { return 7000, Now.Add(-time.Hour), nil },
		Settings: func() metrics.Settings {
			return metrics.Settings{Sources: w.Sources, Zone: time.UTC, Data: data, Warn: 1, Stop: 1}
		},
	})
	w.events()
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *World) live(ctx context.Context) error {
	for n := 0; w.At.Before(Now); n++ {
		if err := w.Store.Advance(ctx, w.At.Format(time.DateOnly)); err != nil {
			return err
		}
		ended := Now.Sub(w.At)
		if err := w.run(ctx, "vtcnews", n, 6, ended <= 24*time.Hour); err != nil {
			return err
		}
		if n%2 == 0 && ended > 26*time.Hour {
			news := 6
			if ended < 8*24*time.Hour {
				news = 0
			}
			if err := w.run(ctx, "qk7", n, news, false); err != nil {
				return err
			}
		}
		w.At = w.At.Add(12 * time.Hour)
	}
	w.At = Now
	return errors.Join(
		w.Store.SetBackoff(ctx, "qk7.vn", store.Backoff{Until: Now.Add(time.Hour), Step: 2 * time.Hour, Reason: "it answers 503"}),
		w.Store.Ask(ctx, store.Takedown{ArticleID: "qk7:1", Reason: "asked"}),
		w.Store.SetDue(ctx, "vtcnews", Now.Add(time.Minute)), w.Store.SetDue(ctx, "qk7", Now.Add(time.Minute)),
		w.quarantine(ctx), w.waiting(ctx))
}

// run is one that has seen every list and read some pages.
func (w *World) run(ctx context.Context, source string, n, news int, redesigned bool) error {
	id := fmt.Sprintf("%s-%04d", source, n)
	r := Report(source, id, news, redesigned)
	var listed []store.Listed
	for i := range news {
		listed = append(listed, store.Listed{ArticleID: article.ID(source, fmt.Sprint(n*10+i)), URL: "https://example.org/" + id})
	}
	summary, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := w.Store.BeginRun(ctx, id, source, "news"); err != nil {
		return err
	}
	if _, err := w.Store.OpenNew(ctx, source, listed, nil); err != nil {
		return err
	}
	return w.Store.EndRun(ctx, id, summary, true)
}

// Report is of a run that read so many pages.
func Report(source, run string, pages int, redesigned bool) pipeline.Report {
	r := pipeline.Report{
		Source: source, Run: run, Listed: 10, Opened: pages, Todo: pages, Fetched: pages, Done: true,
		Outcomes: map[article.Outcome]int{article.OutOfScope: pages},
		Steps:    []pipeline.Step{{Kind: "feed", Listed: 10}},
		Coverage: pipeline.Coverage{Pages: pages, Fields: map[string]int{"title": pages, "body": pages}},
	}
	if redesigned {
		r.Outcomes = map[article.Outcome]int{article.Quarantined: pages / 3, article.Failed: pages - pages/3}
		r.Coverage = pipeline.Coverage{Pages: pages, Fields: map[string]int{"title": pages}, Fallback: pages, Quarantined: pages / 3}
	}
	return r
}

func (w *World) quarantine(ctx context.Context) error {
	items, err := w.Store.Todo(ctx, "vtcnews", false)
	if err != nil || len(items) == 0 {
		return errors.Join(err, errors.New("nothing is open"))
	}
	return w.Store.End(ctx, items[0], article.Quarantined, "the body is empty")
}

// waiting keeps a record whose live part does not land.
func (w *World) waiting(ctx context.Context) error {
	items, err := w.Store.Todo(ctx, "qk7", false)
	if err != nil || len(items) == 0 {
		return errors.Join(err, errors.New("nothing is open"))
	}
	r := &article.Record{ArticleID: items[0].ArticleID, Source: "qk7", URL: items[0].URL, Content: article.Content{Title: "They met."}}
	if _, err := w.Store.Keep(ctx, items[0], r, store.Telling{}); err != nil {
		return err
	}
	w.At = Now.Add(-3 * time.Hour)
	defer func() { w.At = Now }()
	return w.Store.Freeze(ctx, "qk7", func(_ string, rows iter.Seq2[[]byte, error]) (store.Batch, error) {
		for _, err := range rows {
			if err != nil {
				return store.Batch{}, err
			}
		}
		return store.Batch{Key: "k", Path: "p", SHA256: "s", Bytes: 1, Rows: 1}, nil
	})
}

// events are those of a process that has just begun.
func (w *World) events() {
	w.Metrics.Ran(Report("vtcnews", "1", 3, true))
	w.Metrics.Ran(pipeline.Report{Source: "qk7", Done: true, Error: "the publisher wants quiet"})
	for _, status := range []int{http.StatusOK, http.StatusNotModified, http.StatusServiceUnavailable, 0} {
		w.Metrics.Observe(transport.Observation{Source: "qk7", Host: "qk7.vn", Status: status, Bytes: 1000, Took: 300 * time.Millisecond})
	}
	w.Metrics.S3(sinks.Call{Operation: "PutObject", Result: sinks.CallDone, Took: 20 * time.Millisecond, Clock: 2 * time.Second, Dated: true})
	w.Metrics.S3(sinks.Call{Operation: "GetObject", Result: sinks.CallUnreachable, Took: time.Second})
}
