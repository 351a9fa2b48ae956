// Package parse turns a publisher's page into what the article says. It takes
// the source's rules first, then structured data, then the fallback reader, and
// says which of them answered each field; a result that breaks a contract is
// marked, never passed off as an article.
package parse

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"

	"attache/internal/article"
	"attache/seeds"
)

// Page is what fetching gave: bytes as the publisher encoded them.
type Page struct {
	URL         string
	ContentType string // the header, for its charset; may be empty
	Body        []byte
	FetchedAt   time.Time
}

// Reading is what a page says, and whether it may be believed.
type Reading struct {
	article.Content
	Canonical string // the page's own address if it is one of the source's, else where it was fetched
	Broken    string // why this must be quarantined; empty when no contract broke
}

// Read reads page by the rules of its source. A source of nil reads a page
// nobody wrote rules for. An error means that nothing could be read at all; a
// doubtful reading is returned with notes, a wrong one with Broken set.
func Read(src *seeds.Source, page Page) (Reading, error) {
	doc, err := document(page)
	if err != nil {
		return Reading{}, err
	}
	if src == nil {
		src = unknown
	}
	base, err := url.Parse(page.URL)
	if err != nil {
		base = new(url.URL) // pictures without a full address are left out
	}
	r := &reader{doc: doc, src: src, page: page, base: base}
	r.content.Extractor.RulesVersion = src.Version
	r.content.Language = src.Language
	r.rules = r.layout()
	r.fields()
	r.dates()
	r.clear()
	r.images()
	r.body()
	if src.Language == "" {
		r.content.Language = r.language()
	}
	r.finish()
	return Reading{Content: r.content, Canonical: r.canonical(), Broken: r.broken()}, nil
}

// unknown stands in for a host without a source.
var unknown = &seeds.Source{Zone: time.UTC, Timezone: "UTC", Rules: []seeds.Rules{{}}}

// reader is one page on its way to becoming a Reading.
type reader struct {
	doc       *goquery.Document
	src       *seeds.Source
	rules     *seeds.Rules
	page      Page
	base      *url.URL // what addresses on the page are relative to
	content   article.Content
	published moment  // as it was read
	shown     string  // the headline as readers see it, where the title is worded otherwise
	visible   string  // the page's text, made when first asked for
	ld        []any   // JSON-LD articles, made when first asked for
	survey    *survey // made when first asked for
}

// layout picks the newest rules whose body is on the page; the newest when none is.
func (r *reader) layout() *seeds.Rules {
	for i := range r.src.Rules {
		for _, c := range r.src.Rules[i].Body {
			if c.Selector != nil && r.doc.FindMatcher(c.Selector).Length() > 0 {
				return &r.src.Rules[i]
			}
		}
	}
	return &r.src.Rules[0]
}

func (r *reader) answered(field, by string) {
	r.content.Extractor.Fields = append(r.content.Extractor.Fields, article.Answer{Field: field, By: by})
}

func (r *reader) note(field, format string, args ...any) {
	r.content.Quality = append(r.content.Quality, article.Note{Field: field, Note: fmt.Sprintf(format, args...)})
}

// canonical believes the page about its own address only within its source.
func (r *reader) canonical() string {
	own := strings.TrimSpace(r.doc.Find("link[rel=canonical]").AttrOr("href", ""))
	here, known := r.src.Identify(r.page.URL)
	if there, ok := r.src.Identify(own); ok && (there == here || !known) {
		if _, err := url.Parse(own); err == nil {
			return own
		}
	}
	return r.page.URL
}

// Canonical is the address a page gives itself, believed by nobody yet; "" when
// it gives none or is no page.
func Canonical(page Page) string {
	doc, err := document(page)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(doc.Find("link[rel=canonical]").AttrOr("href", ""))
}

// finish makes lists explicit and says what is missing.
func (r *reader) finish() {
	c := &r.content
	c.Authors, c.Tags = orEmpty(c.Authors), orEmpty(c.Tags)
	if c.PublishedAt == nil {
		r.note("published_at", "no date was found on the page")
	}
	c.Images, c.Quality, c.Extractor.Fields = orEmpty(c.Images), orEmpty(c.Quality), orEmpty(c.Extractor.Fields)
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
