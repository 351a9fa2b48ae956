package alarm

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	dto "github.com/prometheus/client_model/go"
)

// Options set up [New].
type Options struct {
	Metrics  Gatherer
	Settings func() Settings // those in force; asked at each look
	Memory   Memory          // nil forgets with the process, and sends again what it has sent
	Every    time.Duration   // between two looks; 0 for half a minute
	Instance string          // which attache this is, in messages
	Agent    string          // User-Agent of the webhook's requests
	Now      func() time.Time
	Client   *http.Client // nil for one with bounds of its own
	Log      *slog.Logger
}

// Gatherer gives the metrics alarms are judged on.
type Gatherer interface {
	Gather() ([]*dto.MetricFamily, error)
}

// Memory keeps what was sent over a restart.
type Memory interface {
	Alarms(ctx context.Context) ([]byte, error)
	SetAlarms(ctx context.Context, state []byte) error
}

// Settings are what the operator has set.
type Settings struct {
	URL, File string        // of the webhook, or the file that holds its address; both empty: nothing is sent
	Repeat    time.Duration // what goes on is sent again after so long
	Mute      []string      // see [CheckMute]
}

// Alarms looks at the metrics now and then, and tells what has begun and what is over.
// Its methods are safe for concurrent use; whatever the webhook does, they do not wait
// for it.
type Alarms struct {
	Options
	looking sync.Mutex // one look, and one message, at a time

	mu       sync.Mutex
	began    time.Time // of the first look; zero before it
	active   map[string]*Active
	kept     []byte // as the memory has it
	failures int    // of the webhook in a row
	next     time.Time
	trouble  string // with the webhook; empty when there is none
}

// Active is an alarm that has begun and is not over, or whose end was not told yet.
type Active struct {
	Name   string            `json:"name"`
	Labels map[string]string `json:"labels"`
	Text   string            `json:"text"` // as it is, or was, sent; empty before
	Now    string            `json:"-"`    // the text with today's value
	Value  float64           `json:"-"`
	Since  time.Time         `json:"since"` // its condition holds
	Fired  time.Time         `json:"fired"` // it has held for long enough; zero until then
	Told   time.Time         `json:"told"`  // it was last sent; zero until then
	Over   time.Time         `json:"over"`  // it ended; zero while it goes on
	Muted  bool              `json:"-"`
}

const (
	every   = 30 * time.Second
	settled = 15 * time.Minute // after a start nothing that is not known is over before this: some things only events tell
)

// New makes alarms that remember what they said before the last restart, once they look.
func New(o Options) *Alarms {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Every = cmp.Or(o.Every, every)
	if o.Client == nil {
		o.Client = newClient()
	}
	return &Alarms{Options: o, active: map[string]*Active{}}
}

