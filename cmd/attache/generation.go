package main

import (
	"slices"

	"attache/config"
	"attache/internal/daemon"
)

// generation is what the daemon runs by: p, with its tasks.
func (p *parts) generation(file string) (*daemon.Generation, error) {
	tasks, err := p.tasks()
	if err != nil {
		return nil, err
	}
	return &daemon.Generation{
		Config: p.config, Sources: p.sources, Tasks: tasks, Watch: watched(file, p.config),
		Retire: p.pipeline.Transport.Close, // its idle connections; runs that go on keep theirs
	}, nil
}

// again reads the configuration anew and makes another generation of it, which works
// beside p over the same store and bucket. Nothing of p changes. Of one that is refused
// it gives the files.
func (p *parts) again(s settings) (*daemon.Generation, error) {
	c, err := s.load()
	files := watched(s.ConfigFile, c)
	refused := func(err error) (*daemon.Generation, error) { return &daemon.Generation{Watch: files}, err }
	if err != nil {
		return refused(err)
	}
	next := &parts{config: c, log: p.log, store: p.store, bucket: p.bucket, s3: p.s3, pipeline: p.pipeline.Beside(), metrics: p.metrics, clock: p.clock}
	decider, err := next.choose()
	if err != nil {
		return refused(err)
	}
	options, err := transportOptions(c)
	if err != nil {
		return refused(err)
	}
	options.After = p.pipeline.Transport
	if err := next.connect(options); err != nil {
		return refused(err)
	}
	next.set()
	next.pipeline.Room, next.pipeline.Topic, next.pipeline.Sources = next.room, decider, next.known
	return next.generation(s.ConfigFile)
}

// watched are the files and folders that a configuration is made of.
func watched(file string, c config.Config) []string {
	return slices.DeleteFunc([]string{
		file, c.Sources.Dir, c.Topic.Lexicons, c.Network.CAFile, c.HTTP.TokenFile, c.HTTP.BasicFile, c.HTTP.Cert, c.HTTP.Key, c.Alarms.File,
	}, func(name string) bool { return name == "" })
}
