package metrics

import (
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"attache/crawlers/transport"
	"attache/internal/article"
	"attache/internal/pipeline"
	"attache/sinks"
)

// events are counted as they happen, since the process began.
type events struct {
	runs, opened, outcomes, pages, fallback, broken *prometheus.CounterVec
	requests, bytes, calls                          *prometheus.CounterVec
	latency, callLatency                            *prometheus.HistogramVec
	failing                                         *prometheus.GaugeVec
	reload, reloadedAt                              prometheus.Gauge

	skew atomic.Int64        // from S3's clock, in nanoseconds and one more; 0 while it is not known
	ran  func(source string) // told when a run for it has ended

	now func() time.Time

	mu     sync.Mutex
	hosts  map[string]bool      // that have a label of their own
	failed map[string]time.Time // kinds of calls to S3: when the last got no answer, or that the service is busy
}

// The results of a run.
const (
	whole   = "whole"   // it saw every list
	partial = "partial" // some list gave an error
	failed  = "failed"  // it was stopped by an error
)

func newEvents(r prometheus.Registerer, now func() time.Time) *events {
	f := promauto.With(r)
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return f.NewCounterVec(prometheus.CounterOpts{Name: "attache_" + name, Help: help}, labels)
	}
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return f.NewGaugeVec(prometheus.GaugeOpts{Name: "attache_" + name, Help: help}, labels)
	}
	e := &events{
		runs:     counter("runs_total", "Runs that ended, by how they went: whole, partial (a list gave an error), failed.", "source", "result"),
		opened:   counter("opened_total", "Addresses that were opened as new.", "source"),
		outcomes: counter("outcomes_total", "Addresses that ended, by outcome.", "source", "outcome"),
		pages:    counter("pages_total", "Pages of articles that were read.", "source"),
		fallback: counter("fallback_pages_total", "Pages whose text only the fallback reader found.", "source"),
		broken:   counter("contract_breaks_total", "Pages that were read and broke a contract.", "source"),
		requests: counter("http_requests_total", "Requests to publishers, each attempt and hop, by class of status; none is no answer.", "host", "status"),
		bytes:    counter("http_response_bytes_total", "Bodies from publishers, as they came over the wire.", "host"),
		latency: f.NewHistogramVec(prometheus.HistogramOpts{
			Name: "attache_http_request_duration_seconds", Help: "From a request's leaving to the last byte of its answer; waiting for its turn not counted.",
			Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"host"}),
		calls: counter("s3_requests_total", "Requests to S3, each attempt, by how they ended.", "operation", "result"),
		callLatency: f.NewHistogramVec(prometheus.HistogramOpts{
			Name: "attache_s3_request_duration_seconds", Help: "Requests to S3, up to the body of the answer.",
			Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"operation"}),
		failing:    gauge("s3_failing", "1 while the last request of this kind has failed; of a service that gave no answer, until it answers others and this was not tried for ten minutes.", "operation"),
		reload:     f.NewGauge(prometheus.GaugeOpts{Name: "attache_config_last_reload_successful", Help: "1 when what was last loaded is in force; 0 when it was refused."}),
		reloadedAt: f.NewGauge(prometheus.GaugeOpts{Name: "attache_config_last_reload_success_timestamp_seconds", Help: "When what is in force was loaded."}),
		ran:        func(string) {},
		now:        now,
		hosts:      map[string]bool{},
		failed:     map[string]time.Time{},
	}
	e.Reloaded(nil) // it began with what it has
	return e
}

// known lets a source's counters begin at nothing, so that the first event is an increase.
func (e *events) known(source string) {
	for _, result := range []string{whole, partial, failed} {
		e.runs.WithLabelValues(source, result)
	}
	for _, o := range article.Outcomes {
		e.outcomes.WithLabelValues(source, string(o))
	}
	for _, c := range []*prometheus.CounterVec{e.opened, e.pages, e.fallback, e.broken} {
		c.WithLabelValues(source)
	}
}

// Ran counts a run that has ended; of one that goes on, nothing. It is made to be
// called from [pipeline.Pipeline.Watch].
func (e *events) Ran(r pipeline.Report) {
	if !r.Done {
		return
	}
	e.known(r.Source)
	result := whole
	for _, s := range r.Steps {
		if s.Error != "" {
			result = partial
		}
	}
	if r.Error != "" {
		result = failed
	}
	e.runs.WithLabelValues(r.Source, result).Inc()
	e.opened.WithLabelValues(r.Source).Add(float64(r.Opened))
	for outcome, n := range r.Outcomes {
		e.outcomes.WithLabelValues(r.Source, string(outcome)).Add(float64(n))
	}
	e.pages.WithLabelValues(r.Source).Add(float64(r.Coverage.Pages))
	e.fallback.WithLabelValues(r.Source).Add(float64(r.Coverage.Fallback))
	e.broken.WithLabelValues(r.Source).Add(float64(r.Coverage.Quarantined))
	e.ran(r.Source)
}

// Observe counts a request to a publisher; [transport.Options] take it.
func (e *events) Observe(o transport.Observation) {
	host, status := e.host(o.Host), "none"
	if o.Status >= 100 && o.Status < 600 {
		status = strconv.Itoa(o.Status/100) + "xx"
	}
	e.requests.WithLabelValues(host, status).Inc()
	e.bytes.WithLabelValues(host).Add(float64(max(0, o.Bytes)))
	e.latency.WithLabelValues(host).Observe(o.Took.Seconds())
}

// most hosts have a label of their own; those a publisher's redirects may lead to
// beyond that are other.
const most = 200

func (e *events) host(name string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.hosts[name] {
		if len(e.hosts) >= most {
			return "other"
		}
		e.hosts[name] = true
	}
	return name
}

// S3 counts a call; [sinks.Settings] take it.
func (e *events) S3(c sinks.Call) {
	e.calls.WithLabelValues(c.Operation, string(c.Result)).Inc()
	e.callLatency.WithLabelValues(c.Operation).Observe(c.Took.Seconds())
	e.fails(c)
	if c.Dated {
		e.skew.Store(int64(c.Clock.Abs()) + 1)
	}
}

// forgotten is after how long a failure of the service as a whole, of a kind of call that
// was not tried again, stands for nothing once others are answered: some kinds are made
// once a day only.
const forgotten = 10 * time.Minute

func (e *events) fails(c sinks.Call) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case c.Result.Failed():
		delete(e.failed, c.Operation)
		e.failing.WithLabelValues(c.Operation).Set(1)
		if c.Result == sinks.CallUnreachable || c.Result == sinks.CallBusy {
			e.failed[c.Operation] = e.now()
		}
	case c.Result != sinks.CallEnded:
		delete(e.failed, c.Operation)
		e.failing.WithLabelValues(c.Operation).Set(0)
		e.failing.WithLabelValues(sinks.Credentials).Set(0) // whoever is answered has some
		for operation, at := range e.failed {
			if e.now().Sub(at).Abs() >= forgotten {
				e.failing.WithLabelValues(operation).Set(0)
				delete(e.failed, operation)
			}
		}
	}
}

// S3Failing holds while some kind of call to S3 fails. Who hears that should try now and
// then: nothing else may, for hours.
func (e *events) S3Failing() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.failed) > 0
}

// Reloaded notes how a reload ended; nil is well.
func (e *events) Reloaded(err error) {
	if err != nil {
		e.reload.Set(0)
		return
	}
	e.reload.Set(1)
	e.reloadedAt.Set(seconds(time.Now()))
}
