package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"attache/internal/article"
	"attache/internal/pipeline"
	"attache/sinks"
)

// demoCmd is the whole of attache once, on this machine alone.
type demoCmd struct {
	Data string `type:"path" default:"attache-demo" placeholder:"DIR" help:"Folder where everything is kept (${default})."`
	JSON bool   `name:"json" help:"End with one JSON object instead of the table."`
	telling
}

func (c *demoCmd) Run(ctx context.Context) (err error) {
	began := time.Now()
	say := io.Writer(os.Stderr)
	if c.JSON || c.Quiet {
		say = io.Discard
	}
	room, settings, err := openRoom(c.Data) //nolint:contextcheck // opening a local port does not wait
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, room.Close()) }()
	settings.Log.Level = "error" // the planted faults are reported below, not logged
	fmt.Fprintf(say, "Simulated publishers: %d host names on %s, each under its own name and https.\n", len(room.Hosts()), room.Addr())
	fmt.Fprintf(say, "The demo's configuration lowers the pace to one request each %s a host; real sources wait seconds.\n", settings.Crawl.Pace.Delay)

	p, err := assemble(ctx, settings, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close.all()) }()
	fmt.Fprintf(say, "Embedded S3: objects are files under %s\n\n", objects(settings))

	reports, err := p.runAll(ctx, p.sources, p.screen.Progress(!c.JSON && !c.Quiet))
	if err != nil {
		return err
	}
	drop, err := sealDemo(ctx, p)
	if err != nil {
		return err
	}
	if c.JSON {
		return printDemoJSON(ctx, os.Stdout, p, reports, drop)
	}
	fmt.Fprintln(say)
	return printDemo(ctx, os.Stdout, p, reports, drop, time.Since(began))
}

// demoDrop is the day the demo has sealed, now or in an earlier run.
type demoDrop struct {
	Date string `json:"date"`
	Rows int64  `json:"rows"`
	rev  int
	now  bool
}

// sealDemo seals the open day at once instead of waiting for its midnight. With
// nothing new it seals nothing and gives the last drop.
func sealDemo(ctx context.Context, p *parts) (demoDrop, error) {
	open, err := p.store.OpenDate(ctx)
	if err != nil {
		return demoDrop{}, err
	}
	day, err := time.Parse(time.DateOnly, open)
	if err != nil {
		return demoDrop{}, err
	}
	next := open
	if counts, err := p.store.RowsBySource(ctx, open); err != nil {
		return demoDrop{}, err
	} else if len(counts) > 0 {
		next = day.AddDate(0, 0, 1).Format(time.DateOnly)
	}
	sealed, err := p.pipeline.Seal(ctx, next)
	if err != nil {
		return demoDrop{}, err
	}
	if n := len(sealed); n > 0 {
		return demoDrop{sealed[n-1].DropDate, sealed[n-1].Rows, sealed[n-1].Rev, true}, nil
	}
	latest, err := sinks.ReadLatest(ctx, p.bucket)
	if errors.Is(err, sinks.ErrNotFound) {
		err = nil
	}
	return demoDrop{latest.DropDate, latest.Rows, latest.Rev, false}, err
}

// demoed is what the demo ends with.
type demoed struct {
	Sources map[string]map[string]int `json:"sources"` // listed, new, fetched, and each outcome
	Records int64                     `json:"records"` // that stand in the store
	Drop    demoDrop                  `json:"drop"`
	Path    string                    `json:"path"` // folder of the objects
}

func printDemoJSON(ctx context.Context, w io.Writer, p *parts, reports []pipeline.Report, drop demoDrop) error {
	records, err := p.store.Count(ctx)
	if err != nil {
		return err
	}
	sources := map[string]map[string]int{}
	for _, r := range reports {
		counts := map[string]int{"listed": r.Listed, "new": r.Opened, "fetched": r.Fetched}
		for _, o := range article.Outcomes {
			counts[string(o)] = r.Outcomes[o]
		}
		sources[r.Source] = counts
	}
	return json.NewEncoder(w).Encode(demoed{sources, records, drop, objects(p.config)})
}

func printDemo(ctx context.Context, w io.Writer, p *parts, reports []pipeline.Report, drop demoDrop, took time.Duration) error {
	printReports(w, reports)
	if err := printReasons(ctx, w, p, reports); err != nil {
		return err
	}
	for _, language := range []string{"en", "ar"} {
		sample, err := p.store.Sample(ctx, language)
		if err != nil || sample == nil {
			return err
		}
		var r article.Record
		if err := json.Unmarshal(sample, &r); err != nil {
			return err
		}
		fmt.Fprintf(w, "\nA record (%s):\n\n", language)
		printRecord(w, &r)
	}
	records, err := p.store.Count(ctx)
	if err != nil {
		return err
	}
	stored := 0
	for _, r := range reports {
		stored += r.Outcomes[article.Stored]
	}
	fmt.Fprintln(w)
	if stored == 0 {
		fmt.Fprintf(w, "Nothing new: every address was known from an earlier demo, and nothing was stored twice. %d records stand.\n", records)
	} else {
		fmt.Fprintf(w, "%d records stored and landed.\n", stored)
	}
	what := "Drop %s was sealed before with %d rows.\n"
	if drop.now {
		what = "Drop %s sealed with %d rows, and read back from S3.\n"
	}
	fmt.Fprintf(w, what, drop.Date, drop.Rows)
	report := filepath.Join(objects(p.config), filepath.FromSlash(sinks.QualityKey(drop.Date, drop.rev, sinks.FormatHTML)))
	fmt.Fprintf(w, "Objects: %s\nReport:  %s\nCheck:   %s drop verify --data %s\nTook %.1f s.\n", objects(p.config), report, self(), p.config.Data, took.Seconds())
	return nil
}

// self is how the user started this program.
func self() string {
	if path, err := os.Executable(); err == nil && !strings.Contains(path, "go-build") {
		return os.Args[0]
	}
	return "go run ./cmd/attache"
}
