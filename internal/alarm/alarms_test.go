package alarm

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
)

// rig is an attache whose metrics, clock, store and webhook are the test's.
type rig struct {
	*Alarms
	now      time.Time
	gauges   map[string]float64 // metric, or metric/source
	err      error              // of gathering
	settings Settings
	memory   memory
	hook     *hook
	log      strings.Builder
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{now: time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC), gauges: map[string]float64{"attache_store_readable": 1}, hook: newHook(t)}
	r.settings = Settings{URL: r.hook.URL + "/s3cr3t", Repeat: 4 * time.Hour}
	r.restart()
	return r
}

// restart ends the process and begins another, over the same store.
func (r *rig) restart() {
	r.Alarms = New(Options{
		Metrics: r, Settings: func() Settings { return r.settings }, Memory: &r.memory, Instance: "desk", Agent: "attache/0",
		Now: func() time.Time { return r.now }, Log: slog.New(slog.NewTextHandler(&r.log, nil)),
	})
}

func (r *rig) Gather() (list []*dto.MetricFamily, err error) {
	byName := map[string]*dto.MetricFamily{}
	for key, v := range r.gauges {
		name, source, labelled := strings.Cut(key, "/")
		m := &dto.Metric{Gauge: &dto.Gauge{Value: &v}}
		if labelled {
			label := "source"
			m.Label = []*dto.LabelPair{{Name: &label, Value: &source}}
		}
		if byName[name] == nil {
			byName[name] = &dto.MetricFamily{Name: &name}
			list = append(list, byName[name])
		}
		byName[name].Metric = append(byName[name].Metric, m)
	}
	return list, r.err
}

// wait lets time pass, looking every minute.
func (r *rig) wait(t *testing.T, d time.Duration) {
	t.Helper()
	for end := r.now.Add(d); ; r.now = r.now.Add(time.Minute) {
		if err := r.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !r.now.Before(end) {
			return
		}
	}
}

type memory struct {
	state  []byte
	writes int
	err    error
}

func (m *memory) Alarms(context.Context) ([]byte, error) { return m.state, m.err }

func (m *memory) SetAlarms(_ context.Context, state []byte) error {
	m.writes++
	m.state = slices.Clone(state)
	return m.err
}

// hook takes messages, and answers as it is told.
type hook struct {
	*httptest.Server
	mu       sync.Mutex
	status   int
	messages []Message
	tries    int
}

func newHook(t *testing.T) *hook {
	h := &hook{status: http.StatusOK}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.tries++
		var m Message
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("it was sent %s %v", r.Method, err)
		}
		if h.status == http.StatusOK {
			h.messages = append(h.messages, m)
		}
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(h.status)
	}))
	t.Cleanup(h.Close)
	return h
}

// took is what arrived since it was last asked: "firing AttacheDiskLow ".
func (h *hook) took() (list []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, m := range h.messages {
		for _, a := range m.Alerts {
			list = append(list, strings.TrimSpace(a.Status+" "+a.Labels["alertname"]+" "+a.Labels["source"]))
		}
	}
	h.messages = nil
	return list
}

func expect(t *testing.T, when string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", when, got, want)
	}
}

const disk = "attache_disk_above_warn_bytes" // AttacheDiskLow, for 15 minutes

func TestAnAlarmIsToldOnceAndItsEndOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.gauges[disk] = 5
	r.wait(t, time.Hour)
	r.gauges[disk] = -5
	r.wait(t, 14*time.Minute)
	expect(t, "before it held for long enough", r.hook.took())
	if l := r.List(); len(l.Alarms) != 1 || l.Alarms[0].State != "pending" {
		t.Errorf("listed: %+v", l)
	}
	r.wait(t, time.Minute)
	expect(t, "after 15 minutes", r.hook.took(), "firing AttacheDiskLow")
	if l := r.List(); l.Alarms[0].State != "firing" || l.Webhook != "ok" {
		t.Errorf("listed: %+v", l)
	}
	r.wait(t, 4*time.Hour-time.Minute)
	expect(t, "while it goes on", r.hook.took())
	r.wait(t, time.Minute)
	expect(t, "when it is to be repeated", r.hook.took(), "firing AttacheDiskLow")
	r.gauges[disk] = 5
	r.wait(t, time.Hour)
	expect(t, "when it is over", r.hook.took(), "resolved AttacheDiskLow")
	if l := r.List(); len(l.Alarms) != 0 {
		t.Errorf("listed: %+v", l)
	}
	if string(r.memory.state) != "[]" {
		t.Errorf("remembered: %s", r.memory.state)
	}
	if r.memory.writes > 8 {
		t.Errorf("the store was written %d times for one alarm", r.memory.writes)
	}
}

