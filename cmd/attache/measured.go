package main

import (
	"os"
	"runtime/debug"
	"time"

	"attache/internal/alarm"
	"attache/internal/metrics"
)

// measure makes the metrics of what p does from here on.
func (p *parts) measure() {
	info, _ := debug.ReadBuildInfo() // nil: built without modules
	p.metrics = metrics.New(metrics.Options{
		Version: version, Commit: built(info).Commit, Store: p.store, Now: p.clock.Now,
		Settings: p.measured,
		Captures: func() (int64, time.Time, error) {
			if p.pipeline == nil || p.pipeline.Captures == nil {
				return 0, time.Time{}, nil
			}
			return p.pipeline.Captures.Waiting()
		},
		States: func() (states []metrics.State) {
			if p.daemon == nil {
				return nil
			}
			for _, st := range p.daemon.States() {
				states = append(states, metrics.State{Source: st.ID, Due: st.Due, Paused: !st.Paused.IsZero(), Running: !st.Running.IsZero()})
			}
			return states
		},
		Looked: func() time.Time {
			if p.daemon == nil {
				return time.Time{}
			}
			return p.daemon.Looked()
		},
	})
}

// measured is what is in force.
func (p *parts) measured() metrics.Settings {
	c, sources := p.config, p.sources
	if p.daemon != nil {
		g := p.daemon.Generation()
		c, sources = g.Config, g.Sources
	}
	return metrics.Settings{Sources: sources, Zone: c.Location(), Data: c.Data, Warn: int64(c.Disk.Warn), Stop: int64(c.Disk.Stop)}
}

// watch gives the daemon its metrics, and what looks at them.
func (p *parts) watch() *alarm.Alarms {
	host, err := os.Hostname()
	if err != nil {
		host = "attache"
	}
	a := alarm.New(alarm.Options{
		Metrics: p.metrics, Memory: p.store, Instance: host, Agent: "attache/" + version, Now: p.clock.Now, Log: p.log,
		Settings: func() alarm.Settings {
			c := p.daemon.Generation().Config.Alarms
			return alarm.Settings{URL: string(c.Webhook), File: c.File, Repeat: time.Duration(c.Repeat), Mute: c.Mute}
		},
	})
	p.pipeline.Watch = p.metrics.Ran
	p.daemon.Metrics, p.daemon.Alarms = p.metrics.Handler(), a.Handler()
	return a
}
