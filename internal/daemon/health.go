package daemon

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Check is one thing the daemon needs to be of use.
type Check struct {
	Name  string `json:"name"` // daemon, store, s3, clock
	OK    bool   `json:"ok"`
	Error string `json:"error"` // "" when it is well
}

// Ready says whether all that is needed is there.
type Ready struct {
	Ready  bool      `json:"ready"`
	At     time.Time `json:"at"` // of the look, which may be some seconds old
	Checks []Check   `json:"checks"`
}

const (
	lookAgain   = 10 * time.Second // who asks more often gets the last answer
	checkWithin = 10 * time.Second
	clockApart  = 5 * time.Minute // signatures are refused from 15 minutes on
)

// readiness is the last look, so that many who ask cost no more than one.
type readiness struct {
	mu   sync.Mutex
	last Ready
	seen time.Time // with the monotonic clock
}

// Ready looks whether the store, S3 and the clock are as they must be.
func (d *Daemon) Ready(ctx context.Context) Ready {
	d.ready.mu.Lock()
	defer d.ready.mu.Unlock()
	if d.ready.seen.IsZero() || time.Since(d.ready.seen) > lookAgain {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), checkWithin)
		defer cancel()
		d.ready.last, d.ready.seen = d.look(ctx), time.Now()
	}
	r := d.ready.last
	if d.stopping.Load() {
		r.Ready = false
		r.Checks = append([]Check{{Name: "daemon", Error: "attache is stopping"}}, r.Checks...)
	}
	return r
}

func (d *Daemon) look(ctx context.Context) Ready {
	r := Ready{Ready: true, At: time.Now().UTC()}
	add := func(name string, err error) {
		c := Check{Name: name, OK: err == nil}
		if err != nil {
			c.Error, r.Ready = err.Error(), false
		}
		r.Checks = append(r.Checks, c)
	}
	add("store", d.o.Store.Ping(ctx))
	ahead, dated, err := d.o.Bucket.Ahead(ctx)
	add("s3", err)
	add("clock", d.clock(ctx, ahead, dated && err == nil))
	return r
}

// clock is an error when this machine's clock cannot be right: by S3's, or because
// runs are of a time to come.
func (d *Daemon) clock(ctx context.Context, ahead time.Duration, dated bool) error {
	if dated && ahead.Abs() > clockApart {
		return fmt.Errorf("this machine's clock and S3's are %s apart; set the clock, or have it set by NTP", ahead.Abs().Round(time.Second))
	}
	last, err := d.o.Store.Runs(ctx, "", "", 1)
	if err != nil {
		return err
	}
	if len(last) > 0 {
		if back := last[0].Started.Sub(d.o.Clock.Now()); back > clockApart {
			return fmt.Errorf("the clock was put back: the last run is of %s, which is still to come; set the clock", last[0].Started.Format(time.RFC3339))
		}
	}
	return nil
}

func (d *Daemon) healthz(w http.ResponseWriter, r *http.Request) {
	if err := d.Alive(r.Context()); err != nil {
		refuse(w, http.StatusServiceUnavailable, "no progress; attache's log and /readyz say more")
		return
	}
	reply(w, http.StatusOK, map[string]string{"status": "ok"})
}

func (d *Daemon) readyz(w http.ResponseWriter, r *http.Request) {
	ready := d.Ready(r.Context())
	status := http.StatusOK
	if !ready.Ready {
		status = http.StatusServiceUnavailable
	}
	reply(w, status, ready)
}
