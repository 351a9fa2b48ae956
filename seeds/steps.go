package seeds

import "net/http"

// Step is one place where a source lists addresses. Exactly one field is set.
// An address may hold dates in braces; see [Dated].
type Step struct {
	Feed        string    `yaml:"feed,omitempty"`         // RSS, Atom or JSON Feed
	NewsSitemap string    `yaml:"news_sitemap,omitempty"` // urlset with news:news entries
	Sitemap     string    `yaml:"sitemap,omitempty"`      // urlset, an index of them, or a text file of one URL a line
	Robots      string    `yaml:"robots,omitempty"`       // a site; the sitemaps its robots.txt names are read
	Listing     *Listing  `yaml:"listing,omitempty"`      // an HTML page
	JSON        *JSONList `yaml:"json,omitempty"`         // what a page's script asks for
}

// Kind names the step in reports: feed, news_sitemap, sitemap, robots, listing or json.
func (s Step) Kind() string {
	kind, _ := s.named()
	return kind
}

// Address is the URL the step starts from, as written.
func (s Step) Address() string {
	_, address := s.named()
	return address
}

func (s Step) named() (kind, address string) {
	switch {
	case s.Feed != "":
		return "feed", s.Feed
	case s.NewsSitemap != "":
		return "news_sitemap", s.NewsSitemap
	case s.Sitemap != "":
		return "sitemap", s.Sitemap
	case s.Robots != "":
		return "robots", s.Robots
	case s.Listing != nil:
		return "listing", s.Listing.URL
	case s.JSON != nil:
		return "json", s.JSON.URL
	}
	return "", ""
}

// Listing reads links from an HTML page and, while there is something new, from
// the pages after it.
type Listing struct {
	URL            string     `yaml:"url"`
	Item           Selector   `yaml:"item"`                // one match per article
	Link           Selector   `yaml:"link"`                // inside Item; its href counts
	Published      *Candidate `yaml:"published,omitempty"` // inside Item; a page of older ones ends the reading
	Layouts        []string   `yaml:"layouts,omitempty"`   // of Published, in Go's words, where it is written unusually
	Next           Selector   `yaml:"next,omitempty"`      // link to the following page, on the same host
	StopAfterKnown int        `yaml:"stop_after_known"`    // so many known addresses in a row end it; default 20
	MaxPages       int        `yaml:"max_pages"`           // default 1
}

// JSONList reads addresses from a JSON document. Paths are gjson's: keys and
// indexes joined by dots. Relative links are resolved against the source's home:
// such documents often come from a host of their own.
type JSONList struct {
	URL            string            `yaml:"url"` // {page} in it counts from 1
	Headers        map[string]string `yaml:"headers,omitempty"`
	Items          string            `yaml:"items"`               // path to the list; "@this" when the document is it
	Link           string            `yaml:"link"`                // within an item, like the following
	Title          string            `yaml:"title,omitempty"`     //
	Published      string            `yaml:"published,omitempty"` // a date in words, or seconds or milliseconds since 1970
	Modified       string            `yaml:"modified,omitempty"`
	Layouts        []string          `yaml:"layouts,omitempty"` // of dates in words, where they are written unusually
	Next           string            `yaml:"next,omitempty"`    // path to the next page's address; with {page}: to something that is empty, 0 or false after the last
	StopAfterKnown int               `yaml:"stop_after_known"`  // as of listings
	MaxPages       int               `yaml:"max_pages"`
}

// Header is Headers as they are sent.
func (l *JSONList) Header() http.Header {
	h := http.Header{}
	for key, value := range l.Headers {
		h.Set(key, value)
	}
	return h
}
