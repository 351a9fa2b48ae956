package newsroom

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// domain is a host name with all its pages, rendered. Editions of one publisher
// may share it.
type domain struct {
	Host    string
	stories []Story         // of all editions, newest first
	pages   map[string]page // by decoded path, see find
	gone    page            // the answer to every other path
}

// site is one publisher's part of a domain. Templates see its exported part.
type site struct {
	publisher
	*domain
	Stories []Story // newest first

	now time.Time
	err error // the first that happened while rendering
}

// page is what an address answers.
type page struct {
	kind     string // Content-Type
	body     []byte
	etag     string
	modified time.Time // zero: no Last-Modified
	gzipOnly bool      // sent gzipped, asked or not
	missing  bool      // status 404
}

const (
	typeHTML = "text/html; charset=utf-8"
	typeXML  = "text/xml; charset=utf-8"
	typeText = "text/plain; charset=utf-8"
)

// enter adds an edition's stories to those of its domain.
func (d *domain) enter(stories []Story) {
	d.stories = append(d.stories, stories...)
	slices.SortStableFunc(d.stories, newestFirst)
}

// publish renders all pages of s; the domain must know all its stories by then.
func (s *site) publish() error {
	s.put("/robots.txt", page{kind: typeText, body: []byte(s.robotsTxt())})
	s.build(s)
	s.gone = page{kind: typeHTML, body: s.render("404.html", s), missing: true}
	if s.err != nil {
		return fmt.Errorf("%s: %w", s.source, s.err)
	}
	return nil
}

// put keeps p under path, which is not percent-encoded.
func (d *domain) put(path string, p page) {
	sum := sha256.Sum256(p.body)
	p.etag = fmt.Sprintf(`W/"%x"`, sum[:8])
	d.pages[path] = p
}

// articles renders template for every story whose page is not planted to be gone.
func (s *site) articles(template string, extra func(Story) any) {
	for _, story := range s.Stories {
		if story.Answers != 0 {
			continue
		}
		a := article{Story: story, Site: s, Modified: s.modified(story)}
		if extra != nil {
			a.Extra = extra(story)
		}
		address, err := url.Parse(story.URL)
		if err != nil {
			s.fail(err)
			return
		}
		s.put(address.Path, page{kind: typeHTML, body: s.render(template, a), modified: a.Modified})
	}
}

// html renders a page that is no article.
func (s *site) html(path, template string, data any) {
	s.put(path, page{kind: typeHTML, body: s.render(template, data)})
}

// find gives the page at u: exactly its path and, for a search, its keyword;
// else the path alone; else the page that says there is none.
func (d *domain) find(u *url.URL) page {
	if k := u.Query().Get("keyword"); k != "" {
		if p, ok := d.pages[search(u.Path, k)]; ok {
			return p
		}
	}
	if p, ok := d.pages[u.Path]; ok {
		return p
	}
	return d.gone
}

// search is the key of a search result, the same for every way to write keyword.
func search(path, keyword string) string {
	return path + "?keyword=" + strings.ToLower(norm.NFC.String(keyword))
}

func (s *site) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

func (s *site) robotsTxt() string {
	var text strings.Builder
	text.WriteString("User-agent: *\n" + cmp.Or(s.robots, "Allow: /\nDisallow: /private/\n"))
	for _, path := range s.sitemaps {
		text.WriteString("Sitemap: https://" + s.host + path + "\n")
	}
	return text.String()
}

// modified is when the page says it last changed: for every second story some
// minutes after it was published, never after now.
func (s *site) modified(story Story) time.Time {
	later := story.Published.Add(23*time.Minute + 50*time.Second)
	if story.order%2 == 0 || s.grain != time.Second || later.After(s.now) {
		return story.Published
	}
	return later
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
