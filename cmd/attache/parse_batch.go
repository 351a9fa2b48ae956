package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"attache/internal/article"
	"attache/parse"
	"attache/seeds"
)

// batchQuestion is a saved page to read.
type batchQuestion struct {
	ID       string `json:"id"`
	URL      string `json:"url"`
	HTMLPath string `json:"html_path"`
	Source   string `json:"source"` // else found by the address
}

// batchAnswer is what the page gives; on an error only ID and Error are set.
type batchAnswer struct {
	ID           string               `json:"id"`
	Title        string               `json:"title"`
	Lede         *string              `json:"lede"`
	BodyText     string               `json:"body_text"`
	PublishedAt  *string              `json:"published_at"` // RFC 3339 in the page's own offset; the date alone when the page gives no time of day
	PublishedRaw *string              `json:"published_raw"`
	Authors      []string             `json:"authors"`
	Language     string               `json:"language"`
	Section      *string              `json:"section"`
	Tags         []string             `json:"tags"`
	Images       []article.Image      `json:"images"`
	CanonicalURL string               `json:"canonical_url"`
	Attribution  *article.Attribution `json:"attribution"`
	Extractor    article.Extractor    `json:"extractor"`
	Quality      []article.Note       `json:"quality"`
	Error        *string              `json:"error"`
}

// maxQuestion bounds a line of input, bytes.
const maxQuestion = 1 << 20

// batch answers each line of in with one of out, in order. A page that cannot be
// read costs its own line and nothing else.
func (c *parseCmd) batch(ctx context.Context, sources []*seeds.Source, limit int64, in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), maxQuestion)
	w := bufio.NewWriter(out)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for lines.Scan() && ctx.Err() == nil {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		if err := errors.Join(e.Encode(answer(sources, limit, lines.Bytes())), w.Flush()); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("standard input: %w", err)
	}
	return context.Cause(ctx)
}

func answer(sources []*seeds.Source, limit int64, line []byte) batchAnswer {
	var q batchQuestion
	a := batchAnswer{Authors: []string{}, Tags: []string{}, Images: []article.Image{}, Quality: []article.Note{}}
	a.Extractor.Fields = []article.Answer{}
	fail := func(err error) batchAnswer {
		text := err.Error()
		a.ID, a.Error = q.ID, &text
		return a
	}
	if err := json.Unmarshal(line, &q); err != nil {
		return fail(fmt.Errorf("this line is no question: %w", err))
	}
	body, err := readPage(q.HTMLPath, limit)
	if err != nil {
		return fail(err)
	}
	page := parse.Page{URL: q.URL, Body: body}
	src, err := sourceOf(sources, q.Source, q.URL)
	if err != nil {
		return fail(err)
	}
	r, err := parse.Read(src, page)
	if err != nil {
		return fail(err)
	}
	if r.Broken != "" {
		r.Quality = append(r.Quality, article.Note{Field: "body_text", Note: "quarantined: " + r.Broken})
	}
	return batchAnswer{
		ID: q.ID, Title: r.Title, Lede: r.Lede, BodyText: r.BodyText, PublishedAt: stamp(&r.Content), PublishedRaw: r.PublishedRaw,
		Authors: r.Authors, Language: r.Language, Section: r.Section, Tags: r.Tags, Images: r.Images, CanonicalURL: r.Canonical,
		Attribution: r.Attribution, Extractor: r.Extractor, Quality: r.Quality,
	}
}

// readPage reads a saved page, zipped or not.
func readPage(name string, limit int64) ([]byte, error) {
	body, err := readFile(name, limit)
	if err != nil || !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		return body, err
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if body, err = io.ReadAll(io.LimitReader(z, limit+1)); err == nil && int64(len(body)) > limit {
		err = fmt.Errorf("%s unzips to more than crawl.max_page", name)
	}
	return body, err
}

// stamp is the published time as the page meant it.
func stamp(c *article.Content) *string {
	if c.PublishedAt == nil {
		return nil
	}
	at := local(c)
	if deref(c.PublishedPrecision) == "day" {
		return new(at.Format(time.DateOnly))
	}
	return new(at.Format(time.RFC3339))
}

// local is the published time in the zone it was given in.
func local(c *article.Content) time.Time {
	if offset, err := time.Parse("-07:00", deref(c.PublishedZone)); err == nil {
		return c.PublishedAt.In(offset.Location())
	}
	if zone, err := time.LoadLocation(deref(c.PublishedZone)); err == nil {
		return c.PublishedAt.In(zone)
	}
	return *c.PublishedAt
}
