// Package metrics tells Prometheus how attache is: what happened is counted when it
// happens, how things stand is read from the store when somebody asks. Units are
// seconds, bytes and ratios; labels are bounded, whatever publishers do.
package metrics

import (
	"net/http"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"

	"attache/seeds"
)

// Options set up [New]. All but Settings may be left out.
type Options struct {
	Version, Commit string
	Store           Store                                              // nil: nothing is told of how things stand
	Settings        func() Settings                                    // those in force; asked at each gathering
	Captures        func() (waiting int64, since time.Time, err error) // closed and not landed: bytes, and the oldest; nil tells nothing of them
	States          func() []State                                     // of the schedule; nil: due times are the store's
	Looked          func() time.Time                                   // when the schedule's loop last looked; nil tells nothing of it
	Now             func() time.Time                                   // nil for the wall clock
}

// Settings are what the operator has set and may change by a reload.
type Settings struct {
	Sources    []*seeds.Source // at work
	Zone       *time.Location  // whose midnight ends a day
	Data       string          // the folder whose disk matters
	Warn, Stop int64           // bytes free, as disk.warn and disk.stop
}

// State is how the schedule has a source.
type State struct {
	Source  string
	Due     time.Time
	Paused  bool
	Running bool
}

// Metrics is safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry
	*events
}

// New makes a registry of its own; nothing is global.
func New(o Options) *Metrics {
	if o.Now == nil {
		o.Now = time.Now
	}
	r := prometheus.NewRegistry()
	m := &Metrics{registry: r, events: newEvents(r, o.Now)}
	state := newState(o)
	m.ran, state.skew = state.stir, &m.skew
	r.MustRegister(
		state,
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "attache_build_info", Help: "1; which attache this is.",
			ConstLabels: prometheus.Labels{"version": o.Version, "commit": o.Commit, "goversion": runtime.Version()},
		}, func() float64 { return 1 }),
	)
	if o.Looked != nil {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "attache_scheduler_last_look_timestamp_seconds", Help: "When the schedule's loop last looked who is due.",
		}, func() float64 {
			at := o.Looked()
			if at.IsZero() { // it begins
				at = state.began
			}
			return seconds(at)
		}))
	}
	for _, src := range o.Settings().Sources {
		m.known(src.ID)
	}
	return m
}

// Gather gives what a scrape would. An error comes with all that could be gathered.
func (m *Metrics) Gather() ([]*dto.MetricFamily, error) { return m.registry.Gather() }

// Handler answers a scrape. What cannot be read is left out, and the rest is told.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 4, Timeout: 30 * time.Second})
}

// seconds is an instant as Prometheus has it.
func seconds(t time.Time) float64 { return float64(t.UnixMicro()) / 1e6 }
