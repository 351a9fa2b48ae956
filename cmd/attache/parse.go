package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"attache/config"
	"attache/crawlers"
	"attache/crawlers/transport"
	"attache/internal/pipeline"
	"attache/internal/topic"
	"attache/parse"
	"attache/seeds"
)

// parseCmd shows what one page gives, or reads many. It keeps nothing.
type parseCmd struct {
	settings
	Page   string `arg:"" optional:"" placeholder:"FILE|URL" help:"A saved page, or the address of a live one."`
	Source string `placeholder:"ID" help:"Read by this source's rules; else found by the address."`
	URL    string `placeholder:"URL" help:"The address a saved page came from; else its canonical link."`
	Batch  bool   `help:"Read JSON lines {id, url, html_path, source} from standard input, answer each with one line."`
	JSON   bool   `name:"json" help:"Print the record as JSON."`
}

func (c *parseCmd) Run(ctx context.Context) error {
	settings, sources, err := c.loadSources()
	if err != nil {
		return err
	}
	if c.Batch {
		return c.batch(ctx, sources, int64(settings.Crawl.MaxPage), os.Stdin, os.Stdout)
	}
	if c.Page == "" {
		return errors.New("name a page: a file, or an address beginning with https://")
	}
	page, src, err := c.page(ctx, settings, sources)
	if err != nil {
		return err
	}
	reading, err := parse.Read(src, page)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Page, err)
	}
	decider, err := topic.New(topic.Options{Threshold: settings.Topic.Threshold, Dir: settings.Topic.Lexicons})
	if err != nil {
		return err
	}
	decision := pipeline.Decide(decider, src, reading)
	record := pipeline.Record(src, page.URL, reading, decision)
	record.FirstSeenAt, record.FetchedAt = page.FetchedAt, page.FetchedAt
	if c.JSON {
		e := json.NewEncoder(os.Stdout)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(record)
	}
	printRecord(os.Stdout, &record)
	fmt.Println()
	t := newTable(os.Stdout)
	t.AppendHeader(table.Row{"field", "answered by"})
	for _, a := range reading.Extractor.Fields {
		t.AppendRow(table.Row{a.Field, a.By})
	}
	t.Render()
	fmt.Println("read by:", reading.Extractor.Kind)
	if decision.Match {
		fmt.Println("kept: it is about defence diplomacy")
	} else {
		fmt.Println("not kept: it is not about defence diplomacy")
	}
	if reading.Broken != "" {
		fmt.Println("quarantined:", reading.Broken)
	}
	return nil
}

// page reads the file, or fetches the address by all the rules of politeness,
// and finds whose page it is.
func (c *parseCmd) page(ctx context.Context, settings config.Config, sources []*seeds.Source) (_ parse.Page, _ *seeds.Source, err error) {
	if !strings.HasPrefix(c.Page, "https://") && !strings.HasPrefix(c.Page, "http://") {
		body, err := readPage(c.Page, int64(settings.Crawl.MaxPage))
		if err != nil {
			return parse.Page{}, nil, missing(err, "a saved page, or an address beginning with https://")
		}
		page := parse.Page{URL: c.URL, Body: body, FetchedAt: time.Now().UTC()}
		if page.URL == "" {
			page.URL = parse.Canonical(page)
		}
		src, err := sourceOf(sources, c.Source, page.URL)
		return page, src, err
	}
	src, err := sourceOf(sources, c.Source, c.Page)
	if err != nil {
		return parse.Page{}, nil, err
	}
	polite, done, err := newTransport(settings)
	if err != nil {
		return parse.Page{}, nil, err
	}
	defer func() { err = errors.Join(err, done()) }()
	visitor := src
	if visitor == nil {
		visitor = &seeds.Source{ID: "page", Language: "*", Pace: seeds.Pace{Delay: seeds.Span(time.Second)}}
	}
	fetched, err := crawlers.New(ctx, polite, visitor).Fetch(c.Page, transport.Validators{})
	return parse.Page{URL: fetched.URL, ContentType: fetched.ContentType, Body: fetched.Body, FetchedAt: fetched.FetchedAt}, src, err
}

func readFile(name string, limit int64) (body []byte, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if body, err = io.ReadAll(io.LimitReader(f, limit+1)); err == nil && int64(len(body)) > limit {
		err = fmt.Errorf("%s is larger than crawl.max_page", name)
	}
	return body, err
}

// sourceOf finds whose page it is: as told, else by the address, else by its
// host; nil when nobody knows it.
func sourceOf(sources []*seeds.Source, id, address string) (*seeds.Source, error) {
	if id != "" {
		picked, err := pick(sources, []string{id})
		if err != nil {
			return nil, err
		}
		return picked[0], nil
	}
	for _, s := range sources {
		if _, ok := s.Identify(address); ok {
			return s, nil
		}
	}
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		for _, s := range sources {
			if home, err := url.Parse(s.Home); err == nil && home.Host == u.Host {
				return s, nil
			}
		}
	}
	return nil, nil // nobody's page is read by the fallback
}
