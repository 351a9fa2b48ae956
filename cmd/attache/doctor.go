package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"attache/config"
	"attache/internal/doctor"
	"attache/internal/store"
	"attache/internal/terminal"
	"attache/internal/topic"
	"attache/seeds"
)

// doctorCmd looks at everything an attache needs.
type doctorCmd struct {
	settings
	JSON bool `name:"json" help:"Print JSON."`
}

// Run works beside a running daemon. It ends with status 1 when something fails.
func (c *doctorCmd) Run(ctx context.Context) error {
	settings, err := c.load()
	findings := []doctor.Finding{doctor.Config(c.ConfigFile, settings.Crawl.Contact, err)}
	if err == nil {
		findings = append(findings, examine(ctx, settings, time.Now())...)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	err = nil
	if c.JSON {
		e := json.NewEncoder(os.Stdout)
		e.SetEscapeHTML(false)
		err = e.Encode(findings)
	} else {
		printFindings(os.Stdout, findings, terminal.Coloured(os.Stdout))
	}
	if doctor.Failed(findings) {
		err = errors.Join(err, errReported)
	}
	return err
}

func examine(ctx context.Context, c config.Config, now time.Time) []doctor.Finding {
	sources, err := chosen(c)
	_, lexicons := topic.New(topic.Options{Threshold: c.Topic.Threshold, Dir: c.Topic.Lexicons})
	_, authorities := roots(c.Network.CAFile)
	held, lock := store.Held(c.StoreFile())
	findings := []doctor.Finding{doctor.Loaded(len(sources), errors.Join(err, lexicons, authorities)), doctor.Running(held)}
	if lock != nil {
		findings = append(findings, doctor.Unopened(lock))
	}
	findings = append(findings, doctor.Disk(c.Data, int64(c.Disk.Warn), int64(c.Disk.Stop)))
	findings = append(findings, examineBucket(ctx, c, held)...)
	findings = append(findings,
		doctor.Waiting("spool", c.SpoolDir(), ".jsonl.gz", now),
		doctor.Waiting("captures", c.CaptureDir(), ".warc.gz", now))
	return append(findings, examineStore(ctx, c, sources, now, held)...)
}

func examineBucket(ctx context.Context, c config.Config, held bool) []doctor.Finding {
	if _, err := os.Stat(c.S3Dir()); c.S3.Embedded() && (held || err != nil) {
		return []doctor.Finding{doctor.Unasked(held, objects(c))}
	}
	var closing closers
	bucket, _, err := openBucket(ctx, c, &closing, nil)
	if err != nil {
		return []doctor.Finding{doctor.NoBucket(errors.Join(err, closing.all()))}
	}
	findings := doctor.Bucket(ctx, bucket)
	if err := closing.all(); err != nil {
		findings = append(findings, doctor.NoBucket(err))
	}
	return findings
}

func examineStore(ctx context.Context, c config.Config, sources []*seeds.Source, now time.Time, held bool) []doctor.Finding {
	s, err := store.View(c.StoreFile())
	if err != nil {
		return []doctor.Finding{doctor.Unopened(err)}
	}
	defer func() { _ = s.Close() }() // it was only read
	working, paused := doctor.Working(ctx, s, sources)
	at := time.Duration(c.Seal.At.Hour)*time.Hour + time.Duration(c.Seal.At.Minute)*time.Minute
	return []doctor.Finding{
		doctor.Sound(ctx, s),
		doctor.Ledger(ctx, s, now, c.Location()),
		doctor.Landing(ctx, s, now),
		doctor.Drops(ctx, s, now, c.Location(), at),
		paused,
		doctor.Runs(ctx, s, working, now, held),
		doctor.Quarantine(ctx, s),
		doctor.Takedowns(ctx, s),
		doctor.Drift(ctx, s, working, now),
	}
}

func printFindings(w io.Writer, findings []doctor.Finding, colour bool) {
	paint := map[doctor.Status]text.Color{doctor.OK: text.FgGreen, doctor.Warn: text.FgYellow, doctor.Fail: text.FgRed}
	for _, f := range findings {
		status := fmt.Sprintf("%-4s", f.Status)
		if colour {
			status = paint[f.Status].EscapeSeq() + status + text.Reset.EscapeSeq()
		}
		fmt.Fprintf(w, "%s  %-10s  %s\n", status, f.Check, f.Found)
		if f.Do != "" {
			fmt.Fprintf(w, "%18s→ %s\n", "", f.Do)
		}
	}
}