// Run looks until ctx ends.
func (a *Alarms) Run(ctx context.Context) {
	tick := time.NewTicker(a.Every)
	defer tick.Stop()
	for {
		if err := a.Look(ctx); err != nil && ctx.Err() == nil {
			a.Log.Error("alarms could not be kept; after a restart they may be sent again", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Look judges once and sends what is to be sent. The error is the memory's: everything
// else is an alarm itself, or said in the log.
func (a *Alarms) Look(ctx context.Context) error {
	a.looking.Lock()
	defer a.looking.Unlock()
	now, settings := a.Now().Round(0), a.Settings()
	if err := a.recall(ctx, now); err != nil {
		return err
	}
	families, err := a.Metrics.Gather()
	if err != nil {
		a.Log.Warn("not all metrics could be gathered", "error", err)
	}
	a.weigh(Judge(families, now), known(families), settings, now, err == nil && readable(families))
	if err := a.keep(ctx); err != nil { // before sending: a crash in between sends once more, never not at all
		return err
	}
	a.send(ctx, settings, now)
	return a.keep(ctx)
}

// recall reads, at the first look, what was said before the restart.
func (a *Alarms) recall(ctx context.Context, now time.Time) error {
	if !a.began.IsZero() {
		return nil
	}
	var state []byte
	if a.Memory != nil {
		var err error
		if state, err = a.Memory.Alarms(ctx); err != nil {
			return err
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.began, a.kept = now, state
	var list []*Active
	if len(state) > 0 {
		if err := json.Unmarshal(state, &list); err != nil {
			a.Log.Warn("what alarms remembered cannot be read; what goes on is sent again", "error", err)
		}
	}
	for _, x := range list {
		if r, ok := Named(x.Name); ok { // else of another version
			a.active[Alert{Rule: r, Labels: x.Labels}.key()] = x
		}
	}
	return nil
}

func (a *Alarms) keep(ctx context.Context) error {
	a.mu.Lock()
	state, err := json.Marshal(a.sorted())
	same := err == nil && string(state) == string(a.kept)
	a.mu.Unlock()
	if err != nil || same || a.Memory == nil {
		return err
	}
	if err := a.Memory.SetAlarms(ctx, state); err != nil {
		return err
	}
	a.mu.Lock()
	a.kept = state
	a.mu.Unlock()
	return nil
}

// weigh makes what is active of what holds. Where not everything could be read, and soon
// after a start, nothing ends for want of a metric.
func (a *Alarms) weigh(alerts []Alert, known map[string]bool, settings Settings, now time.Time, all bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	holding := map[string]bool{}
	for _, alert := range alerts {
		key := alert.key()
		holding[key] = true
		x := a.active[key]
		if x == nil {
			x = &Active{Name: alert.Rule.Name, Labels: alert.Labels, Since: now}
			a.active[key] = x
		}
		x.Now, x.Value, x.Over = alert.Text(), alert.Value, time.Time{}
		x.Since, x.Told = earlier(x.Since, now), earlier(x.Told, now) // a clock was put back
		began := x.Fired.IsZero() && now.Sub(x.Since) >= alert.Rule.For
		if began || now.Sub(x.Told) >= settings.Repeat && !x.Fired.IsZero() {
			x.Text = x.Now
		}
		if began {
			x.Fired = now
			a.Log.Warn("alarm", "name", x.Name, "labels", x.Labels, "text", x.Text, "see", alert.Rule.Anchor())
		}
	}
	for key, x := range a.active {
		x.Muted = muted(x, settings.Mute)
		switch {
		case holding[key]:
		case x.Fired.IsZero():
			delete(a.active, key)
		case x.Over.IsZero() && (known[key] || all && now.Sub(a.began) >= settled):
			x.Over = now
			a.Log.Info("alarm is over", "name", x.Name, "labels", x.Labels)
		}
		if !x.Over.IsZero() && (x.Told.IsZero() || x.Muted || settings.none()) {
			delete(a.active, key) // nobody was told that it began
		}
	}
}

// readable holds unless the metrics say that the store could not be read.
func readable(families []*dto.MetricFamily) bool {
	return !slices.ContainsFunc(families, func(f *dto.MetricFamily) bool {
		return f.GetName() == "attache_store_readable" && f.GetMetric()[0].GetGauge().GetValue() == 0
	})
}

func earlier(a, b time.Time) time.Time {
	if a.After(b) {
		return b
	}
	return a
}

func muted(x *Active, list []string) bool {
	return slices.ContainsFunc(list, func(entry string) bool {
		if entry == x.Name {
			return true
		}
		for _, value := range x.Labels {
			if entry == x.Name+"/"+value {
				return true
			}
		}
		return false
	})
}

// sorted gives what is active, in the order of [Rules]. It is called under the lock.
func (a *Alarms) sorted() []*Active {
	place := map[string]int{}
	for i, r := range Rules {
		place[r.Name] = i
	}
	keys := slices.SortedFunc(maps.Keys(a.active), func(x, y string) int {
		return cmp.Or(cmp.Compare(place[a.active[x].Name], place[a.active[y].Name]), cmp.Compare(x, y))
	})
	list := make([]*Active, len(keys))
	for i, key := range keys {
		list[i] = a.active[key]
	}
	return list
}

// The pause after a message that did not arrive, doubled up to the longest. Nothing is
// queued: the next message says how things stand then.
const (
	firstPause   = 30 * time.Second
	longestPause = 10 * time.Minute
)

// send tells what is to be told, in one message.
func (a *Alarms) send(ctx context.Context, settings Settings, now time.Time) {
	a.mu.Lock()
	var due []Active
	for _, x := range a.sorted() {
		began := !x.Fired.IsZero() && x.Over.IsZero() && (x.Told.IsZero() || now.Sub(x.Told) >= settings.Repeat)
		if !x.Muted && (began || !x.Over.IsZero()) {
			due = append(due, *x)
		}
	}
	wait := now.Before(a.next) && a.next.Sub(now) <= 2*longestPause
	a.mu.Unlock()
	if len(due) == 0 || wait || settings.none() {
		return
	}
	err := a.post(ctx, settings, message(due, a.Instance))
	a.mu.Lock()
	defer a.mu.Unlock()
	if err != nil {
		a.failures++
		pause := min(firstPause<<min(a.failures-1, 10), longestPause)
		a.next, a.trouble = now.Add(pause+rand.N(pause/2)), err.Error()
		a.Log.Error("the webhook did not take the alarms; they are sent again", "error", err, "next", a.next)
		return
	}
	a.failures, a.next, a.trouble = 0, time.Time{}, ""
	for _, told := range due[:min(len(due), mostAlerts)] {
		r, _ := Named(told.Name)
		key := Alert{Rule: r, Labels: told.Labels}.key()
		if x := a.active[key]; !told.Over.IsZero() {
			delete(a.active, key)
		} else if x != nil {
			x.Told = now
		}
	}
}

func (s Settings) none() bool { return s.URL == "" && s.File == "" }
