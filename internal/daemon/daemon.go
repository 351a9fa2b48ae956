// Package daemon is attache while it runs for years: it holds the configuration in
// force and swaps it for another, answers operators over HTTP and a socket, tells
// systemd how it is, and ends in good order.
package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"attache/config"
	"attache/internal/schedule"
	"attache/internal/store"
	"attache/seeds"
	"attache/sinks"
)

// Generation is all that a configuration comes to, read and checked as a whole. What
// began with one ends with it; nothing changes in it.
type Generation struct {
	Config  config.Config
	Sources []*seeds.Source // those that run; each has a task of its id
	Tasks   []schedule.Task
	Watch   []string // files and folders it was read from; changed ones have it read anew
	Retire  func()   // called when nothing begins with it any more; may be nil
}

// Bucket is what the daemon asks of S3.
type Bucket interface {
	sinks.Objects
	Ahead(ctx context.Context) (ahead time.Duration, dated bool, err error)
}

// Options are what a Daemon works with.
type Options struct {
	First   *Generation
	Load    func(ctx context.Context) (*Generation, error) // reads the configuration anew; changes nothing in force. With an error, Watch alone may be given: what was read
	Store   *store.Store
	Bucket  Bucket
	Land    func(ctx context.Context) error // lands what waits, when the work has ended; may be nil
	Hangup  <-chan os.Signal                // asks for a reload; may be nil
	Tell    func(error)                     // told how each reload went; may be nil
	Clock   schedule.Clock                  // nil for the wall's
	Poll    time.Duration                   // how often Watch is looked at; 0 for 5 s
	Grace   time.Duration                   // what the work may take to end once it was told; 0 for 45 s
	Version string
	Log     *slog.Logger
}

// Daemon is safe for concurrent use. Its methods may be called before Run.
type Daemon struct {
	// Metrics answers GET /metrics, Alarms GET /api/v1/alarms; nil for 404. They are set
	// before Run.
	Metrics, Alarms http.Handler

	o         Options
	scheduler *schedule.Scheduler
	force     atomic.Pointer[force]
	asked     chan asked
	ended     chan struct{} // closed when no reload is possible any more
	began     time.Time
	stopping  atomic.Bool
	ready     readiness
	notify    func(state string) // tells systemd

	mu     sync.Mutex
	reload Reloaded
	listen string // where HTTP is answered; "" when it is not
}

// force is what is in force.
type force struct {
	*Generation
	access *access
	digest digest // of Watch, before it was read
}

// New prepares a daemon. It fails when what First names for HTTP cannot be read.
func New(o Options) (*Daemon, error) {
	if o.Clock == nil {
		o.Clock = schedule.Wall{}
	}
	if o.Poll == 0 {
		o.Poll = 5 * time.Second
	}
	if o.Grace == 0 {
		o.Grace = 45 * time.Second
	}
	access, err := newAccess(o.First.Config.HTTP)
	if err != nil {
		return nil, err
	}
	d := &Daemon{o: o, asked: make(chan asked), ended: make(chan struct{}), began: time.Now(), notify: tellSystemd(o.Log)}
	d.scheduler = &schedule.Scheduler{
		Tasks: o.First.Tasks, Memory: o.Store, Clock: o.Clock, AtOnce: o.First.Config.Crawl.Sources, Look: time.Second, Log: o.Log,
	}
	d.force.Store(&force{o.First, access, digestOf(o.First.Watch)})
	d.reload = Reloaded{At: d.began, OK: true, Why: "start", Generation: 1}
	return d, nil
}

// errStuck is a daemon whose work does not end.
var errStuck = errors.New("runs were still at work when the time to stop was over; they go on with the next start")

// Run works until told ends; then it ends what runs and lands what it can, within the
// grace and some seconds. A start that fails changes nothing.
func (d *Daemon) Run(told context.Context) (err error) {
	ctx, stop := context.WithCancelCause(told)
	defer stop(nil)
	var helpers sync.WaitGroup
	defer helpers.Wait()
	defer stop(nil)
	if err := d.serve(ctx, &helpers, stop); err != nil {
		return err
	}
	helpers.Go(func() { d.reloads(ctx) })
	helpers.Go(func() { d.heartbeat(ctx) })

	worked := make(chan error, 1)
	go func() { worked <- d.scheduler.Run(ctx) }()
	d.notify("READY=1\nSTATUS=" + d.status())
	select {
	case err = <-worked:
		d.stopping.Store(true)
	case <-ctx.Done():
		d.stopping.Store(true)
		d.notify(fmt.Sprintf("STOPPING=1\nEXTEND_TIMEOUT_USEC=%d\nSTATUS=ends what runs, and lands it", (d.o.Grace + landFor + 10*time.Second).Microseconds()))
		d.o.Log.Info("attache stops: no new runs; what runs ends and lands", "running", d.runningNow())
		err = d.end(ctx, worked)
	}
	if told.Err() == nil && ctx.Err() != nil { // it is our own trouble
		err = errors.Join(err, context.Cause(ctx))
	}
	return err
}

// landFor is what landing may take at the end.
const landFor = 10 * time.Second

// end waits for the work and lands what it left.
func (d *Daemon) end(told context.Context, worked <-chan error) error {
	grace := time.NewTimer(d.o.Grace)
	defer grace.Stop()
	select {
	case err := <-worked:
		if d.o.Land == nil {
			return err
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(told), landFor)
		defer cancel()
		if landErr := d.o.Land(ctx); landErr != nil { // it is in the store, and no failure of the stop
			d.o.Log.Warn("not all could be landed; the rest waits in the store for the next start", "error", landErr)
		}
		return err
	case <-grace.C:
		return fmt.Errorf("%w: %v", errStuck, d.runningNow())
	}
}

// Generation is what is in force.
func (d *Daemon) Generation() *Generation { return d.force.Load().Generation }

// States are the tasks' as the scheduler knows them; none before Run.
func (d *Daemon) States() []schedule.State { return d.scheduler.States() }

// Looked is when the scheduler's loop last looked who is due; zero before Run.
func (d *Daemon) Looked() time.Time { return d.scheduler.Looked() }

// Address is where HTTP is answered, host:port; "" when it is not, or not yet.
func (d *Daemon) Address() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.listen
}

func (d *Daemon) runningNow() []string {
	ids := []string{}
	for _, st := range d.States() {
		if !st.Running.IsZero() {
			ids = append(ids, st.ID)
		}
	}
	return ids
}
