package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"attache/internal/article"
	"attache/internal/store"
	"attache/internal/view"
)

// ledgerCmd shows what became of every address that was opened.
type ledgerCmd struct {
	settings
	Source string `placeholder:"ID" help:"Only this source."`
	Day    string `placeholder:"DAY" xor:"from" help:"The day, such as 2026-11-21; today unless named."`
	From   string `placeholder:"DAY" xor:"from" help:"The first of several days."`
	To     string `placeholder:"DAY" help:"The last of them; today unless named."`
	JSON   bool   `name:"json" help:"Print JSON."`
}

// Run reads beside a running daemon. It ends with status 1 when a day does not add up.
func (c *ledgerCmd) Run(ctx context.Context) (err error) {
	settings, err := c.load()
	if err != nil {
		return err
	}
	days, err := view.Question{Day: c.Day, From: c.From, To: c.To}.Days(time.Now(), settings.Location(), mostDays)
	if err != nil {
		return err
	}
	s, err := store.View(settings.StoreFile())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	b, err := view.Read(ctx, s, c.Source, days)
	if err == nil && len(b.Entries) == 0 {
		err = c.known(c.Source)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		e := json.NewEncoder(os.Stdout)
		e.SetEscapeHTML(false)
		err = e.Encode(b)
	} else {
		printBooks(os.Stdout, b)
	}
	if len(b.Problems) > 0 {
		err = errors.Join(err, errReported)
	}
	return err
}

// mostDays bounds what one command reads.
const mostDays = 400

// numbers are an entry's columns, in the order of ledgerHeader.
func numbers(e article.Ledger) []int {
	row := []int{e.CarriedIn}
	for _, k := range store.Kinds {
		row = append(row, e.Opened[k])
	}
	for _, o := range article.Outcomes {
		row = append(row, e.Closed[o])
	}
	return append(row, e.CarriedOut)
}

func ledgerHeader() []string {
	header := append([]string{"carried in"}, store.Kinds...)
	for _, o := range article.Outcomes {
		header = append(header, strings.ReplaceAll(string(o), "_", " "))
	}
	return append(header, "carried out")
}

// printBooks shows the columns that hold something, and those everyone wants.
func printBooks(w io.Writer, b view.Books) {
	header := ledgerHeader()
	always := []string{"carried in", "new", "stored", "out of scope", "failed", "carried out"}
	total := make([]int, len(header))
	for _, e := range b.Entries {
		for i, n := range numbers(e) {
			total[i] += n
		}
	}
	shown := func(i int) bool { return total[i] > 0 || slices.Contains(always, header[i]) }
	t := newTable(w)
	line := func(add func(table.Row, ...table.RowConfig), row table.Row, cell func(i int) any) {
		for i := range header {
			if shown(i) {
				row = append(row, cell(i))
			}
		}
		add(row)
	}
	line(t.AppendHeader, table.Row{"day", "source"}, func(i int) any { return header[i] })
	for _, e := range b.Entries {
		row := numbers(e)
		line(t.AppendRow, table.Row{e.Day, e.Source}, func(i int) any { return row[i] })
	}
	if len(b.Entries) == 0 {
		fmt.Fprintln(w, "nothing was open, opened or closed")
	} else {
		t.Render()
	}
	for _, e := range b.Entries {
		for _, m := range e.Missing {
			fmt.Fprintf(w, "  %s %s: %d %s: %s\n    such as %s\n", e.Day, e.Source, m.Count, m.Outcome, isolate(m.Reason), m.Example)
		}
	}
	for _, g := range b.Gaps {
		fmt.Fprintf(w, "  %s: its lists no longer showed what they listed from %s to %s; attache backfill may find it\n", g.Source, g.From.UTC().Format(time.RFC3339), g.To.UTC().Format(time.RFC3339))
	}
	for _, p := range b.Problems {
		fmt.Fprintf(w, "ALARM: %s\n", p)
	}
	if len(b.Problems) == 0 {
		fmt.Fprintln(w, "it adds up: carried in + opened = closed + carried out")
	} else {
		fmt.Fprintln(w, "an address was lost: run attache store check, and keep a copy of the store for whoever looks into it")
	}
}