func TestWhatPassesIsNotTold(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for range 10 {
		r.gauges[disk] = -5
		r.wait(t, 10*time.Minute)
		r.gauges[disk] = 5
		r.wait(t, time.Minute)
	}
	expect(t, "what never held for long", r.hook.took())
}

func TestARestartTellsNothingAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.gauges["attache_s3_failing"] = 1
	r.gauges[disk] = -5
	r.wait(t, 10*time.Minute)
	r.restart() // for is not begun anew
	r.wait(t, 5*time.Minute)
	expect(t, "before the restart", r.hook.took(), "firing AttacheS3Failing", "firing AttacheDiskLow")
	delete(r.gauges, "attache_s3_failing") // an event of the process that ended
	r.restart()
	r.wait(t, 14*time.Minute)
	expect(t, "after it", r.hook.took())
	r.gauges["attache_s3_failing"] = 1
	r.wait(t, time.Hour)
	expect(t, "when it goes on", r.hook.took())
	delete(r.gauges, "attache_s3_failing")
	r.wait(t, time.Minute)
	expect(t, "when it is over", r.hook.took(), "resolved AttacheS3Failing")
}

// What was refused is mended and attache started again: that it loaded is known at once.
func TestWhatARestartMendedIsOverAtOnce(t *testing.T) {
	t.Parallel()
	const loaded = "attache_config_last_reload_successful"
	r := newRig(t)
	r.gauges[loaded] = 0
	r.wait(t, 2*time.Minute)
	expect(t, "before", r.hook.took(), "firing AttacheReloadFailed")
	r.gauges[loaded] = 1
	r.restart()
	r.wait(t, 0)
	expect(t, "after", r.hook.took(), "resolved AttacheReloadFailed")
}

func TestAWebhookThatIsDownLosesNothing(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusInternalServerError, http.StatusNotFound, http.StatusFound} {
		r := newRig(t)
		r.hook.status = status
		r.gauges[disk] = -5
		r.wait(t, 2*time.Hour)
		if n := r.hook.tries; n < 10 || n > 40 {
			t.Errorf("%d: %d tries in two hours", status, n)
		}
		if l := r.List(); !strings.Contains(l.Webhook, "it answers") {
			t.Errorf("listed: %+v", l)
		}
		r.hook.status = http.StatusOK
		r.wait(t, 20*time.Minute)
		expect(t, "when it answers", r.hook.took(), "firing AttacheDiskLow")
		r.hook.status = status
		r.gauges[disk] = 5
		r.wait(t, time.Hour)
		r.hook.status = http.StatusOK
		r.wait(t, 20*time.Minute)
		expect(t, "an end that could not be told", r.hook.took(), "resolved AttacheDiskLow")
		if strings.Contains(r.log.String(), "s3cr3t") {
			t.Errorf("the log has the webhook's address:\n%s", r.log.String())
		}
	}
}

func TestSecretsStayOutOfErrors(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.hook.Close()
	r.gauges[disk] = -5
	for _, address := range []string{r.settings.URL, "http://127.0.0.1:1/s3cr3t", "http://[::1/s3cr3t", "s3cr3t", "http://a b/s3cr3t"} {
		r.settings.URL = address
		r.next = time.Time{}
		r.wait(t, 20*time.Minute)
		if l := r.List(); l.Webhook == "ok" || strings.Contains(l.Webhook, "s3cr3t") {
			t.Errorf("%s: %q", address, l.Webhook)
		}
	}
	if strings.Contains(r.log.String(), "s3cr3t") {
		t.Errorf("the log has the webhook's address:\n%s", r.log.String())
	}
}

