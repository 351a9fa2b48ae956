package daemon

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"attache/config"
)

// Reloaded says how the last reload went.
type Reloaded struct {
	At         time.Time `json:"at"`
	OK         bool      `json:"ok"`
	Error      string    `json:"error"`      // why it was refused; "" when it was not
	Why        string    `json:"why"`        // start, SIGHUP, request, changed files
	Generation int       `json:"generation"` // in force; the first is 1
}

// Reloaded says how the last reload went; before the first, how the start did.
func (d *Daemon) Reloaded() Reloaded {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.reload
}

// asked is a reload somebody waits for.
type asked struct {
	why  string
	done chan error
}

// ErrStopping is returned to whoever asks something of a daemon that ends.
var ErrStopping = errors.New("attache is stopping")

// Reload has the configuration read anew, and waits. The error is why it was refused;
// what was in force then still is.
func (d *Daemon) Reload(ctx context.Context, why string) error {
	a := asked{why, make(chan error, 1)}
	select {
	case d.asked <- a:
		return <-a.done
	case <-d.ended:
		return ErrStopping
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// reloads is the one place where a reload happens.
func (d *Daemon) reloads(ctx context.Context) {
	defer close(d.ended)
	poll := time.NewTicker(d.o.Poll)
	defer poll.Stop()
	watch := d.Generation().Watch  // and what a refused configuration names: it may be mended there
	tried := d.force.Load().digest // what was read last, well or not
	seen := tried
	for {
		var a asked
		select {
		case <-ctx.Done():
			return
		case a = <-d.asked:
		case <-d.o.Hangup:
			a.why = "SIGHUP"
		case <-poll.C:
			// Half a file, or one that is being replaced, is not read: it must have stood
			// still from one look to the next.
			before := seen
			if seen = digestOf(watch); seen == tried || seen != before {
				continue
			}
			a.why = "changed files"
		}
		tried = digestOf(watch)
		named, err := d.tryReload(ctx, a.why, tried)
		if err == nil { // other files may be named now
			watch, tried = d.Generation().Watch, d.force.Load().digest
		} else if all := union(d.Generation().Watch, named); !slices.Equal(all, watch) {
			watch, tried = all, digestOf(all)
		}
		if seen = tried; a.done != nil {
			a.done <- err
		}
	}
}

// union is a, and what else is in b.
func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, name := range b {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// tryReload puts another generation in force, or leaves all as it is. It gives the files
// that were read.
func (d *Daemon) tryReload(ctx context.Context, why string, before digest) (named []string, err error) {
	d.notify(reloading())
	named, err = d.swap(ctx, before)
	d.mu.Lock()
	d.reload.At, d.reload.OK, d.reload.Why, d.reload.Error = time.Now(), err == nil, why, ""
	if err == nil {
		d.reload.Generation++
	} else {
		d.reload.Error = err.Error()
	}
	now := d.reload
	d.mu.Unlock()
	if d.o.Tell != nil {
		d.o.Tell(err)
	}
	if err != nil {
		d.o.Log.Error("the new configuration is refused; the old one stays in force", "why", why, "error", err)
	} else {
		d.o.Log.Info("a new configuration is in force", "why", why, "generation", now.Generation, "sources", len(d.Generation().Sources))
	}
	d.notify("READY=1\nSTATUS=" + d.status())
	return named, err
}

func (d *Daemon) swap(ctx context.Context, before digest) (named []string, err error) {
	old := d.force.Load()
	next, err := d.o.Load(ctx)
	if next != nil {
		named = next.Watch
	}
	if err != nil {
		return named, err
	}
	retire := func(g *Generation) {
		if g.Retire != nil {
			g.Retire()
		}
	}
	if err := unchangeable(old.Config, next.Config); err != nil {
		retire(next)
		return named, err
	}
	access, err := newAccess(next.Config.HTTP)
	if err != nil {
		retire(next)
		return named, err
	}
	if !reflect.DeepEqual(old.Watch, next.Watch) {
		before = digestOf(next.Watch)
	}
	if err := d.scheduler.Swap(ctx, next.Tasks, next.Config.Crawl.Sources); err != nil {
		retire(next)
		return named, err
	}
	d.force.Store(&force{next, access, before})
	retire(old.Generation)
	return named, nil
}

// unchangeable is an error when two configurations differ in what only a start can change.
func unchangeable(old, next config.Config) error {
	var keys []string
	for _, k := range []struct {
		key       string
		old, next any
	}{
		{"data", old.Data, next.Data},
		{"zone", old.Zone, next.Zone},
		{"capture.segment", old.Capture.Segment, next.Capture.Segment},
		{"capture.age", old.Capture.Age, next.Capture.Age},
		{"s3", old.S3, next.S3},
		{"http.listen", old.HTTP.Listen, next.HTTP.Listen},
		{"http.tls_cert and http.tls_key", old.HTTP.Cert == "", next.HTTP.Cert == ""},
		{"log", old.Log, next.Log},
	} {
		if !reflect.DeepEqual(k.old, k.next) {
			keys = append(keys, k.key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	return fmt.Errorf("restart attache to change %s", strings.Join(keys, ", "))
}

// reloading is how systemd is told; see Type=notify-reload in systemd.service(5).
func reloading() string {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		return "RELOADING=1"
	}
	return fmt.Sprintf("RELOADING=1\nMONOTONIC_USEC=%d", now.Nano()/1000)
}
