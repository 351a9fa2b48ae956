package metrics

import (
	"context"
	"errors"
	"iter"
	"maps"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"attache/internal/article"
	"attache/internal/disk"
	"attache/internal/store"
)

// Store is what is asked of the store, by reading alone.
type Store interface {
	Size(ctx context.Context) (store.Stats, error)
	Vitals(ctx context.Context) (store.Vitals, error)
	Resting(ctx context.Context, since time.Time, most int) ([]store.Resting, error)
	Quarantine(ctx context.Context) (map[string]int, error)
	WithdrawalsHeld(ctx context.Context) (map[string]int, error)
	Ledger(ctx context.Context, day store.Day) ([]article.Ledger, error)
	Due(ctx context.Context, source string) (time.Time, error)
	Paused(ctx context.Context, source string) (time.Time, error)
	LastWhole(ctx context.Context, source string) (time.Time, error)
	LastNews(ctx context.Context, source string) (time.Time, error)
	News(ctx context.Context, source string, since time.Time) ([]store.News, error)
	Looks(ctx context.Context, source string, since time.Time) ([]time.Time, error)
	NewestSummaries(ctx context.Context, source string, since time.Time) iter.Seq2[[]byte, error]
}

// patience bounds one reading: a scrape is not worth more.
const patience = 20 * time.Second

// forgiven is when a host that was left in peace counts as well again; the transport
// begins anew then.
const forgiven = 30 * time.Minute

// state is how things stand, read when Prometheus or an alarm asks.
type state struct {
	Options
	began   time.Time
	skew    *atomic.Int64 // see events
	vitals  believed[vitals]
	books   believed[books]
	sources *judges
	roll    roll
}

// vitals are cheap to read, books cost more with every address of the day.
type vitals struct {
	store.Vitals
	size    store.Stats
	resting []store.Resting
}

type books struct {
	open, off, quarantined, held map[string]int
}

func newState(o Options) *state {
	return &state{Options: o, began: o.Now(), sources: newJudges(o.Store)}
}

// stir has a source judged anew.
func (s *state) stir(source string) { s.sources.stir(source) }

// Describe implements [prometheus.Collector].
func (s *state) Describe(to chan<- *prometheus.Desc) {
	for _, g := range gauges {
		to <- g
	}
}

// Collect implements [prometheus.Collector].
func (s *state) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	settings := s.Settings()
	free, lost := disk.Free(settings.Data) // an error: the data folder is not where it was
	if lost == nil {
		set(to, diskFree, float64(free))
		set(to, diskAboveWarn, float64(free-settings.Warn))
		set(to, diskAboveStop, float64(free-settings.Stop))
	}
	if skew := s.skew.Load(); skew > 0 {
		set(to, clockError, time.Duration(skew-1).Seconds(), "s3")
	}
	if s.Captures != nil {
		waiting, since, err := s.Captures()
		if err == nil {
			set(to, capturesBytes, float64(waiting))
			at(to, capturesOldest, since)
		}
		lost = errors.Join(lost, err)
	}
	if s.Store == nil {
		return
	}
	states, err := s.plan(ctx, settings.Sources)
	if err == nil {
		err = errors.Join(s.tellBooks(ctx, to, settings, states), s.tellSources(ctx, to, settings, states))
	}
	err = errors.Join(lost, s.tellVitals(ctx, to, settings), err)
	set(to, storeReadable, truth(err == nil))
}

func (s *state) tellVitals(ctx context.Context, to chan<- prometheus.Metric, settings Settings) error {
	now := s.Now()
	v, err := s.vitals.get(now, func() (v vitals, err error) {
		if v.Vitals, err = s.Store.Vitals(ctx); err != nil {
			return v, err
		}
		if v.size, err = s.Store.Size(ctx); err != nil {
			return v, err
		}
		v.resting, err = s.Store.Resting(ctx, now.Add(-forgiven), most)
		return v, err
	})
	if err != nil {
		return err
	}
	set(to, storeBytes, float64(v.size.Bytes))
	set(to, storeWALBytes, float64(v.size.WALBytes))
	set(to, outboxRows, float64(v.OutboxRows))
	at(to, outboxOldest, v.OutboxSince)
	set(to, takedowns, float64(v.Takedowns))
	at(to, takedownOldest, v.TakedownFrom)
	if v.Sealed.IsZero() && !v.Begun.IsZero() { // nothing is owed before the first day is over
		if end := store.DayOf(v.Begun, settings.Zone).To; !now.Before(end) {
			v.Sealed = end
		}
	}
	at(to, newestManifest, v.Sealed)
	if !v.Opened.IsZero() {
		set(to, clockError, max(0, v.Opened.Sub(now).Seconds()), "store")
	}
	for _, h := range v.resting {
		at(to, hostRestUntil, h.Until, h.Host)
		set(to, hostRestStep, h.Step.Seconds(), h.Host)
	}
	return nil
}

func (s *state) tellBooks(ctx context.Context, to chan<- prometheus.Metric, settings Settings, states map[string]State) error {
	now := s.Now()
	b, err := s.books.get(now, func() (books, error) { return readBooks(ctx, s.Store, now, settings.Zone) })
	if err != nil {
		return err
	}
	off := maps.Clone(b.off)
	for _, src := range settings.Sources {
		if states[src.ID].Paused {
			continue
		}
		set(to, ledgerOpen, float64(b.open[src.ID]), src.ID)
		set(to, ledgerOff, float64(b.off[src.ID]), src.ID)
		set(to, quarantined, float64(b.quarantined[src.ID]), src.ID)
		set(to, withdrawalsHeld, float64(b.held[src.ID]), src.ID)
		delete(off, src.ID)
	}
	for source, n := range off { // it is watched no more, or paused, and still must add up
		if n != 0 {
			set(to, ledgerOff, float64(n), source)
		}
	}
	return nil
}

// readBooks reads the ledgers of today and yesterday.
func readBooks(ctx context.Context, s Store, now time.Time, zone *time.Location) (b books, err error) {
	b = books{open: map[string]int{}, off: map[string]int{}}
	if b.quarantined, err = s.Quarantine(ctx); err != nil {
		return b, err
	}
	if b.held, err = s.WithdrawalsHeld(ctx); err != nil {
		return b, err
	}
	today := store.DayOf(now, zone)
	for _, day := range []store.Day{store.DayOf(today.From.Add(-time.Hour), zone), today} {
		entries, err := s.Ledger(ctx, day)
		if err != nil {
			return b, err
		}
		for _, e := range entries {
			if b.off[e.Source] == 0 {
				b.off[e.Source] = e.Off()
			}
			if day == today {
				b.open[e.Source] = e.CarriedOut
			}
		}
	}
	return b, nil
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
