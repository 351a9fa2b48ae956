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

	"attache/config"
	"attache/internal/article"
	"attache/internal/audit"
	"attache/internal/terminal"
	"attache/internal/topic"
	"attache/seeds"
)

// topicDiffCmd tries another decision. It changes nothing, and works beside a running daemon.
type topicDiffCmd struct {
	settings
	period
	Lexicons  string  `type:"existingdir" placeholder:"DIR" help:"The lexicons to try, in place of topic.lexicons."`
	Threshold float64 `placeholder:"SCORE" help:"The threshold to try, in place of topic.threshold; a source's own still goes before it."`
	Source    string  `placeholder:"ID" help:"Only this source."`
	JSON      bool    `name:"json" help:"Print one JSON object for each article that is decided otherwise, each on its line, and the counts as the last."`
}

// Validate is kong's hook after parsing.
func (c *topicDiffCmd) Validate() error {
	if c.Lexicons == "" && c.Threshold == 0 {
		return errors.New("say what to try: --lexicons DIR, --threshold SCORE, or both")
	}
	return nil
}

func (c *topicDiffCmd) Run(ctx context.Context) (err error) {
	settings, sources, err := c.loadSources()
	if err != nil {
		return err
	}
	first, last, err := c.of(time.Now(), settings.Location())
	if err != nil {
		return err
	}
	trial, err := c.trial(settings, sources)
	if err != nil {
		return err
	}
	s, done, err := c.view()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	read, closed := captures(ctx, settings)
	defer func() { err = errors.Join(err, closed()) }()
	trial.Store, trial.Page, trial.MaxPage = s, read, int64(settings.Crawl.MaxPage)
	screen := terminal.NewScreen(os.Stderr)
	progress := screen.Progress(!c.JSON)
	defer progress.Close()
	trial.Step = func(t audit.Tried) {
		n := t.Stored + t.Out + t.Titles
		progress.At("texts", terminal.Step{Text: counted(n, "text"), Count: n, Unit: "tried"})
	}
	out := screen.Through(os.Stdout)
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	trial.Tell = func(d audit.Change) {
		var b strings.Builder
		printChange(&b, d)
		_, _ = io.WriteString(out, b.String()) // a closed pipe: there is nobody to tell
	}
	if c.JSON {
		trial.Tell = func(d audit.Change) { _ = e.Encode(d) } // a closed pipe: there is nobody to tell
	}
	tried, err := trial.Run(ctx, c.Source, first.From, last.To, first.Date, last.To.In(settings.Location()).Format(time.DateOnly))
	progress.Close()
	if err == nil && tried == (audit.Tried{}) {
		err = c.known(c.Source)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return e.Encode(tried)
	}
	printTried(os.Stdout, first.Date, last.Date, tried)
	return nil
}

func (c *topicDiffCmd) trial(settings config.Config, sources []*seeds.Source) (*audit.Trial, error) {
	o := topic.Options{Threshold: settings.Topic.Threshold, Dir: settings.Topic.Lexicons}
	was, err := topic.New(o)
	if err != nil {
		return nil, err
	}
	if c.Lexicons != "" {
		o.Dir = c.Lexicons
	}
	if c.Threshold != 0 {
		o.Threshold = c.Threshold
	}
	is, err := topic.New(o)
	return &audit.Trial{Sources: sources, Was: was, Is: is}, err
}

// whats are the changes in words for people.
var whats = map[string]string{
	audit.Enter: "would be kept", audit.Leave: "would be kept out", audit.Visit: "would be visited", audit.Relabel: "would be labelled otherwise",
}

// mostSignals are shown to a person; --json gives all.
const mostSignals = 8

func printChange(w io.Writer, c audit.Change) {
	fmt.Fprintf(w, "%s  %s", whats[c.What], printable(c.Title))
	if c.What == audit.Enter || c.What == audit.Leave {
		fmt.Fprintf(w, "  (score %.3f → %.3f)", c.Was.Score, c.Is.Score)
	}
	fmt.Fprintf(w, "\n  %s\n", c.URL)
	if c.What == audit.Relabel {
		for _, l := range []struct {
			name    string
			was, is []string
		}{{"acts", c.Was.Acts, c.Is.Acts}, {"countries", c.Was.Countries, c.Is.Countries}} {
			if was, is := strings.Join(l.was, " "), strings.Join(l.is, " "); was != is {
				fmt.Fprintf(w, "  %s: %s → %s\n", l.name, orNone(l.was), orNone(l.is))
			}
		}
	}
	for _, l := range []struct {
		sign string
		list []article.Signal
	}{{"+", c.Gained}, {"-", c.Lost}} {
		if len(l.list) > 0 {
			shown, more := l.list[:min(len(l.list), mostSignals)], ""
			if n := len(l.list) - len(shown); n > 0 {
				more = fmt.Sprintf(", and %d more", n)
			}
			fmt.Fprintf(w, "  %s %s%s\n", l.sign, signalled(shown), more)
		}
	}
}

func printTried(w io.Writer, from, to string, t audit.Tried) {
	fmt.Fprintf(w, "tried on what was decided from %s to %s: %s that are stored, %s that were kept out, %s not visited\n",
		from, to, counted(t.Stored, "article"), counted(t.Out, "page"), counted(t.Titles, "title"))
	for _, l := range []struct {
		n    int
		what string
	}{
		{t.Enter, "would be kept"},
		{t.Leave, "would be kept out"},
		{t.Relabel, "would be kept with other acts or countries"},
		{t.Visit, "would be visited, which were not for their title"},
		{t.LetGo, "stored, not tried: the store has let go of their text; their drops have it"},
		{t.NoPage, "kept out, not tried: no capture of them is kept (capture.keep)"},
		{t.Unread, "kept out, not tried: their capture cannot be read"},
	} {
		if l.n > 0 {
			fmt.Fprintf(w, "  %6d  %s\n", l.n, l.what)
		}
	}
	if t.Enter+t.Leave+t.Relabel+t.Visit == 0 {
		fmt.Fprintln(w, "nothing would be decided otherwise")
	}
}
