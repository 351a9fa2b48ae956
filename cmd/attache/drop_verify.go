package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"attache/internal/terminal"
	"attache/sinks"
)

type dropVerifyCmd struct {
	settings
	telling
	What []string `arg:"" optional:"" name:"where|day" help:"A bucket (s3://name/prefix) or a folder with a copy of one, else the configured one; and days such as 2026-11-21, else the newest."`
	All  bool     `help:"Every drop, and what must hold across them."`
	JSON bool     `name:"json" help:"Print JSON."`
}

// Run needs the objects only, so it works beside a running daemon and where none is.
func (c *dropVerifyCmd) Run(ctx context.Context) (err error) {
	where, days, err := c.parse()
	if err != nil {
		return err
	}
	objects, done, err := c.objects(ctx, where)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	if len(days) == 0 && !c.All {
		newest, err := newestDay(ctx, objects)
		if err != nil {
			return err
		}
		days = []string{newest}
	}
	audit, err := c.verify(ctx, objects, days)
	if errors.Is(err, sinks.ErrNotFound) && len(days) == 0 {
		return errNoDrop
	}
	if errors.Is(err, sinks.ErrNotFound) {
		return fmt.Errorf("%w; attache drop list shows the days that are", err)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(os.Stdout).Encode(audit)
	} else {
		for _, f := range audit.Findings {
			fmt.Println(" ", f)
		}
		for _, note := range audit.Notes {
			fmt.Println("  note ", note)
		}
		advise(where, audit)
	}
	if !audit.OK {
		err = errors.Join(err, errReported)
	}
	return err
}

// verify tells of each drop as soon as it is done.
func (c *dropVerifyCmd) verify(ctx context.Context, objects sinks.Objects, days []string) (sinks.Audit, error) {
	of := len(days)
	if c.All {
		sealed, err := sinks.Sealed(ctx, objects)
		if err != nil {
			return sinks.Audit{}, err
		}
		of = len(sealed)
	}
	screen := terminal.NewScreen(os.Stderr)
	progress := screen.Progress(!c.JSON && !c.Quiet)
	defer progress.Close()
	out, drops, rows := screen.Through(os.Stdout), 0, 0
	tell := func() {
		progress.At("verify", terminal.Step{
			Text: fmt.Sprintf("%d of %s", drops, counted(of, "drop")),
			Done: float64(drops), Of: float64(of), Count: rows, Unit: "rows",
		})
	}
	tell()
	return sinks.VerifyAll(ctx, objects, days, func(r sinks.Report) {
		drops, rows = drops+1, rows+int(r.Rows)
		if !c.JSON {
			printVerified(out, r)
		}
		tell()
	})
}

// advise says how much there is, and what can be done about it.
func advise(where string, audit sinks.Audit) {
	all := audit.All()
	if len(all) == 0 {
		return
	}
	mends := slices.ContainsFunc(all, func(f sinks.Finding) bool {
		return f.Drop != "" && f.Kind.Mends() && !strings.HasPrefix(f.Key, "v1/raw/")
	})
	switch {
	case mends && where == "":
		fmt.Printf("%s; attache drop repair DAY mends what is damaged\n", counted(len(all), "finding"))
	case mends:
		fmt.Printf("%s; copy what is damaged again, or have it mended where it was sealed, by attache drop repair DAY\n", counted(len(all), "finding"))
	default:
		fmt.Println(counted(len(all), "finding"))
	}
}

// printVerified writes what was found in a drop at once.
func printVerified(w io.Writer, r sinks.Report) {
	verdict := "ok"
	if !r.OK {
		verdict = "DAMAGED"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s r%d: %s, %s, %s of %d bytes read\n", r.Date, r.Rev, verdict, counted(int(r.Rows), "row"), counted(r.Objects, "object"), r.Bytes)
	for _, f := range r.Findings {
		fmt.Fprintln(&b, " ", f)
	}
	_, _ = io.WriteString(w, b.String()) // a closed pipe: there is nobody to tell
}

// parse tells places from days.
func (c *dropVerifyCmd) parse() (where string, days []string, err error) {
	for _, arg := range c.What {
		if _, err := time.Parse(time.DateOnly, arg); err == nil {
			days = append(days, arg)
			continue
		}
		if where != "" {
			return "", nil, fmt.Errorf("%q and %q: name one bucket or folder, and days as 2026-11-21", where, arg)
		}
		where = arg
	}
	if c.All && len(days) > 0 {
		return "", nil, errors.New("--all is every day; name days or --all")
	}
	return where, days, nil
}

// objects opens what is to be verified.
func (c *dropVerifyCmd) objects(ctx context.Context, where string) (sinks.Objects, func() error, error) {
	switch {
	case where == "":
		return c.bucket(ctx)
	case strings.HasPrefix(where, "s3://"):
		b, err := c.elsewhere(ctx, where)
		return b, func() error { return nil }, err
	default:
		d, err := sinks.OpenDir(where)
		if err != nil {
			return nil, nil, missing(err, "a folder with a copy of a bucket, a bucket as s3://name, or a day as 2026-11-21")
		}
		return d, d.Close, nil
	}
}

// elsewhere opens a bucket by its address, by the service and manners of the
// configuration.
func (c *dropVerifyCmd) elsewhere(ctx context.Context, where string) (*sinks.Bucket, error) {
	settings, err := c.load()
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(where)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("%q is no bucket; write s3://name or s3://name/prefix", where)
	}
	s := settings.S3
	return sinks.Open(ctx, sinks.Settings{Bucket: u.Host, Prefix: strings.TrimPrefix(u.Path, "/"), Region: s.Region, Endpoint: s.Endpoint, PathStyle: s.PathStyle, Checksum: s.Checksum, Copies: copies(settings)})
}

// newestDay is the newest day that is sealed, whatever the pointer says.
func newestDay(ctx context.Context, o sinks.Objects) (string, error) {
	dates, err := sinks.Sealed(ctx, o)
	if err != nil {
		return "", err
	}
	if len(dates) == 0 {
		return "", errNoDrop
	}
	return dates[len(dates)-1], nil
}
