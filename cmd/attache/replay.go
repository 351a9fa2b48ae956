package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"attache/internal/pipeline"
)

// replayCmd reads captures through today's rules.
type replayCmd struct {
	settings
	Source []string  `placeholder:"ID" help:"Only this source; may be repeated."`
	From   time.Time `required:"" format:"2006-01-02" placeholder:"DAY" help:"First day of the captures (UTC), such as 2026-11-01."`
	To     time.Time `required:"" format:"2006-01-02" placeholder:"DAY" help:"Last day, included."`
	Commit bool      `help:"Make revisions of what differs, with reason rules."`
	JSON   bool      `name:"json" help:"Print one JSON object a page, each on its line, and no summary."`
}

// Validate is kong's hook after parsing.
func (c *replayCmd) Validate() error {
	if c.To.Before(c.From) {
		return fmt.Errorf("--to %s is before --from %s", c.To.Format(time.DateOnly), c.From.Format(time.DateOnly))
	}
	return nil
}

func (c *replayCmd) Run(ctx context.Context) (err error) {
	settings, err := c.load()
	if err != nil {
		return err
	}
	if len(c.Source) > 0 {
		settings.Sources.Only = c.Source
	}
	p, err := assembleReading(ctx, settings)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close.all()) }()
	if err := p.store.Advance(ctx, p.pipeline.DropDate(time.Now())); err != nil {
		return err
	}
	verdicts, revisions := map[string]int{}, 0
	o := pipeline.ReplayOptions{From: c.From, To: c.To, Commit: c.Commit, Tell: func(r pipeline.Replayed) {
		verdicts[r.Verdict]++
		if r.Revision {
			revisions++
		}
		printReplayed(os.Stdout, r)
	}}
	if c.JSON {
		e := json.NewEncoder(os.Stdout)
		e.SetEscapeHTML(false)
		o.Tell = func(r pipeline.Replayed) { _ = e.Encode(r) } // a closed pipe: there is nobody to tell
	}
	var failed, none error
	kept := false
	for _, src := range p.sources {
		if person(os.Stderr) {
			o.Progress = (&gauge{w: os.Stderr, source: src.ID, last: time.Now()}).tell
		}
		err := p.pipeline.Replay(ctx, src, o)
		if errors.Is(err, pipeline.ErrNoCaptures) && len(c.Source) == 0 {
			none = err
			continue
		}
		kept = true
		if failed = errors.Join(failed, err); ctx.Err() != nil {
			break
		}
	}
	if !kept {
		return none
	}
	if !c.JSON {
		printVerdicts(os.Stdout, verdicts)
		if !c.Commit && revisions > 0 {
			fmt.Printf("Nothing was changed. With --commit, %s would be made, with reason rules.\n", counted(revisions, "revision"))
		}
	}
	return failed
}

// replayVerdicts in the order and words they are counted to a person.
var replayVerdicts = []struct{ verdict, about string }{
	{"same", "as stored"},
	{"differs", "not as stored"},
	{"new", "not stored before"},
	{"returned", "back in the topic they were withdrawn for"},
	{"left_out", "left out as before"},
	{"out_of_scope", "stored, out of scope now; left so"},
	{"quarantined", "in quarantine by today's rules; nothing done"},
	{"walled", "a wall in place of the page"},
	{"unreadable", "not readable"},
	{"withdrawn", "withdrawn by the publisher; left so"},
	{"superseded", "older than what is stored; left so"},
}

func printVerdicts(w io.Writer, counts map[string]int) {
	n := 0
	for _, c := range counts {
		n += c
	}
	fmt.Fprintf(w, "%s with captures, by today's rules:\n", counted(n, "article"))
	for _, v := range replayVerdicts {
		if counts[v.verdict] > 0 {
			fmt.Fprintf(w, "  %6d  %s\n", counts[v.verdict], v.about)
		}
	}
}

// printReplayed shows a page whose reading has changed, field by field.
func printReplayed(w io.Writer, r pipeline.Replayed) {
	if r.Verdict == "same" || r.Verdict == "left_out" {
		return
	}
	fmt.Fprintf(w, "%s  %s", r.ArticleID, r.Verdict)
	if r.Reason != "" {
		fmt.Fprintf(w, " (%s)", r.Reason)
	}
	if r.Outcome != "" {
		fmt.Fprintf(w, " → %s", r.Outcome)
	}
	fmt.Fprintf(w, "\n  %s\n", r.URL)
	for _, d := range r.Fields {
		was, is := apart(string(d.Was), string(d.Is))
		fmt.Fprintf(w, "  %-19s - %s\n  %19s + %s\n", d.Field, isolate(was), "", isolate(is))
	}
}

// apart cuts two texts to the part where they differ, with a little before it.
func apart(a, b string) (string, string) {
	x, y := []rune(a), []rune(b)
	same := 0
	for same < len(x) && same < len(y) && x[same] == y[same] {
		same++
	}
	cut := func(text []rune) string {
		from, to := max(0, same-20), min(len(text), same+100)
		shown := string(text[from:to])
		if from > 0 {
			shown = "…" + shown
		}
		if to < len(text) {
			shown += "…"
		}
		return shown
	}
	return cut(x), cut(y)
}

// gauge tells how a long replay gets on, a line every few seconds.
type gauge struct {
	w      io.Writer
	source string
	last   time.Time
}

func (g *gauge) tell(p pipeline.ReplayProgress) {
	if time.Since(g.last) < 5*time.Second {
		return
	}
	g.last = time.Now()
	if p.Articles == 0 {
		fmt.Fprintf(g.w, "  … %-15s %d of %s looked through\n", g.source, p.SegmentsRead, counted(p.Segments, "segment"))
	} else {
		fmt.Fprintf(g.w, "  … %-15s %d of %s read\n", g.source, p.ArticlesRead, counted(p.Articles, "article"))
	}
}

// person holds for a terminal.
func person(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
