// Package inspect looks at one live source and says whether its file still fits:
// do its lists list, and which of its rules answer on a few articles of today.
package inspect

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"attache/crawlers"
	"attache/crawlers/transport"
	"attache/internal/article"
	"attache/parse"
	"attache/seeds"
)

// Report is what was found of one source.
type Report struct {
	Source   string    `json:"source"`
	Evidence string    `json:"evidence"`
	Steps    []Step    `json:"steps"`
	Articles []Article `json:"articles"`
	Fields   []Field   `json:"fields"`
	Problems []string  `json:"problems"` // what needs hands
}

// Step is one place where the source lists addresses.
type Step struct {
	Kind    string `json:"kind"`
	Address string `json:"address"`
	Listed  int    `json:"listed"`
	Error   string `json:"error,omitempty"`
}

// Article is one page that was read.
type Article struct {
	URL      string                `json:"url"`
	Title    string                `json:"title"`
	Kind     article.ExtractorKind `json:"kind"`
	Runes    int                   `json:"body_runes"`
	Fallback int                   `json:"fallback_runes"` // what the fallback reader would have given
	Error    string                `json:"error,omitempty"`
	Broken   string                `json:"broken,omitempty"`
}

// Field is how often each candidate answered a field.
type Field struct {
	Name    string         `json:"name"`
	By      map[string]int `json:"by"`      // candidate: pages
	Missing int            `json:"missing"` // pages without an answer
}

// wanted are the fields whose rules must answer; the others may be absent from a page.
var wanted = map[string]bool{"title": true, "published_at": true, "body_text": true}

// Look asks every step of the source and reads up to articles of what they list.
// Keep is given each answer as it came; it may be nil.
func Look(ctx context.Context, t *transport.Transport, src *seeds.Source, articles int, keep func(crawlers.Page)) (r Report) {
	defer func() { // a page nobody thought of is this source's problem only
		if p := recover(); p != nil {
			r.problem("attache itself failed on it: %v", p)
		}
	}()
	r = Report{Source: src.ID, Evidence: src.Rules[0].Evidence, Steps: []Step{}, Articles: []Article{}, Problems: []string{}}
	crawler := crawlers.New(ctx, t, src)
	crawler.Keep = keep
	listed, steps := crawler.Discover(crawlers.Look{})
	for _, s := range steps {
		step := Step{Kind: s.Kind, Address: s.Address, Listed: s.Listed}
		switch {
		case s.Err != nil:
			step.Error = s.Err.Error()
			said := s.Err.Error()
			if !strings.HasPrefix(said, s.Address) {
				said = s.Address + ": " + said
			}
			r.problem("%s %s", s.Kind, said)
		case s.Listed == 0:
			r.problem("%s %s lists no article", s.Kind, s.Address)
		}
		r.Steps = append(r.Steps, step)
	}
	r.Fields = fields(src)
	read := 0
	for i := range listed {
		if read == articles || ctx.Err() != nil {
			break
		}
		if r.article(src, crawler, listed[i].URL) {
			read++
		}
		if len(r.Articles) >= 2*articles {
			break // too many of them fail
		}
	}
	r.judge(src, read)
	return r
}

func (r *Report) problem(format string, args ...any) {
	r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
}

// fields lists what the source has rules for, in the order of records.
func fields(src *seeds.Source) []Field {
	rules := src.Rules[0]
	var list []Field
	for _, f := range []struct {
		name  string
		rules []seeds.Candidate
	}{
		{"title", rules.Title},
		{"lede", rules.Lede},
		{"published_at", rules.Published},
		{"modified_at", rules.Modified},
		{"authors", rules.Authors},
		{"section", rules.Section},
		{"tags", rules.Tags},
		{"attribution", rules.Attribution},
		{"body_text", rules.Body},
	} {
		if len(f.rules) > 0 {
			list = append(list, Field{Name: f.name, By: map[string]int{}})
		}
	}
	return list
}

// article reads one page; false when there was no page to read.
func (r *Report) article(src *seeds.Source, crawler *crawlers.Crawler, address string) bool {
	a := Article{URL: address}
	defer func() { r.Articles = append(r.Articles, a) }()
	fetched, err := crawler.Fetch(address, transport.Validators{})
	if err != nil {
		a.Error = err.Error()
		return false
	}
	page := parse.Page{URL: fetched.URL, ContentType: fetched.ContentType, Body: fetched.Body, FetchedAt: fetched.FetchedAt}
	reading, err := parse.Read(src, page)
	if err != nil {
		a.Error = err.Error()
		return true
	}
	a.Title, a.Kind, a.Broken = reading.Title, reading.Extractor.Kind, reading.Broken
	a.Runes = utf8.RuneCountInString(reading.BodyText)
	if other, err := parse.Read(nil, page); err == nil {
		a.Fallback = utf8.RuneCountInString(other.BodyText)
	}
	answered := map[string]string{}
	for _, f := range reading.Extractor.Fields {
		answered[f.Field] = f.By
	}
	for i := range r.Fields {
		if by := answered[r.Fields[i].Name]; by != "" {
			r.Fields[i].By[by]++
		} else {
			r.Fields[i].Missing++
		}
	}
	return true
}

// judge says what needs hands: rules that did not answer where they must,
// contracts that broke, and text that rules seem to miss.
func (r *Report) judge(src *seeds.Source, read int) {
	if read == 0 {
		r.problem("no article could be read")
		return
	}
	for _, f := range r.Fields {
		foreign := 0
		for by, n := range f.By {
			if !src.Owns(f.Name, by) {
				foreign += n
			}
		}
		switch {
		case wanted[f.Name] && foreign+f.Missing > 0:
			r.problem("%s: no rule answered on %d of %d pages", f.Name, foreign+f.Missing, read)
		case f.Missing+foreign == read:
			r.problem("%s: its rules answered on no page; correct them or take them out", f.Name)
		}
	}
	for _, a := range r.Articles {
		switch {
		case a.Broken != "":
			r.problem("%s would be quarantined: %s", a.URL, a.Broken)
		case a.Error != "":
			r.problem("%s", a.Error)
		case a.Kind == article.ByRules && a.Fallback > a.Runes*3/2+200:
			r.problem("%s: the fallback reader finds %d characters where the rules give %d", a.URL, a.Fallback, a.Runes)
		}
	}
}
