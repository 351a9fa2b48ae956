package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"

	"attache/config"
	"attache/internal/daemon"
	"attache/internal/store"
	"attache/internal/view"
	"attache/seeds"
)

// control is what commands have that speak of one source to the running daemon.
type control struct {
	settings
	ID   string `arg:"" name:"source" help:"The source, as attache sources names it."`
	JSON bool   `name:"json" help:"Print how the source stands then, as JSON."`
}

type (
	sourcesPauseCmd  struct{ control }
	sourcesResumeCmd struct{ control }
	sourcesRunCmd    struct{ control }
)

func (c *sourcesPauseCmd) Run(ctx context.Context) error {
	return c.ask(ctx, "pause", "is paused; a run that goes on ends. attache sources resume "+c.ID+" ends the pause")
}

func (c *sourcesResumeCmd) Run(ctx context.Context) error {
	return c.ask(ctx, "resume", "runs on its schedule, and at once if it is due")
}

func (c *sourcesRunCmd) Run(ctx context.Context) error {
	return c.ask(ctx, "run", "runs as soon as there is room; attache runs --source "+c.ID+" shows how it went")
}

// ask asks the daemon; where none runs, pauses are written to the store.
func (c *control) ask(ctx context.Context, what, done string) error {
	settings, err := c.load()
	if err != nil {
		return err
	}
	var when view.When // the daemon knows its sources, also when a file of one is broken now
	body, err := daemon.NewClient(settings.Socket()).Do(ctx, http.MethodPost, "/api/v1/sources/"+url.PathEscape(c.ID)+"/"+what)
	switch {
	case errors.Is(err, daemon.ErrNotRunning) && what == "run":
		return fmt.Errorf("%w; attache crawl --source %s looks at it once", err, c.ID)
	case errors.Is(err, daemon.ErrNotRunning):
		when, err = keepPause(ctx, settings, c.ID, what == "pause")
		done += " (no attache runs here now: it counts from the next start)"
	case err == nil:
		err = json.Unmarshal(body, &when)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(when)
	}
	fmt.Println(c.ID, done)
	return nil
}

func keepPause(ctx context.Context, c config.Config, id string, pause bool) (_ view.When, err error) {
	sources, err := seeds.Load(c.Sources.Dir)
	if err != nil {
		return view.When{}, err
	}
	picked, err := pick(sources, []string{id})
	if err != nil {
		return view.When{}, err
	}
	src := picked[0]
	if v, err := store.View(c.StoreFile()); err != nil && !errors.Is(err, store.ErrOlder) {
		return view.When{}, err // Open would make a new one
	} else if err == nil {
		_ = v.Close() // it was only looked for
	}
	s, err := store.Open(ctx, c.StoreFile(), nil)
	if err != nil {
		return view.When{}, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	since, err := s.Paused(ctx, src.ID)
	if err == nil && since.IsZero() == pause {
		if since = time.Now(); !pause {
			since = time.Time{}
		}
		err = s.SetPaused(ctx, src.ID, since)
	}
	if err != nil {
		return view.When{}, err
	}
	rows, err := view.Timetable(ctx, s, []*seeds.Source{src}, time.Now(), 1)
	if err != nil {
		return view.When{}, err
	}
	return rows[0], nil
}

// reloadCmd has the running daemon read its configuration anew.
type reloadCmd struct {
	settings
	JSON bool `name:"json" help:"Print JSON."`
}

func (c *reloadCmd) Run(ctx context.Context) error {
	settings, err := c.load()
	if err != nil {
		return err
	}
	body, err := daemon.NewClient(settings.Socket()).Do(ctx, http.MethodPost, "/-/reload")
	if err != nil {
		return err
	}
	if c.JSON {
		_, err := os.Stdout.Write(body)
		return err
	}
	fmt.Println("the configuration was read anew and is in force")
	return nil
}
