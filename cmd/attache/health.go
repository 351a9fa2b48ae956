package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"

	"attache/internal/daemon"
	"attache/internal/store"
)

// healthCmd is for what watches a container: it asks nothing of the network.
type healthCmd struct {
	settings
	JSON bool `name:"json" help:"Print JSON."`
}

// health is whether an attache works in a data folder.
type health struct {
	Running bool   `json:"running"`
	Problem string `json:"problem"` // why the daemon makes no progress; "" when it does
}

// Run ends with status 1 when none does, or when the daemon makes no progress.
func (c *healthCmd) Run(ctx context.Context) error {
	settings, err := c.load()
	if err != nil {
		return err
	}
	var h health
	if h.Running, err = store.Held(settings.StoreFile()); err != nil {
		return err
	}
	if h.Running { // by a daemon, which answers, or by a command, which has no socket
		if _, err := daemon.NewClient(settings.Socket()).Do(ctx, http.MethodGet, "/healthz"); err != nil && !errors.Is(err, daemon.ErrNotRunning) {
			h.Problem = err.Error()
		}
	}
	switch {
	case c.JSON:
		err = json.NewEncoder(os.Stdout).Encode(h)
	case h.Problem != "":
		fmt.Println("attache makes no progress:", h.Problem)
	case h.Running:
		fmt.Println("attache works in", settings.Data)
	default:
		fmt.Println("no attache works in", settings.Data, "now; attache run starts one, and attache doctor says more")
	}
	if !h.Running || h.Problem != "" {
		err = errors.Join(err, errReported)
	}
	return err
}
