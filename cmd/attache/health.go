package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"attache/internal/store"
)

// healthCmd is for what watches a container: it asks nothing of the network.
type healthCmd struct {
	settings
	JSON bool `name:"json" help:"Print JSON."`
}

// health is whether an attache works in a data folder.
type health struct {
	Running bool `json:"running"`
}

// Run ends with status 1 when none does.
func (c *healthCmd) Run() error {
	settings, err := c.load()
	if err != nil {
		return err
	}
	running, err := store.Held(settings.StoreFile())
	if err != nil {
		return err
	}
	switch {
	case c.JSON:
		err = json.NewEncoder(os.Stdout).Encode(health{running})
	case running:
		fmt.Println("attache works in", settings.Data)
	default:
		fmt.Println("no attache works in", settings.Data, "now; attache run starts one, and attache doctor says more")
	}
	if !running {
		err = errors.Join(err, errReported)
	}
	return err
}
