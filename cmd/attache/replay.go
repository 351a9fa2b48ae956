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

	"attache/internal/pipeline"
	"attache/internal/terminal"
)

// replayCmd reads captures through today's rules.
type replayCmd struct {
	settings
	telling
	Source []string `placeholder:"ID" help:"Only this source; may be repeated."`
	From   givenDay `required:"" placeholder:"DAY" help:"First day of the captures (UTC), such as 2026-11-01."`
	To     givenDay `required:"" placeholder:"DAY" help:"Last day, included."`
	Commit bool     `help:"Make revisions of what differs, with reason rules."`
	JSON   bool     `name:"json" help:"Print one JSON object a page, each on its line, and no summary."`
}

// Validate is kong's hook after parsing.
func (c *replayCmd) Validate() error {
	if c.To.Before(c.From.Time) {
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
	if err := worked(settings); err != nil {
		return err
	}
	p, err := assembleReading(ctx, settings)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close.all()) }()
	if err := p.pipeline.Advance(ctx, p.pipeline.DropDate(time.Now())); err != nil {
		return err
	}
	progress := p.screen.Progress(!c.JSON && !c.Quiet)
	defer progress.Close()
	out := p.screen.Through(os.Stdout)
	verdicts, revisions := map[string]int{}, 0
	o := pipeline.ReplayOptions{From: c.From.Time, To: c.To.Time, Commit: c.Commit, Tell: func(r pipeline.Replayed) {
		verdicts[r.Verdict]++
		if r.Revision {
			revisions++
		}
		var b strings.Builder
		printReplayed(&b, r)
		_, _ = io.WriteString(out, b.String()) // a closed pipe: there is nobody to tell
	}}
	if c.JSON {
		e := json.NewEncoder(out)
		e.SetEscapeHTML(false)
		o.Tell = func(r pipeline.Replayed) { _ = e.Encode(r) } // a closed pipe: there is nobody to tell
	}
	var failed, none error
	kept := false
	for _, src := range p.sources {
		o.Progress = func(now pipeline.ReplayProgress) {
			progress.At(src.ID, replaying(now))
		}
		before := total(verdicts)
		err := p.pipeline.Replay(ctx, src, o)
		if errors.Is(err, pipeline.ErrNoCaptures) && len(c.Source) == 0 {
			none = err
			continue
		}
		progress.Done(src.ID, fmt.Sprintf("  %s %-15s %s replayed", mark(err == nil), src.ID, counted(total(verdicts)-before, "article")))
		kept = true
		if failed = errors.Join(failed, err); ctx.Err() != nil {
			break
		}
	}
	progress.Close()
	if !kept {
		return fmt.Errorf("%w; pages are kept from the first run on while capture.keep is true", none)
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
	{"withdrawn", "withdrawn by the publisher, or taken down; left so"},
	{"superseded", "older than what is stored; left so"},
}

func printVerdicts(w io.Writer, counts map[string]int) {
	fmt.Fprintf(w, "%s with captures, by today's rules:\n", counted(total(counts), "article"))
	for _, v := range replayVerdicts {
		if counts[v.verdict] > 0 {
			fmt.Fprintf(w, "  %6d  %s\n", counts[v.verdict], v.about)
		}
	}
}

func total(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
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

// replaying is how far a replay of one source has come.
func replaying(p pipeline.ReplayProgress) terminal.Step {
	if p.Articles == 0 {
		return terminal.Step{Text: fmt.Sprintf("%d of %s looked through", p.SegmentsRead, counted(p.Segments, "segment")), Done: float64(p.SegmentsRead), Of: float64(p.Segments), Count: p.SegmentsRead, Unit: "searched"}
	}
	return terminal.Step{
		Text: fmt.Sprintf("%d of %s", p.ArticlesRead, counted(p.Articles, "article")),
		Done: float64(p.ArticlesRead), Of: float64(p.Articles), Count: p.ArticlesRead, Unit: "read",
	}
}
