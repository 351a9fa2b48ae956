package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"attache/internal/store"
)

// quarantineCmd works on pages that broke a contract of their source.
type quarantineCmd struct {
	List    quarantineListCmd    `cmd:"" help:"List what stands in quarantine, and why."`
	Release quarantineReleaseCmd `cmd:"" help:"Open it again, after rules were mended; the next run reads it."`
}

type quarantineListCmd struct {
	settings
	Source string `placeholder:"ID" help:"Only this source."`
	JSON   bool   `name:"json" help:"Print JSON."`
}

// Run reads beside a running daemon.
func (c *quarantineListCmd) Run(ctx context.Context) (err error) {
	settings, err := c.load()
	if err != nil {
		return err
	}
	s, err := store.View(settings.StoreFile())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	list, err := s.InQuarantine(ctx, c.Source)
	if err == nil && len(list) == 0 {
		err = c.known(c.Source)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(list)
	}
	if len(list) == 0 {
		fmt.Println("nothing stands in quarantine")
		return nil
	}
	t := newTable(os.Stdout)
	t.AppendHeader(table.Row{"since", "source", "why", "address"})
	for _, q := range list {
		t.AppendRow(table.Row{q.At.Local().Format(time.DateTime), q.Source, isolate(q.Reason), q.URL})
	}
	t.Render()
	return nil
}

type quarantineReleaseCmd struct {
	settings
	Source string `placeholder:"ID" help:"Only this source."`
	JSON   bool   `name:"json" help:"Print JSON."`
}

// released is how many addresses are open again.
type released struct {
	Released int `json:"released"`
}

func (c *quarantineReleaseCmd) Run(ctx context.Context) (err error) {
	settings, err := c.load()
	if err != nil {
		return err
	}
	if v, err := store.View(settings.StoreFile()); err != nil {
		return err // Open would make a new one
	} else if err := v.Close(); err != nil {
		return err
	}
	s, err := store.Open(ctx, settings.StoreFile(), nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	n, err := s.Release(ctx, c.Source)
	if err == nil && n == 0 {
		err = c.known(c.Source)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(released{int(n)})
	}
	are := map[bool]string{true: "is", false: "are"}[n == 1]
	fmt.Printf("%s %s open again; the next run reads what is\n", addresses(int(n)), are)
	return nil
}
