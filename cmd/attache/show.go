package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/text/unicode/bidi"

	"attache/internal/article"
	"attache/internal/pipeline"
)

func newTable(w io.Writer) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetStyle(table.StyleLight)
	t.Style().Format.Header = text.FormatDefault
	t.Style().Format.Footer = text.FormatDefault
	return t
}

// printReports is the table of a run: the columns everyone wants, and those of
// the rarer outcomes when something ended there.
func printReports(w io.Writer, reports []pipeline.Report) {
	outcomes := []article.Outcome{article.Stored, article.OutOfScope, article.Failed}
	for _, o := range []article.Outcome{article.Revised, article.Unchanged, article.Duplicate, article.Quarantined, article.Withdrawn, article.Blocked} {
		for _, r := range reports {
			if r.Outcomes[o] > 0 {
				outcomes = append(outcomes, o)
				break
			}
		}
	}
	header := table.Row{"source", "listed", "new", "fetched"}
	for _, o := range outcomes {
		header = append(header, strings.ReplaceAll(string(o), "_", " "))
	}
	t := newTable(w)
	t.AppendHeader(header)
	total := make([]int, len(header))
	for _, r := range reports {
		numbers := []int{r.Listed, r.Opened, r.Fetched}
		for _, o := range outcomes {
			numbers = append(numbers, r.Outcomes[o])
		}
		row := table.Row{r.Source}
		for i, n := range numbers {
			row = append(row, n)
			total[i+1] += n
		}
		t.AppendRow(row)
	}
	footer := table.Row{"all"}
	for _, n := range total[1:] {
		footer = append(footer, n)
	}
	t.AppendFooter(footer)
	t.Render()
}

// printReasons says of every address that failed, was blocked or quarantined in
// these runs why, and what discovery could not read.
func printReasons(ctx context.Context, w io.Writer, p *parts, reports []pipeline.Report) error {
	for _, r := range reports {
		for _, s := range r.Steps {
			if s.Error != "" {
				fmt.Fprintf(w, "  discovery of %s: %s: %s\n", r.Source, s.Kind, s.Error)
			}
		}
		if g := r.Gap; g != nil {
			fmt.Fprintf(w, "  %s: its lists no longer show what they listed from %s to %s; attache backfill may find it\n", r.Source, g.From.UTC().Format(time.RFC3339), g.To.UTC().Format(time.RFC3339))
		}
		if r.Held > 0 {
			fmt.Fprintf(w, "  %s: %d withdrawals are held because too many articles are gone at once; look at the site, then: attache crawl --withdraw --source %s\n", r.Source, r.Held, r.Source)
		}
		if r.Note != "" {
			fmt.Fprintf(w, "  %s: %s\n", r.Source, r.Note)
		}
		if r.Outcomes[article.Failed]+r.Outcomes[article.Blocked]+r.Outcomes[article.Quarantined] == 0 {
			continue
		}
		started, _, err := p.store.LastRun(ctx, r.Source)
		if err != nil {
			return err
		}
		ended, err := p.store.Reasons(ctx, r.Source, started, 5)
		if err != nil {
			return err
		}
		for _, e := range ended {
			fmt.Fprintf(w, "  %s in %s: %s\n", e.Outcome, r.Source, e.Reason)
			if !strings.Contains(e.Reason, e.URL) {
				fmt.Fprintf(w, "    %s\n", e.URL)
			}
		}
	}
	return nil
}

const width = 92

// printRecord shows a record to a person. Text stands on lines of its own, each
// isolated by its direction (Unicode UAX #9), so that Arabic reads from the right
// wherever the terminal knows how.
func printRecord(w io.Writer, r *article.Record) {
	row := func(label, value string) {
		if value != "" {
			fmt.Fprintf(w, "  %-12s %s\n", label, value)
		}
	}
	block := func(label, value string, lines int) {
		if value == "" {
			return
		}
		fmt.Fprintf(w, "  %s\n", label)
		all := strings.Split(text.WrapSoft(value, width-4), "\n")
		for i, l := range all {
			if i == lines {
				fmt.Fprintf(w, "    … %d more lines\n", len(all)-lines)
				break
			}
			fmt.Fprintln(w, strings.TrimRight("    "+isolate(strings.TrimSpace(l)), " "))
		}
	}
	row("article_id", r.ArticleID)
	row("url", r.URL)
	row("published", shown(r))
	row("authors", isolate(strings.Join(r.Authors, ", ")))
	row("section", isolate(deref(r.Section)))
	row("tags", isolate(strings.Join(r.Tags, ", ")))
	row("countries", strings.Join(r.Countries, " "))
	row("acts", strings.Join(r.Acts, " "))
	row("topic", fmt.Sprintf("%.2f", r.Topic.Score))
	if a := r.Attribution; a != nil {
		row("attribution", isolate(a.Text))
	}
	block("title", r.Title, 3)
	block("lede", deref(r.Lede), 4)
	block("body_text", r.BodyText, 14)
	for _, img := range r.Images {
		row("image", img.URL)
		row("", isolate(deref(img.Caption)))
	}
	for _, n := range r.Quality {
		row("doubt", n.Field+": "+n.Note)
	}
}

// shown is the published time in the zone it was given in.
func shown(r *article.Record) string {
	if r.PublishedAt == nil {
		return ""
	}
	layout := "2006-01-02 15:04:05 -07:00"
	if deref(r.PublishedPrecision) == "day" {
		layout = time.DateOnly
	}
	return fmt.Sprintf("%s   from %q", local(&r.Content).Format(layout), deref(r.PublishedRaw))
}

// isolate wraps text that reads from right to left in RLI … PDI.
func isolate(text string) string {
	for _, c := range text {
		switch p, _ := bidi.LookupRune(c); p.Class() {
		case bidi.R, bidi.AL:
			return "\u2067" + text + "\u2069"
		case bidi.L:
			return text
		}
	}
	return text
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
