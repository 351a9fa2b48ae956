package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"attache/crawlers"
	"attache/internal/article"
	"attache/internal/inspect"
	"attache/seeds"
)

// sourcesCheckCmd is the first thing to run on a machine with the network.
type sourcesCheckCmd struct {
	settings
	ID       []string `arg:"" optional:"" help:"Only these sources."`
	Save     string   `type:"path" placeholder:"DIR" help:"Keep every page there, to mend rules by and to make fixtures from."`
	Articles int      `default:"3" help:"How many articles of each source to read (${default})."`
	JSON     bool     `name:"json" help:"Print JSON."`
}

// Run looks at each source politely and ends with status 1 when one needs hands.
func (c *sourcesCheckCmd) Run(ctx context.Context) (err error) {
	settings, err := c.load()
	if err != nil {
		return err
	}
	settings.Sources.Only = c.ID
	sources, err := chosen(settings)
	if err != nil {
		return err
	}
	transport, done, err := newTransport(settings)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()

	reports := make([]inspect.Report, len(sources))
	saveErrs := make([]error, len(sources))
	places := make(chan struct{}, settings.Crawl.Sources)
	var wg sync.WaitGroup
	for i, src := range sources {
		wg.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			album := &album{dir: c.Save, source: src.ID}
			reports[i] = inspect.Look(ctx, transport, src, c.Articles, album.keep)
			saveErrs[i] = album.err
			fmt.Fprintf(os.Stderr, "  %-15s %s\n", src.ID, counted(len(reports[i].Problems), "problem"))
		})
	}
	wg.Wait()
	if err := errors.Join(saveErrs...); err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(os.Stdout).Encode(reports)
	} else {
		for i, r := range reports {
			printInspection(os.Stdout, sources[i], r)
		}
	}
	if slices.ContainsFunc(reports, func(r inspect.Report) bool { return len(r.Problems) > 0 }) {
		err = errors.Join(err, errReported)
	}
	return err
}

// album keeps the pages of one source as files named for their addresses.
type album struct {
	dir, source string
	err         error
}

var unsafe = regexp.MustCompile(`[^a-zA-Z0-9._-]+`)

func (a *album) keep(p crawlers.Page) {
	if a.dir == "" || a.err != nil {
		return
	}
	u, err := url.Parse(p.URL)
	if err != nil {
		return
	}
	name := strings.Trim(unsafe.ReplaceAllString(u.Host+u.RequestURI(), "_"), "_")
	name = name[max(0, len(name)-150):] // the end of an address tells pages apart
	if filepath.Ext(name) == "" {
		name += ".html"
	}
	dir := filepath.Join(a.dir, a.source)
	if a.err = os.MkdirAll(dir, 0o755); a.err == nil {
		a.err = os.WriteFile(filepath.Join(dir, name), p.Body, 0o644)
	}
}

func printInspection(w io.Writer, src *seeds.Source, r inspect.Report) {
	fmt.Fprintf(w, "\n%s  %s  (%s)\n", r.Source, isolate(src.Name), r.Evidence)
	for _, s := range r.Steps {
		fmt.Fprintf(w, "  %-13s %4d listed  %s\n", s.Kind, s.Listed, s.Address)
	}
	for _, f := range r.Fields {
		for i, by := range slices.Sorted(maps.Keys(f.By)) {
			name := f.Name
			if i > 0 {
				name = ""
			}
			fmt.Fprintf(w, "  %-13s %4d %-6s  %s\n", name, f.By[by], noun(f.By[by], "page"), by)
		}
		if f.Missing > 0 {
			fmt.Fprintf(w, "  %-13s %4d %-6s  without\n", f.Name, f.Missing, noun(f.Missing, "page"))
		}
	}
	for _, a := range r.Articles {
		if a.Error == "" {
			by := ""
			if a.Kind == article.ByFallback {
				by = ", by the fallback reader"
			}
			fmt.Fprintf(w, "  read %d characters%s: %s\n", a.Runes, by, isolate(a.Title))
		}
	}
	for _, p := range r.Problems {
		fmt.Fprintf(w, "  ✗ %s\n", p)
	}
	if len(r.Problems) == 0 {
		fmt.Fprintln(w, "  ✓ fits")
	}
}
