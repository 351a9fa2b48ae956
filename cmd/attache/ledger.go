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

// books are the ledgers of some days.
type books struct {
	Entries  []article.Ledger `json:"entries"`
	Gaps     []store.Gap      `json:"gaps"`     // what no list showed any more
	Problems []string         `json:"problems"` // what does not add up; empty when all does
}

// Run reads beside a running daemon. It ends with status 1 when a day does not add up.
func (c *ledgerCmd) Run(ctx context.Context) (err error) {
	settings, err := c.load()
	if err != nil {
		return err
	}
	days, err := c.days(time.Now(), settings.Location())
	if err != nil {
		return err
	}
	s, err := store.View(settings.StoreFile())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	b, err := c.read(ctx, s, days)
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
		b.print(os.Stdout)
	}
	if len(b.Problems) > 0 {
		err = errors.Join(err, errReported)
	}
	return err
}

// mostDays bounds what one command reads.
const mostDays = 400

func (c *ledgerCmd) days(now time.Time, zone *time.Location) (days []store.Day, err error) {
	first, last := store.DayOf(now, zone), store.DayOf(now, zone)
	for _, named := range []struct {
		text string
		days []*store.Day
	}{{c.Day, []*store.Day{&first, &last}}, {c.From, []*store.Day{&first}}, {c.To, []*store.Day{&last}}} {
		if named.text == "" {
			continue
		}
		day, err := dayNamed(named.text, zone)
		if err != nil {
			return nil, err
		}
		for _, d := range named.days {
			*d = day
		}
	}
	if c.To != "" && c.From == "" {
		return nil, errors.New("--to goes with --from: name the first day too")
	}
	for d := first; !d.From.After(last.From); d = store.DayOf(d.To, zone) {
		if days = append(days, d); len(days) > mostDays {
			return nil, fmt.Errorf("these are more than %d days; name fewer", mostDays)
		}
	}
	if len(days) == 0 {
		return nil, fmt.Errorf("--from %s is after --to %s", first.Date, last.Date)
	}
	return days, nil
}

func (c *ledgerCmd) read(ctx context.Context, s *store.Store, days []store.Day) (books, error) {
	b := books{Entries: []article.Ledger{}, Gaps: []store.Gap{}, Problems: []string{}}
	carried := map[string]int{}
	for n, day := range days {
		entries, err := s.Ledger(ctx, day)
		if err != nil {
			return b, err
		}
		out := map[string]int{}
		for _, e := range entries {
			if !e.Balance() {
				b.Problems = append(b.Problems, fmt.Sprintf("%s of %s does not add up", e.Day, e.Source))
			}
			if n > 0 && e.CarriedIn != carried[e.Source] {
				b.Problems = append(b.Problems, fmt.Sprintf("%s of %s: %d carried in, but %d were carried out the day before", e.Day, e.Source, e.CarriedIn, carried[e.Source]))
			}
			out[e.Source] = e.CarriedOut
			if c.Source == "" || c.Source == e.Source {
				b.Entries = append(b.Entries, e)
			}
		}
		carried = out
	}
	gaps, err := s.Gaps(ctx, days[0].From, days[len(days)-1].To)
	for _, g := range gaps {
		if c.Source == "" || c.Source == g.Source {
			b.Gaps = append(b.Gaps, g)
		}
	}
	return b, err
}

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

// print shows the columns that hold something, and those everyone wants.
func (b books) print(w io.Writer) {
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
