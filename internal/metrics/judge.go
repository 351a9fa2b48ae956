package metrics

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"attache/internal/anomaly"
	"attache/internal/article"
	"attache/internal/pipeline"
)

// judged is a source beside its own past.
type judged struct {
	news, good    time.Time
	silent, usual time.Duration
	volume        *anomaly.Volume // nil while nothing can be said
	now, before   pipeline.Coverage
	enough        bool // pages in both
	lost, visited int
	empty, barren int
}

// judges keeps what was judged. A source's past is read again when a run for it has
// ended, and once an hour: days end.
type judges struct {
	store Store

	mu      sync.Mutex
	kept    map[string]verdict
	stirred map[string]int
}

type verdict struct {
	judged
	until time.Time
}

const judgedFor = time.Hour

func newJudges(s Store) *judges {
	return &judges{store: s, kept: map[string]verdict{}, stirred: map[string]int{}}
}

func (k *judges) stir(source string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.kept, source)
	k.stirred[source]++
}

func (k *judges) judge(ctx context.Context, source string, now time.Time, zone *time.Location) (*judged, error) {
	k.mu.Lock()
	v, ok := k.kept[source]
	stirred := k.stirred[source]
	k.mu.Unlock()
	if ok && now.Before(v.until) && v.until.Sub(now) <= judgedFor { // else the clock was put back
		return &v.judged, nil
	}
	j, err := judge(ctx, k.store, source, now, zone)
	if err != nil {
		return nil, fmt.Errorf("the past of %s: %w", source, err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.stirred[source] == stirred { // else a run ended while the past was read
		k.kept[source] = verdict{j, now.Add(judgedFor)}
	}
	return &j, nil
}

// margin lets four whole weeks be known.
const margin = 24 * time.Hour

func judge(ctx context.Context, s Store, source string, now time.Time, zone *time.Location) (j judged, err error) {
	since := now.Add(-anomaly.Span - margin)
	news, err := s.News(ctx, source, since)
	if err != nil {
		return j, err
	}
	past := anomaly.Past{News: make([]anomaly.News, len(news))}
	for i, n := range news {
		past.News[i] = anomaly.News(n)
	}
	if past.Looks, err = s.Looks(ctx, source, since); err != nil {
		return j, err
	}
	if j.news, err = s.LastNews(ctx, source); err != nil {
		return j, err
	}
	if j.good, err = s.LastWhole(ctx, source); err != nil {
		return j, err
	}
	j.silent, j.usual = past.Silence(now)
	if v, ok := past.Volume(now, zone); ok {
		j.volume = &v
	}
	reports, err := newest(ctx, s, source, since)
	if err != nil {
		return j, err
	}
	j.now, j.before, j.enough = pipeline.Pool(reports)
	j.empty = pipeline.EmptyRuns(reports)
	j.visits(reports)
	return j, nil
}

// How much of the past is compared with: the pages that make a usual share, and the
// addresses that make a share of the newest.
const (
	usualPages = 300
	fewVisits  = 10
)

// newest gives the newest runs' reports, as many as are compared.
func newest(ctx context.Context, s Store, source string, since time.Time) (reports []pipeline.Report, err error) {
	pages, listed := 0, false
	for text, err := range s.NewestSummaries(ctx, source, since) {
		if err != nil {
			return nil, err
		}
		var r pipeline.Report
		if err := json.Unmarshal(text, &r); err != nil {
			return nil, fmt.Errorf("a run's report: %w", err)
		}
		reports = append(reports, r)
		pages += r.Coverage.Pages
		if listed = listed || r.Listed > 0; listed && pages >= usualPages {
			break
		}
	}
	return reports, nil
}

// visits counts how the newest visits ended. What is out of scope by its title was
// not visited.
func (j *judged) visits(reports []pipeline.Report) {
	barren := true
	lost, visited := 0, 0
	for _, r := range reports {
		gone := r.Outcomes[article.Failed] + r.Outcomes[article.Blocked]
		ended := r.Ended() - r.Screened
		if visited < fewVisits {
			lost, visited = lost+gone, visited+ended
		}
		switch {
		case ended > gone || r.Fetched > 0:
			barren = false
		case barren && r.Todo > 0:
			j.barren++
		}
		if !barren && visited >= fewVisits {
			break
		}
	}
	if visited >= fewVisits {
		j.lost, j.visited = lost, visited
	}
}
