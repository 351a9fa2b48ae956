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

	"github.com/jedib0t/go-pretty/v6/table"

	"attache/config"
	"attache/internal/article"
	"attache/internal/topic"
	"attache/parse"
	"attache/seeds"
)

// parseCmd shows what one page gives. It keeps nothing.
type parseCmd struct {
	settings
	Page   string `arg:"" placeholder:"FILE|URL" help:"A saved page, or the address of a live one."`
	Source string `placeholder:"ID" help:"Read by this source's rules; else found by the address."`
	URL    string `placeholder:"URL" help:"The address a saved page came from; else its canonical link."`
	JSON   bool   `name:"json" help:"Print the record as JSON."`
}

func (c *parseCmd) Run(ctx context.Context) error {
	settings, err := c.load()
	if err != nil {
		return err
	}
	sources, err := seeds.Load(settings.Sources.Dir)
	if err != nil {
		return err
	}
	page, err := c.page(ctx, settings, sources)
	if err != nil {
		return err
	}
	src, err := c.source(sources, page)
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
	decision := decider.Decide(topic.Text{Title: reading.Title, Lede: deref(reading.Lede), Body: reading.BodyText, Language: reading.Language})
	record := article.Record{
		ChangeType: article.Added, ChangeReason: article.FromPublisher,
		URL: page.URL, CanonicalURL: reading.Canonical, Content: reading.Content, FetchedAt: page.FetchedAt, FirstSeenAt: page.FetchedAt,
		Countries: decision.Countries, Acts: decision.Acts, Topic: article.Topic{Score: decision.Score, Signals: decision.Signals},
		SameStory: []string{}, BodySHA256: article.SHA256(reading.BodyText), SchemaVersion: article.SchemaVersion,
	}
	if src != nil {
		record.Source = src.ID
		record.ArticleID, _ = src.Identify(reading.Canonical)
	}
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

// page reads the file, or fetches the address by all the rules of politeness.
func (c *parseCmd) page(ctx context.Context, settings config.Config, sources []*seeds.Source) (parse.Page, error) {
	if !strings.HasPrefix(c.Page, "https://") && !strings.HasPrefix(c.Page, "http://") {
		body, err := readFile(c.Page, int64(settings.Crawl.MaxPage))
		return parse.Page{URL: c.URL, Body: body, FetchedAt: time.Now().UTC()}, err
	}
	transport, err := newTransport(settings)
	if err != nil {
		return parse.Page{}, err
	}
	defer transport.Close()
	src, err := c.source(sources, parse.Page{URL: c.Page})
	if err != nil {
		return parse.Page{}, err
	}
	if src == nil {
		src = &seeds.Source{ID: "page", Language: "*", Pace: seeds.Pace{Delay: seeds.Span(time.Second)}}
	}
	fetched, err := transport.New(ctx, src).Fetch(c.Page)
	return parse.Page{URL: fetched.URL, ContentType: fetched.ContentType, Body: fetched.Body, FetchedAt: fetched.FetchedAt}, err
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

// source finds whose page it is: as told, else by the address, else by what the
// page calls itself; nil when nobody knows it.
func (c *parseCmd) source(sources []*seeds.Source, page parse.Page) (*seeds.Source, error) {
	if c.Source != "" {
		picked, err := pick(sources, []string{c.Source})
		if err != nil {
			return nil, err
		}
		return picked[0], nil
	}
	for _, address := range []string{page.URL, parse.Canonical(page)} {
		if i := slices.IndexFunc(sources, func(s *seeds.Source) bool { _, ok := s.Identify(address); return ok }); i >= 0 {
			return sources[i], nil
		}
	}
	if u, err := url.Parse(page.URL); err == nil && u.Host != "" {
		if i := slices.IndexFunc(sources, func(s *seeds.Source) bool { return strings.Contains(s.Home, "//"+u.Host+"/") }); i >= 0 {
			return sources[i], nil
		}
	}
	return nil, nil
}
