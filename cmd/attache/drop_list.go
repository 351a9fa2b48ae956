package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"attache/internal/view"
	"attache/sinks"
)

type dropListCmd struct {
	settings
	JSON bool `name:"json" help:"Print the manifests as JSON."`
}

// Run needs the bucket only, so it works beside a running daemon.
func (c *dropListCmd) Run(ctx context.Context) (err error) {
	bucket, done, err := c.bucket(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	manifests, _, damaged := view.Drops(ctx, bucket, "", 0)
	if damaged != nil && !errors.Is(damaged, sinks.ErrDamaged) {
		return damaged
	}
	if c.JSON {
		return errors.Join(json.NewEncoder(os.Stdout).Encode(manifests), damaged)
	}
	if len(manifests) == 0 && damaged == nil {
		return errNoDrop
	}
	t := newTable(os.Stdout)
	t.AppendHeader(table.Row{"drop", "rev", "rows", "sources", "rejects", "gaps", "attache ran", "sealed"})
	for _, m := range manifests {
		ran, rejects := "yes", int64(0)
		if !m.Running {
			ran = "no"
		}
		if m.Rejects != nil {
			rejects = m.Rejects.Rows
		}
		t.AppendRow(table.Row{m.DropDate, m.Rev, m.Rows, len(m.Sources), rejects, len(m.Gaps), ran, m.SealedAt.Local().Format(time.DateTime)})
	}
	t.Render()
	return damaged
}