func TestTheAddressMayBeInAFile(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	file := filepath.Join(t.TempDir(), "webhook")
	r.settings = Settings{File: file, Repeat: time.Hour}
	r.gauges[disk] = -5
	r.wait(t, 20*time.Minute)
	if l := r.List(); !strings.Contains(l.Webhook, "alarms.webhook_file") {
		t.Errorf("without the file: %q", l.Webhook)
	}
	if err := os.WriteFile(file, []byte(r.hook.URL+"/s3cr3t\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.wait(t, 20*time.Minute)
	expect(t, "with it", r.hook.took(), "firing AttacheDiskLow")
}

func TestMuted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const silence = "attache_source_silence_ratio"
	r.settings.Mute = []string{"AttacheSourceSilent/qk7", "AttacheDiskLow"}
	r.gauges[disk], r.gauges[silence+"/qk7"], r.gauges[silence+"/vtcnews"] = -5, 9, 9
	r.wait(t, time.Hour)
	expect(t, "but what is muted", r.hook.took(), "firing AttacheSourceSilent vtcnews")
	if l := r.List(); len(l.Alarms) != 3 || !l.Alarms[0].Muted || !l.Alarms[1].Muted || l.Alarms[2].Muted {
		t.Errorf("listed: %+v", l)
	}
	r.settings.Mute = nil
	r.wait(t, time.Minute)
	expect(t, "when no more is", r.hook.took(), "firing AttacheDiskLow", "firing AttacheSourceSilent qk7")
}

func TestNothingEndsUnseen(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.gauges["attache_outbox_rows"] = 1
	r.gauges["attache_outbox_oldest_timestamp_seconds"] = float64(r.now.Add(-3 * time.Hour).Unix())
	r.wait(t, time.Hour)
	expect(t, "an age", r.hook.took(), "firing AttacheOutboxOld")
	oldest := r.gauges["attache_outbox_oldest_timestamp_seconds"]
	delete(r.gauges, "attache_outbox_oldest_timestamp_seconds")
	r.err = errors.New("half of it could not be gathered")
	r.wait(t, time.Hour)
	expect(t, "while metrics are missing", r.hook.took())
	r.err = nil
	r.gauges["attache_store_readable"] = 0
	r.wait(t, time.Hour)
	expect(t, "while the store cannot be read", r.hook.took(), "firing AttacheStoreUnreadable")
	r.gauges["attache_store_readable"] = 1
	r.gauges["attache_outbox_oldest_timestamp_seconds"] = oldest
	r.wait(t, time.Minute)
	expect(t, "when it can", r.hook.took(), "resolved AttacheStoreUnreadable")
	delete(r.gauges, "attache_outbox_oldest_timestamp_seconds")
	r.wait(t, time.Minute)
	expect(t, "when nothing waits", r.hook.took(), "resolved AttacheOutboxOld")
}

func TestAClockThatIsPutBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.gauges[disk] = -5
	r.wait(t, time.Hour)
	expect(t, "first", r.hook.took(), "firing AttacheDiskLow")
	r.now = r.now.AddDate(-1, 0, 0)
	r.wait(t, 5*time.Hour)
	expect(t, "a year earlier it is repeated as ever", r.hook.took(), "firing AttacheDiskLow")
}

func TestTheMemoryMayFail(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.memory.err = errors.New("the disk is full")
	r.gauges[disk] = -5
	if err := r.Look(t.Context()); !errors.Is(err, r.memory.err) {
		t.Errorf("it says %v", err)
	}
	r.memory.err = nil
	r.memory.state = []byte("not JSON")
	r.wait(t, time.Hour)
	expect(t, "what cannot be read is begun anew", r.hook.took(), "firing AttacheDiskLow")
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range 250 {
		r.gauges["attache_source_silence_ratio/s"+strings.Repeat("x", i)] = 9
	}
	r.wait(t, 33*time.Minute)
	got := r.hook.took()
	slices.Sort(got)
	if len(got) != 250 || len(slices.Compact(got)) != 250 {
		t.Errorf("%d were told, %d of them different", len(got), len(slices.Compact(got)))
	}
}

func TestRunEndsAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	arrived := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		_, _ = io.Copy(io.Discard, q.Body)
		close(arrived)
		<-q.Context().Done()
	}))
	defer slow.Close()
	r.settings.URL = slow.URL
	r.memory.state = []byte(`[{"name":"AttacheDiskLow","since":"2026-11-20T05:00:00Z"}]`)
	r.gauges[disk] = -5
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.Run(ctx)
	}()
	<-arrived
	if l := r.List(); len(l.Alarms) != 1 { // not held up by the webhook
		t.Errorf("listed: %+v", l)
	}
	stop()
	<-ended
	r.Client.CloseIdleConnections()
}

func TestMessage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.gauges["attache_source_silence_ratio/qk7"] = 2.5
	r.wait(t, time.Hour)
	m := r.hook.messages[0]
	a := m.Alerts[0]
	if m.Version != "4" || m.Status != "firing" || m.Receiver != "attache" || m.CommonLabels["instance"] != "desk" || len(m.Alerts) != 1 {
		t.Errorf("%+v", m)
	}
	if a.Annotations["summary"] != "qk7 had nothing new for 2.5 times its longest usual silence." || a.Labels["severity"] != "warning" ||
		a.Annotations["runbook"] != "docs/ALARMS.md#attachesourcesilent" || len(a.Fingerprint) != 16 || a.StartsAt.IsZero() || !a.EndsAt.IsZero() {
		t.Errorf("%+v", a)
	}
}

func TestHandler(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.gauges[disk] = -5
	r.wait(t, time.Hour)
	rec := httptest.NewRecorder()
	r.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/api/v1/alarms", nil))
	var l List
	if err := json.Unmarshal(rec.Body.Bytes(), &l); err != nil || len(l.Alarms) != 1 || l.Alarms[0].Name != "AttacheDiskLow" || l.Alarms[0].Since == nil {
		t.Errorf("%v, %s", err, rec.Body)
	}
}
