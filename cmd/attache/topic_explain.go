package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"attache/internal/article"
	"attache/internal/pipeline"
	"attache/internal/terminal"
	"attache/internal/topic"
	"attache/parse"
)

// topicExplainCmd shows why a page is kept or not. It keeps nothing.
type topicExplainCmd struct {
	settings
	Page   string `arg:"" placeholder:"FILE|URL" help:"A saved page, or the address of a live one."`
	Source string `placeholder:"ID" help:"Read by this source's rules; else found by the address."`
	URL    string `placeholder:"URL" help:"The address a saved page came from; else its canonical link."`
	JSON   bool   `name:"json" help:"Print JSON."`
}

func (c *topicExplainCmd) Run(ctx context.Context) error {
	settings, sources, err := c.loadSources()
	if err != nil {
		return err
	}
	decider, err := c.decider()
	if err != nil {
		return err
	}
	page, src, err := (&parseCmd{settings: c.settings, Page: c.Page, Source: c.Source, URL: c.URL}).page(ctx, settings, sources)
	if err != nil {
		return err
	}
	reading, err := parse.Read(src, page)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Page, err)
	}
	if src != nil {
		decider = decider.At(src.Threshold)
	}
	explained := decider.Explain(pipeline.Text(reading))
	if c.JSON {
		return explainJSON(os.Stdout, &explained)
	}
	explain(os.Stdout, &explained, terminal.Coloured(os.Stdout))
	return nil
}

func explainJSON(w io.Writer, x *topic.Explanation) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Score     float64          `json:"score"`
		Threshold float64          `json:"threshold"`
		Match     bool             `json:"match"`
		Acts      []string         `json:"acts"`
		Countries []string         `json:"countries"`
		Signals   []article.Signal `json:"signals"`
		Title     string           `json:"title"`
		Lede      string           `json:"lede"`
		Body      string           `json:"body"`
		Terms     []topic.Term     `json:"terms"`
		Bias      float64          `json:"bias"`
		Parts     []topic.Part     `json:"parts"`
		Changes   []topic.Change   `json:"changes"`
	}{
		x.Score, x.Threshold, x.Match, x.Acts, x.Countries, x.Signals, x.Title, x.Lede, x.Body, x.Terms, x.Bias, x.Parts, x.Changes,
	})
}

var kindColours = map[string]text.Color{
	"defence": text.FgBlue, "act": text.FgGreen, "country": text.FgYellow, "against": text.FgRed,
}

// explain shows the page with its terms marked, what the score adds up from, and
// what would flip the decision. Without colours a term is [its words: its kind].
func explain(w io.Writer, x *topic.Explanation, colour bool) {
	for _, p := range []struct{ name, text string }{{"title", x.Title}, {"lede", x.Lede}, {"body", x.Body}} {
		if p.text != "" {
			fmt.Fprintf(w, "%s\n\n", strings.TrimSpace(marked(p.text, p.name, x.Terms, colour)))
		}
	}
	verdict := "not kept: it is not about defence diplomacy"
	if x.Match {
		verdict = "kept: it is about defence diplomacy"
	}
	fmt.Fprintf(w, "%s (score %.3f, threshold %.2f)\n", verdict, x.Score, x.Threshold)
	fmt.Fprintf(w, "countries: %s\nacts: %s\n\n", orNone(x.Countries), orNone(x.Acts))
	if len(x.Parts) == 0 {
		fmt.Fprintln(w, "nowhere do a defence term, an act and two parties come together, so that nothing else counts")
	} else {
		for _, p := range x.Parts {
			if p.Value != 0 {
				fmt.Fprintf(w, "%+6.2f  %s (%.2f × %.2f)\n", p.Value*p.Weight, p.Name, p.Value, p.Weight)
			}
		}
		fmt.Fprintf(w, "%+6.2f  to begin with; above 0 it is kept at a threshold of 0.50\n", x.Bias)
	}
	ways := []string{}
	if x.Score > 0 {
		ways = append(ways, fmt.Sprintf("with a threshold %s %.3f", map[bool]string{true: "above", false: "of"}[x.Match], x.Score))
	}
	for _, c := range x.Changes {
		what := c.What
		if !strings.HasPrefix(what, "without") {
			what = "with " + what
		}
		if len(c.Texts) > 0 {
			what += " " + quoted(c.Texts)
		}
		ways = append(ways, fmt.Sprintf("%s (score %.3f)", what, c.Score))
	}
	if len(ways) > 0 {
		fmt.Fprintf(w, "\nIt would be the other way\n  %s\n", strings.Join(ways, ", or\n  "))
	}
}

// marked shows a text with its terms marked. Where terms overlap, the first counts.
func marked(body, place string, terms []topic.Term, colour bool) string {
	var b strings.Builder
	at := 0
	for i := range terms {
		t := terms[i]
		if t.Place != place || t.Start < at {
			continue
		}
		names := []string{}
		for _, u := range terms[i:] {
			if u.Place != place || u.Start != t.Start {
				break
			}
			name := u.Kind
			if u.Label != "" {
				name += " " + u.Label
			}
			t.End, names = max(t.End, u.End), append(names, name)
		}
		b.WriteString(body[at:t.Start])
		if colour {
			b.WriteString(kindColours[t.Kind].EscapeSeq() + body[t.Start:t.End] + text.Reset.EscapeSeq())
		} else {
			fmt.Fprintf(&b, "[%s: %s]", body[t.Start:t.End], strings.Join(names, ", "))
		}
		at = t.End
	}
	return b.String() + body[at:]
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

func quoted(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = "“" + s + "”"
	}
	return strings.Join(out, ", ")
}
