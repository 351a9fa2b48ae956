package newsroom

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"net/http"
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
	ancient []Story         // those of long ago
	changed time.Time       // when the news last changed
	pages   map[string]page // by decoded path, see find
	gone    page            // the answer to every other path
	codings []string        // see publisher
}

// site is one publisher's part of a domain. Templates see its exported part.
type site struct {
	publisher
	*domain
	Stories []Story // newest first

	old   []Story // of long ago: on no ordinary list
	first []Story // of the first edition: what the boxes around articles show
	base  time.Time
	api   *domain // for JSON lists; nil where there are none
	err   error   // the first that happened while rendering
}

// page is what an address answers.
type page struct {
	kind     string // Content-Type
	body     []byte
	etag     string    // empty: none
	modified time.Time // zero: no Last-Modified
	restless bool      // the ETag is another at each request, the body is not
	gzipOnly bool      // sent gzipped, asked or not
	status   int       // 0 for 200
	allows   func(*http.Request) bool
}

// validators are what a publisher's lists carry. Articles carry both.
type validators int

const (
	etagAndModified validators = iota
	etagOnly
	modifiedOnly
	restlessETag // weak, and another at each request
	noValidators
)

const (
	typeHTML = "text/html; charset=utf-8"
	typeXML  = "text/xml; charset=utf-8"
	typeText = "text/plain; charset=utf-8"
)

// publish renders all pages of s but those of articles withdrawn; the domain must
// know all its stories by then.
func (s *site) publish() error {
	s.put("/robots.txt", page{kind: typeText, body: []byte(s.robotsTxt())})
	s.build(s)
	s.gone = s.missing(http.StatusNotFound)
	if s.api != nil {
		s.api.put("/robots.txt", page{kind: typeText}) // as it was seen on a sister's host
		s.api.gone = s.gone
	}
	if s.err != nil {
		return fmt.Errorf("%s: %w", s.source, s.err)
	}
	return nil
}

// missing is the page that says there is none.
func (s *site) missing(status int) page {
	return page{kind: typeHTML, status: status, body: s.render("404.html", map[string]any{"Host": s.Host, "Status": status})}
}

// put keeps p under path, which is not percent-encoded.
func (d *domain) put(path string, p page) {
	sum := sha256.Sum256(p.body)
	p.etag = fmt.Sprintf(`W/"%x"`, sum[:8])
	d.pages[path] = p
}

// list keeps p, a page that changes with the news, with the validators lists of s carry.
func (s *site) list(d *domain, path string, p page) {
	p.modified = s.changed
	d.put(path, p)
	p = d.pages[path]
	switch s.lists {
	case etagOnly:
		p.modified = time.Time{}
	case modifiedOnly:
		p.etag = ""
	case restlessETag:
		p.modified, p.restless = time.Time{}, true
	case noValidators:
		p.etag, p.modified = "", time.Time{}
	case etagAndModified:
	}
	d.pages[path] = p
}

// articles renders template for every story whose page is not planted to be gone.
func (s *site) articles(template string, extra func(Story) any) {
	for _, story := range slices.Concat(s.Stories, s.old) {
		if story.Answers != 0 {
			continue
		}
		a := article{Story: story, Site: s}
		if extra != nil {
			a.Extra = extra(story)
		}
		path, err := path(story.URL)
		if err != nil {
			s.fail(err)
			return
		}
		s.put(path, page{kind: typeHTML, body: s.render(template, a), modified: story.Modified})
	}
}

// path is the decoded path of address.
func path(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	return u.Path, nil
}

// html renders a page that is no article.
func (s *site) html(path, template string, data any) {
	s.list(s.domain, path, page{kind: typeHTML, body: s.render(template, data)})
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

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
