package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"attache/internal/quality"
	"attache/seeds"
)

// plan is how the schedule has each source; where none runs, how the next one will.
func (s *state) plan(ctx context.Context, sources []*seeds.Source) (map[string]State, error) {
	states := map[string]State{}
	if s.States != nil {
		for _, st := range s.States() {
			states[st.Source] = st
		}
	}
	for _, src := range sources {
		if _, ok := states[src.ID]; ok {
			continue
		}
		due, err := s.Store.Due(ctx, src.ID)
		if err != nil {
			return nil, err
		}
		paused, err := s.Store.Paused(ctx, src.ID)
		if err != nil {
			return nil, err
		}
		states[src.ID] = State{Source: src.ID, Due: due, Paused: !paused.IsZero()}
	}
	return states, nil
}

func (s *state) tellSources(ctx context.Context, to chan<- prometheus.Metric, settings Settings, states map[string]State) error {
	now := s.Now()
	for _, src := range settings.Sources {
		st := states[src.ID]
		set(to, sourcePaused, truth(st.Paused), src.ID)
		if st.Paused {
			s.roll.leave(src.ID)
			continue
		}
		set(to, sourceRunning, truth(st.Running), src.ID)
		at(to, sourceDue, st.Due, src.ID)
		j, err := s.sources.judge(ctx, src.ID, now, settings.Zone)
		if err != nil {
			return err
		}
		set(to, sourceLate, late(src, j.good, s.roll.since(src.ID, now), s.began, now).Seconds(), src.ID)
		j.tell(to, src.ID)
	}
	s.roll.called(settings.Sources)
	return nil
}

// late is for how long a good run has been owed: since the first tick after the last
// one; of a source that came, or was resumed, after that, since then; of one that never
// had one, since attache began.
func late(src *seeds.Source, good, joined, began, now time.Time) time.Duration {
	if src.Cron == nil {
		return 0
	}
	if joined.After(good) {
		good = joined
	}
	if good.IsZero() {
		good = began
	}
	tick := src.Cron.Next(good.In(src.Zone))
	if tick.IsZero() { // a day that never comes
		return 0
	}
	return max(0, now.Sub(tick))
}

func (j *judged) tell(to chan<- prometheus.Metric, source string) {
	at(to, sourceLastNew, j.news, source)
	at(to, sourceLastGood, j.good, source)
	set(to, emptyRuns, float64(j.empty), source)
	set(to, barrenRuns, float64(j.barren), source)
	if j.usual > 0 {
		set(to, silenceUsual, j.usual.Seconds(), source)
		set(to, silenceRatio, j.silent.Seconds()/j.usual.Seconds(), source)
	}
	if v := j.volume; v != nil {
		set(to, volume, float64(v.Count), source)
		set(to, volumeExpected, v.Expected, source)
		set(to, volumeApart, v.Apart, source)
		for _, kind := range []quality.Verdict{quality.Silent, quality.Low, quality.High} {
			set(to, volumeUnusual, truth(v.Verdict == kind), source, string(kind))
		}
	}
	if j.visited > 0 {
		set(to, lost, float64(j.lost)/float64(j.visited), source)
	}
	share := func(n, of int) float64 { return float64(n) / float64(max(1, of)) }
	compare := func(is, rise *prometheus.Desc, now, usual int) {
		if j.now.Pages == 0 {
			return
		}
		set(to, is, share(now, j.now.Pages), source)
		if j.enough {
			set(to, rise, max(0, share(now, j.now.Pages)-share(usual, j.before.Pages)), source)
		}
	}
	compare(fallback, fallbackRise, j.now.Fallback, j.before.Fallback)
	compare(contracts, contractsRise, j.now.Quarantined, j.before.Quarantined)
	for field, n := range j.now.Fields {
		set(to, coverage, share(n, j.now.Pages), source, field)
	}
	if !j.enough {
		return
	}
	for field, n := range j.before.Fields {
		set(to, coverageDrop, max(0, share(n, j.before.Pages)-share(j.now.Fields[field], j.now.Pages)), source, field)
		if _, told := j.now.Fields[field]; !told {
			set(to, coverage, 0, source, field)
		}
	}
}
