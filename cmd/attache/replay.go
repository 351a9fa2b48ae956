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
	JSON   bool      `name:"json" help:"Print a JSON object for each page."`
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
	counts := map[string]int{}
	tell := func(r pipeline.Replayed) { counts[r.Verdict]++; printReplayed(os.Stdout, r) }
	if c.JSON {
		e := json.NewEncoder(os.Stdout)
		tell = func(r pipeline.Replayed) { _ = e.Encode(r) } // a closed pipe: there is nobody to tell
	}
	var failed error
	for _, src := range p.sources {
		err := p.pipeline.Replay(ctx, src, c.From, c.To, c.Commit, tell)
		if errors.Is(err, pipeline.ErrNoCaptures) && len(c.Source) == 0 {
			continue
		}
		failed = errors.Join(failed, err)
	}
	if c.JSON {
		return failed
	}
	fmt.Printf("%d pages read again: %d the same, %d differ, %d new, %d left out as before; %d stored ones are now out of scope, %d broke a contract, %d others\n",
		total(counts), counts["same"], counts["differs"], counts["new"], counts["left_out"], counts["out_of_scope"], counts["quarantined"],
		counts["withdrawn"]+counts["superseded"]+counts["unreadable"])
	if !c.Commit && counts["differs"]+counts["new"] > 0 {
		fmt.Println("Nothing was changed. With --commit, what differs in title, lede, text or time becomes a revision with reason rules.")
	}
	return failed
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
		fmt.Fprintf(w, "  %-16s - %s\n  %16s + %s\n", d.Field, isolate(was), "", isolate(is))
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
		if to-from < 0 {
			from = to
		}
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
