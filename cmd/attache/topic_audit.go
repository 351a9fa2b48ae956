package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"attache/internal/article"
	"attache/internal/audit"
)

// topicAuditCmd shows what was kept out. It reads beside a running daemon.
type topicAuditCmd struct {
	settings
	period
	Source string `placeholder:"ID" help:"Only this source."`
	Most   int    `default:"20" placeholder:"N" help:"Show so many (${default})."`
	Random bool   `help:"A random sample in place of the nearest misses, titles that were not visited included: what share of it should have been kept is what is missed."`
	Seed   uint64 `default:"1" placeholder:"N" help:"Of the sample; the same seed draws the same (${default})."`
	JSON   bool   `name:"json" help:"Print JSON."`
}

// Validate is kong's hook after parsing.
func (c *topicAuditCmd) Validate() error {
	if c.Most < 1 || c.Most > 10000 {
		return errors.New("--most is from 1 to 10000")
	}
	return nil
}

func (c *topicAuditCmd) Run(ctx context.Context) (err error) {
	settings, err := c.load()
	if err != nil {
		return err
	}
	first, last, err := c.of(time.Now(), settings.Location())
	if err != nil {
		return err
	}
	s, done, err := c.view()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	var out audit.Out
	if c.Random {
		out, err = audit.Sample(ctx, s, c.Source, first.From, last.To, c.Most, c.Seed)
	} else {
		out, err = audit.Nearest(ctx, s, c.Source, first.From, last.To, c.Most)
	}
	if err == nil && len(out.Sources) == 0 {
		err = c.known(c.Source)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		e := json.NewEncoder(os.Stdout)
		e.SetEscapeHTML(false)
		return e.Encode(out)
	}
	if len(out.Sources) == 0 {
		fmt.Printf("from %s to %s nothing was judged to be about something else\n", first.Date, last.Date)
		return nil
	}
	printOut(os.Stdout, out)
	return nil
}

func printOut(w io.Writer, o audit.Out) {
	t := newTable(w)
	t.AppendHeader(table.Row{"kept out", "by title alone", "read", "score 0", "under a tenth", "under half", "half of its threshold or more"})
	for _, c := range o.Sources {
		t.AppendRow(table.Row{c.Source, c.Titles, c.Read, c.Nil, c.Low, c.Middle, c.High})
	}
	t.Render()
	for _, j := range o.Shown {
		score := "by title  "
		if j.Score != nil {
			score = fmt.Sprintf("%.3f/%.2f", *j.Score, j.Threshold)
		}
		fmt.Fprintf(w, "\n%s  %s\n            %s\n", score, printable(j.Title), j.URL)
		if len(j.Signals) > 0 {
			fmt.Fprintf(w, "            %s\n", signalled(j.Signals))
		}
	}
}

// signalled lists signals by the place they stand in.
func signalled(signals []article.Signal) string {
	var b strings.Builder
	place := ""
	for _, s := range signals {
		switch {
		case s.Place != place && place == "":
			b.WriteString(s.Place + ": ")
		case s.Place != place:
			b.WriteString("; " + s.Place + ": ")
		default:
			b.WriteString(", ")
		}
		place = s.Place
		fmt.Fprintf(&b, "%s (%s)", printable(s.Text), s.Kind)
	}
	return b.String()
}
