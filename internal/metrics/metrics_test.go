package metrics_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"attache/crawlers/transport"
	"attache/internal/alarm"
	"attache/internal/metrics"
	"attache/internal/metrics/metricstest"
	"attache/internal/store"
	"attache/seeds"
	"attache/sinks"
)

// told gives a metric's values, by its labels' values.
func told(t *testing.T, m *metrics.Metrics, name string) map[string]float64 {
	t.Helper()
	families, err := m.Gather()
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, one := range f.GetMetric() {
			var labels []string
			for _, l := range one.GetLabel() {
				labels = append(labels, l.GetValue())
			}
			values[strings.Join(labels, " ")] = one.GetGauge().GetValue() + one.GetCounter().GetValue()
		}
	}
	return values
}

func TestWhatIsTold(t *testing.T) {
	t.Parallel()
	w := metricstest.New(t)
	w.At = w.At.Add(time.Hour)
	unix := func(back time.Duration) float64 { return float64(metricstest.Now.Add(-back).Unix()) }
	for name, want := range map[string]map[string]float64{
		"attache_runs_total": {
			"whole vtcnews": 1, "partial vtcnews": 0, "failed vtcnews": 0, "whole qk7": 0, "partial qk7": 0, "failed qk7": 1,
		},
		"attache_opened_total":                           {"vtcnews": 3, "qk7": 0},
		"attache_http_requests_total":                    {"qk7.vn 2xx": 1, "qk7.vn 3xx": 1, "qk7.vn 5xx": 1, "qk7.vn none": 1},
		"attache_http_response_bytes_total":              {"qk7.vn": 4000},
		"attache_s3_failing":                             {"Credentials": 0, "PutObject": 0, "GetObject": 1},
		"attache_clock_error_seconds":                    {"s3": 2, "store": 0},
		"attache_outbox_rows":                            {"": 1},
		"attache_outbox_oldest_timestamp_seconds":        {"": unix(3 * time.Hour)},
		"attache_captures_waiting_bytes":                 {"": 7000},
		"attache_captures_oldest_timestamp_seconds":      {"": unix(time.Hour)},
		"attache_newest_manifest_timestamp_seconds":      {"": unix(16*24*time.Hour + 6*time.Hour)},
		"attache_takedowns_unfinished":                   {"": 1},
		"attache_takedown_oldest_timestamp_seconds":      {"": unix(0)},
		"attache_host_rest_step_seconds":                 {"qk7.vn": 7200},
		"attache_store_readable":                         {"": 1},
		"attache_config_last_reload_successful":          {"": 1},
		"attache_scheduler_last_look_timestamp_seconds":  {"": unix(-time.Hour)},
		"attache_ledger_imbalance_items":                 {"vtcnews": 0, "qk7": 0},
		"attache_quarantined_pages":                      {"vtcnews": 1, "qk7": 0},
		"attache_source_withdrawals_held":                {"vtcnews": 0, "qk7": 0},
		"attache_source_paused":                          {"vtcnews": 0, "qk7": 0},
		"attache_source_last_new_timestamp_seconds":      {"vtcnews": unix(12 * time.Hour), "qk7": unix(8 * 24 * time.Hour)},
		"attache_source_usual_silence_seconds":           {"vtcnews": 12 * 3600, "qk7": 24 * 3600},
		"attache_source_volume_articles":                 {"vtcnews": 12},
		"attache_source_volume_expected_articles":        {"vtcnews": 12},
		"attache_source_field_coverage_ratio":            {"body vtcnews": 0, "title vtcnews": 1, "body qk7": 1, "title qk7": 1},
		"attache_source_field_coverage_drop_ratio":       {"body vtcnews": 1, "title vtcnews": 0, "body qk7": 0, "title qk7": 0},
		"attache_source_fallback_ratio":                  {"vtcnews": 1, "qk7": 0},
		"attache_source_fallback_rise_ratio":             {"vtcnews": 1, "qk7": 0},
		"attache_source_contract_break_rise_ratio":       {"vtcnews": 1. / 3, "qk7": 0},
		"attache_source_lost_ratio":                      {"vtcnews": 2. / 3, "qk7": 0},
		"attache_source_empty_runs":                      {"vtcnews": 0, "qk7": 0},
		"attache_source_next_due_timestamp_seconds":      {"vtcnews": unix(-time.Minute), "qk7": unix(-time.Minute)},
		"attache_build_info":                             nil, // labels of this machine
		"attache_source_silence_ratio":                   nil,
		"attache_store_bytes":                            nil,
		"process_resident_memory_bytes":                  nil,
		"go_goroutines":                                  nil,
		"attache_host_rest_until_timestamp_seconds":      {"qk7.vn": unix(-time.Hour)},
		"attache_source_last_good_run_timestamp_seconds": nil,
		"attache_source_contract_break_ratio":            nil,
		"attache_source_volume_unusual":                  {"silent vtcnews": 0, "low vtcnews": 0, "high vtcnews": 0},
		"attache_contract_breaks_total":                  {"vtcnews": 1, "qk7": 0},
		"attache_fallback_pages_total":                   {"vtcnews": 3, "qk7": 0},
	} {
		got := told(t, w.Metrics, name)
		if want == nil && len(got) > 0 {
			continue
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}

// The alarms that such a world raises, and no others.
func TestWhatIsRaised(t *testing.T) {
	t.Parallel()
	w := metricstest.New(t)
	families, err := w.Metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range alarm.Judge(families, w.At) {
		got = append(got, strings.TrimSpace(a.Rule.Name+" "+a.Labels["source"]+a.Labels["host"]+a.Labels["operation"]+" "+a.Labels["field"]))
	}
	want := []string{
		"AttacheDropsStopped", "AttacheS3Failing GetObject", "AttacheOutboxOld", "AttacheSourceFailing qk7", "AttacheSourceFailing vtcnews",
		"AttacheSourceBlocked vtcnews", "AttacheSourceSilent qk7", "AttacheFieldCoverageDropped vtcnews body", "AttacheFallbackJumped vtcnews",
		"AttacheContractsBreak vtcnews", "AttacheHostResting qk7.vn",
	}
	if !slices.Equal(got, want) {
		t.Errorf("raised %q,\nwant   %q", got, want)
	}
}

func TestNamesAreAsPrometheusWantsThem(t *testing.T) {
	t.Parallel()
	w := metricstest.New(t)
	rec := httptest.NewRecorder()
	w.Metrics.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	problems, err := promlint.New(strings.NewReader(rec.Body.String())).Lint()
	if err != nil || rec.Code != 200 {
		t.Fatal(rec.Code, err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestAPausedSourceRaisesNothing(t *testing.T) {
	t.Parallel()
	w := metricstest.New(t)
	m := metrics.New(metrics.Options{
		Store: w.Store, Now: func() time.Time { return w.At },
		Settings: func() metrics.Settings { return metrics.Settings{Sources: w.Sources, Zone: time.UTC, Data: "."} },
		States: func() []metrics.State {
			return []metrics.State{{Source: "qk7", Paused: true}, {Source: "vtcnews", Running: true, Due: w.At.Add(time.Minute)}}
		},
	})
	families, err := m.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range alarm.Judge(families, w.At) {
		if a.Labels["source"] == "qk7" {
			t.Errorf("%s is raised for it", a.Rule.Name)
		}
	}
	if got, want := told(t, m, "attache_source_paused"), map[string]float64{"qk7": 1, "vtcnews": 0}; !maps.Equal(got, want) {
		t.Errorf("paused is %v", got)
	}
	if got, want := told(t, m, "attache_source_running"), map[string]float64{"vtcnews": 1}; !maps.Equal(got, want) {
		t.Errorf("running is %v", got)
	}
}

// TestAPauseCountsWithoutADaemon: a pause stands in the store, and what stands in
// quarantine meanwhile is nobody's alarm.
func TestAPauseCountsWithoutADaemon(t *testing.T) {
	t.Parallel()
	w := metricstest.New(t)
	if err := w.Store.SetPaused(t.Context(), "vtcnews", w.At); err != nil {
		t.Fatal(err)
	}
	for metric, want := range map[string]map[string]float64{
		"attache_source_paused":          {"qk7": 0, "vtcnews": 1},
		"attache_quarantined_pages":      {"qk7": 0},
		"attache_ledger_imbalance_items": {"qk7": 0},
	} {
		if got := told(t, w.Metrics, metric); !maps.Equal(got, want) {
			t.Errorf("%s is %v, want %v", metric, got, want)
		}
	}
}

// broken is a store that cannot be read.
type broken struct{ metrics.Store }

var errBroken = errors.New("the disk is gone")

func (broken) Vitals(context.Context) (store.Vitals, error) { return store.Vitals{}, errBroken }

func TestAStoreThatCannotBeRead(t *testing.T) {
	t.Parallel()
	w := metricstest.New(t)
	m := metrics.New(metrics.Options{
		Store: broken{w.Store}, Now: func() time.Time { return w.At },
		Settings: func() metrics.Settings { return metrics.Settings{Sources: w.Sources, Zone: time.UTC, Data: "."} },
	})
	if got := told(t, m, "attache_store_readable"); got[""] != 0 || len(got) != 1 {
		t.Errorf("readable is %v", got)
	}
	if got := told(t, m, "attache_disk_free_bytes"); got[""] == 0 {
		t.Error("the rest is not told")
	}
}

// A data folder that was moved away, or unmounted, is no quiet matter.
func TestADataFolderThatIsGone(t *testing.T) {
	t.Parallel()
	w := metricstest.New(t)
	m := metrics.New(metrics.Options{
		Store: w.Store, Now: func() time.Time { return w.At },
		Settings: func() metrics.Settings {
			return metrics.Settings{Zone: time.UTC, Data: filepath.Join(t.TempDir(), "gone")}
		},
	})
	if got := told(t, m, "attache_store_readable"); got[""] != 0 || len(got) != 1 {
		t.Errorf("readable is %v", got)
	}
}

// Redirects may lead anywhere; labels do not follow.
func TestLabelsAreBounded(t *testing.T) {
	t.Parallel()
	w := metricstest.New(t)
	for i := range 1000 {
		w.Metrics.Observe(transport.Observation{Host: fmt.Sprintf("h%d.example.org", i), Status: 200})
	}
	got := told(t, w.Metrics, "attache_http_response_bytes_total")
	if _, other := got["other"]; len(got) > 201 || !other {
		t.Errorf("%d hosts have a label", len(got))
	}
}

// A source is judged anew when a run for it has ended, not before.
func TestARunIsSeenAtOnce(t *testing.T) {
	t.Parallel()
	w := metricstest.New(t)
	const good = "attache_source_last_good_run_timestamp_seconds"
	before := told(t, w.Metrics, good)["qk7"]
	if err := errors.Join(w.Store.BeginRun(t.Context(), "new", "qk7", "news"), w.Store.EndRun(t.Context(), "new", []byte("{}"), true)); err != nil {
		t.Fatal(err)
	}
	if now := told(t, w.Metrics, good)["qk7"]; now != before {
		t.Errorf("the past is read at each scrape: %f", now)
	}
	w.Metrics.Ran(metricstest.Report("qk7", "new", 0, false))
	if now := told(t, w.Metrics, good)["qk7"]; now != float64(w.At.Unix()) {
		t.Errorf("the run is not seen: %f", now)
	}
}

// A kind of call that is made once a day does not alarm for a day when S3 was away for a
// minute; one that is refused does, until it is not.
func TestS3IsBack(t *testing.T) {
	t.Parallel()
	w := metricstest.New(t) // GetObject got no answer
	w.Metrics.S3(sinks.Call{Operation: "DeleteObject", Result: sinks.CallDenied})
	answered := func() map[string]float64 {
		w.Metrics.S3(sinks.Call{Operation: "PutObject", Result: sinks.CallDone})
		return told(t, w.Metrics, "attache_s3_failing")
	}
	if got := answered(); got["GetObject"] != 1 || !w.Metrics.S3Failing() {
		t.Errorf("at once: %v", got)
	}
	w.At = w.At.Add(10 * time.Minute)
	if got := answered(); got["GetObject"] != 0 || got["DeleteObject"] != 1 || w.Metrics.S3Failing() {
		t.Errorf("ten minutes later: %v", got)
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	w := metricstest.New(t)
	w.Metrics.Reloaded(errors.New("line 3"))
	if got := told(t, w.Metrics, "attache_config_last_reload_successful"); got[""] != 0 {
		t.Errorf("after a reload that was refused: %v", got)
	}
	w.Metrics.Reloaded(nil)
	if got := told(t, w.Metrics, "attache_config_last_reload_successful"); got[""] != 1 {
		t.Errorf("after one that was not: %v", got)
	}
	w.Metrics.S3(sinks.Call{Operation: sinks.Credentials, Result: sinks.CallDenied})
	if got := told(t, w.Metrics, "attache_s3_failing"); got["Credentials"] != 1 {
		t.Errorf("without credentials: %v", got)
	}
	w.Metrics.S3(sinks.Call{Operation: "GetObject", Result: sinks.CallEnded})
	if got := told(t, w.Metrics, "attache_s3_failing"); got["GetObject"] != 1 {
		t.Errorf("a call that was not waited for proves something: %v", got)
	}
	w.Metrics.S3(sinks.Call{Operation: "GetObject", Result: sinks.CallMissing})
	if got := told(t, w.Metrics, "attache_s3_failing"); got["Credentials"] != 0 || got["GetObject"] != 0 {
		t.Errorf("after an answer: %v", got)
	}
	before := told(t, w.Metrics, "attache_runs_total")
	report := metricstest.Report("qk7", "2", 1, false)
	report.Done = false
	w.Metrics.Ran(report)
	if got := told(t, w.Metrics, "attache_runs_total"); !maps.Equal(got, before) {
		t.Errorf("a run that goes on was counted: %v", got)
	}
}

// What comes, or is resumed, long after the process began owes nothing of the time before.
func TestASourceThatCameLaterIsNotLate(t *testing.T) {
	t.Parallel()
	w := metricstest.New(t)
	all, err := seeds.Load("")
	if err != nil {
		t.Fatal(err)
	}
	sources, paused := w.Sources, true
	m := metrics.New(metrics.Options{
		Store: w.Store, Now: func() time.Time { return w.At },
		Settings: func() metrics.Settings { return metrics.Settings{Sources: sources, Zone: time.UTC, Data: "."} },
		States:   func() []metrics.State { return []metrics.State{{Source: "qk7", Paused: paused}} },
	})
	const late = "attache_source_late_seconds"
	if got := told(t, m, late); got["vtcnews"] < 3600 {
		t.Errorf("at first: %v", got)
	}
	w.At, paused = w.At.Add(5*24*time.Hour), false
	for _, src := range all {
		if src.ID == "vnanet" {
			sources = append(slices.Clone(sources), src)
		}
	}
	if got := told(t, m, late); got["qk7"] != 0 || got["vnanet"] != 0 || len(got) != 3 {
		t.Errorf("resumed and new: %v", got)
	}
	w.At = w.At.Add(4 * time.Hour)
	if got := told(t, m, late); got["qk7"] < 2*3600 || got["vnanet"] < 2*3600 || got["vnanet"] > 4*3600 {
		t.Errorf("after four hours without a run: %v", got)
	}
}

// The first seal comes with the end of the first day, at seal.at: until then no drop is owed.
func TestAFreshInstallOwesNoDrop(t *testing.T) {
	t.Parallel()
	const newest = "attache_newest_manifest_timestamp_seconds"
	at := metricstest.Now
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "attache.db"), func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Advance(t.Context(), at.Format(time.DateOnly)); err != nil {
		t.Fatal(err)
	}
	m := metrics.New(metrics.Options{
		Store: s, Now: func() time.Time { return at }, Settings: func() metrics.Settings { return metrics.Settings{Zone: time.UTC, Data: "."} },
	})
	if got := told(t, m, newest); len(got) != 0 {
		t.Errorf("on the first day: %v", got)
	}
	at = at.Add(18 * time.Hour)
	if got := told(t, m, newest); got[""] != float64(at.Unix()) {
		t.Errorf("when it is over: %v", got)
	}
}
