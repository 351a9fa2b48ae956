package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"attache/internal/article"
	"attache/internal/view"
	"attache/sinks"
)

type dropShowCmd struct {
	settings
	Date string `arg:"" optional:"" help:"The day, such as 2026-11-21; the newest when none is named."`
	JSON bool   `name:"json" help:"Print the manifest as JSON."`
}

// Run needs the bucket only, so it works beside a running daemon.
func (c *dropShowCmd) Run(ctx context.Context) (err error) {
	if _, err := time.Parse(time.DateOnly, c.Date); c.Date != "" && err != nil {
		return view.NoDay(c.Date)
	}
	bucket, done, err := c.bucket(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	if c.Date == "" {
		if c.Date, err = newestDay(ctx, bucket); err != nil {
			return err
		}
	}
	m, err := sinks.ReadManifest(ctx, bucket, c.Date)
	if errors.Is(err, sinks.ErrNotFound) {
		err = fmt.Errorf("%w; attache drop list shows the days that are", err)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(m)
	}
	settings, err := c.load()
	if err != nil {
		return err
	}
	place := bucket.URL
	if settings.S3.Embedded() { // its addresses mean nothing elsewhere
		place = func(key string) string { return filepath.Join(objects(settings), filepath.FromSlash(key)) }
	}
	showDrop(os.Stdout, place, m)
	return nil
}

// showDrop prints a manifest for people.
func showDrop(w io.Writer, place func(key string) string, m sinks.Manifest) {
	at := func(t time.Time) string { return t.Local().Format(time.DateTime) }
	fmt.Fprintf(w, "Drop %s r%d, sealed %s by %s, schema %s\n", m.DropDate, m.Rev, at(m.SealedAt), m.Producer, m.SchemaVersion)
	fmt.Fprintf(w, "Open from %s to %s (this machine's time); its days are those of %s.\n", at(m.Window.From), at(m.Window.To), m.Zone)
	if m.Supersedes != nil {
		fmt.Fprintf(w, "It supersedes r%d: %s\n", *m.Supersedes, m.Reason)
	}
	if !m.Running {
		fmt.Fprintln(w, "attache was not running: no rows do not mean no news.")
	}
	var changes []string
	for _, kind := range slices.Sorted(maps.Keys(m.Changes)) {
		changes = append(changes, fmt.Sprintf("%d %s", m.Changes[kind], kind))
	}
	fmt.Fprintf(w, "%s: %s\n\n", counted(int(m.Rows), "row"), strings.Join(changes, ", "))
	showSources(w, m)
	if len(m.Gaps) > 0 {
		fmt.Fprintln(w, "\nKnown to be missing:")
		for _, g := range m.Gaps {
			who := g.Source
			if who == "" {
				who = "all sources"
			}
			fmt.Fprintf(w, "  %s to %s  %s: %s\n", at(g.From), at(g.To), who, g.Note)
		}
	}
	for _, t := range m.TakenDown {
		fmt.Fprintf(w, "\nTaken down: %s  %s\n", t.ArticleID, isolate(t.Reason))
	}
	fmt.Fprintln(w, "\nObjects:")
	for _, f := range m.Named() {
		fmt.Fprintf(w, "  %10d bytes  %s\n", f.Bytes, place(f.Key))
	}
}

// showSources is the table of who gave what, and what became of their addresses.
func showSources(w io.Writer, m sinks.Manifest) {
	t := newTable(w)
	t.AppendHeader(table.Row{"source", "rows", "oldest", "newest", "carried in", "opened", "closed", "out of scope", "failed", "blocked", "quarantined", "carried out"})
	day := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.Local().Format(time.DateTime)
	}
	for _, id := range slices.Sorted(maps.Keys(m.Sources)) {
		s := m.Sources[id]
		row := table.Row{id, s.Rows, day(s.Oldest), day(s.Newest)}
		if l := s.Ledger; l != nil {
			opened, closed := 0, 0
			for _, n := range l.Opened {
				opened += n
			}
			for _, n := range l.Closed {
				closed += n
			}
			row = append(row, l.CarriedIn, opened, closed, l.Closed[article.OutOfScope], l.Closed[article.Failed], l.Closed[article.Blocked], l.Closed[article.Quarantined], l.CarriedOut)
		}
		t.AppendRow(row)
	}
	t.Render()
}
