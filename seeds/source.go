package seeds

import (
	"regexp"
	"slices"
	"time"

	"github.com/robfig/cron/v3"

	"attache/internal/article"
)

// Source is one publisher's edition: where to look, how often, how politely
// and how to read its pages. It is plain data; see CONTRIBUTING.md for the file.
type Source struct {
	ID         string   `yaml:"id"`
	Name       string   `yaml:"name"`
	Home       string   `yaml:"home"`
	Language   string   `yaml:"language"`    // BCP 47
	Timezone   string   `yaml:"timezone"`    // IANA; declared, never guessed
	Schedule   string   `yaml:"schedule"`    // cron, in Timezone
	Pace       Pace     `yaml:"pace"`        // per host
	Since      Span     `yaml:"since"`       // horizon of the very first run
	Discover   []Step   `yaml:"discover"`    // where new addresses are listed
	ArticleURL Patterns `yaml:"article_url"` // first match wins; its group id (or slug) is the identity
	Rules      []Rules  `yaml:"rules"`       // newest first

	// Version identifies the file's bytes in records: 12 hex digits of its sha256.
	Version string `yaml:"-"`
	// Zone is Timezone, loaded.
	Zone *time.Location `yaml:"-"`
	// Cron is Schedule, parsed.
	Cron cron.Schedule `yaml:"-"`
}

// Pace is the least time between two requests to one host: Delay, plus up to
// Jitter drawn anew each time.
type Pace struct {
	Delay  Span `yaml:"delay"`
	Jitter Span `yaml:"jitter"`
}

// Step is one place where a source lists addresses. Exactly one field is set.
type Step struct {
	Feed        string   `yaml:"feed,omitempty"`         // RSS, Atom or JSON Feed
	NewsSitemap string   `yaml:"news_sitemap,omitempty"` // urlset with news:news entries
	Sitemap     string   `yaml:"sitemap,omitempty"`      // urlset, or an index of them
	Listing     *Listing `yaml:"listing,omitempty"`      // an HTML page
}

// Address is the URL the step starts from.
func (s Step) Address() string {
	switch {
	case s.Feed != "":
		return s.Feed
	case s.NewsSitemap != "":
		return s.NewsSitemap
	case s.Sitemap != "":
		return s.Sitemap
	case s.Listing != nil:
		return s.Listing.URL
	}
	return ""
}

// Kind names the step in reports: feed, news_sitemap, sitemap or listing.
func (s Step) Kind() string {
	switch {
	case s.Feed != "":
		return "feed"
	case s.NewsSitemap != "":
		return "news_sitemap"
	case s.Sitemap != "":
		return "sitemap"
	}
	return "listing"
}

// Listing reads links from an HTML page and, while there is something new, from
// the pages after it.
type Listing struct {
	URL            string   `yaml:"url"`
	Item           Selector `yaml:"item"`             // one match per article
	Link           Selector `yaml:"link"`             // inside Item; its href counts
	Next           Selector `yaml:"next,omitempty"`   // link to the following page
	StopAfterKnown int      `yaml:"stop_after_known"` // so many known addresses in a row end it; default 20
	MaxPages       int      `yaml:"max_pages"`        // default 1
}

// Rules say how to read a page of one layout. Each field is a list of
// candidates, best first; the first that gives text answers.
type Rules struct {
	Evidence    string      `yaml:"evidence"`       // "seen 2026-08" or "inferred"
	Like        string      `yaml:"like,omitempty"` // id of a source on the same CMS; what is left out here is as there
	Title       []Candidate `yaml:"title"`
	Lede        []Candidate `yaml:"lede,omitempty"`
	Body        []Candidate `yaml:"body"`
	Published   []Candidate `yaml:"published"`
	Modified    []Candidate `yaml:"modified,omitempty"`
	Authors     []Candidate `yaml:"authors,omitempty"`
	Section     []Candidate `yaml:"section,omitempty"`
	Tags        []Candidate `yaml:"tags,omitempty"`
	Attribution []Candidate `yaml:"attribution,omitempty"`
	Images      []Selector  `yaml:"images,omitempty"` // each match is a figure or an img
	Remove      []Selector  `yaml:"remove,omitempty"` // taken out of the body before it is read
	StopAt      []string    `yaml:"stop_at,omitempty"`
	Strip       []Pattern   `yaml:"strip,omitempty"` // cut from the lede and from each paragraph
	Never       []string    `yaml:"never,omitempty"` // a body holding one of these is quarantined
}

// Identify gives the identity of the article behind address, or false when the
// address is not one of this source's articles.
func (s *Source) Identify(address string) (id string, ok bool) {
	for _, p := range s.ArticleURL {
		if m := p.FindStringSubmatch(address); m != nil {
			return article.ID(s.ID, m[native(p.Regexp)]), true
		}
	}
	return "", false
}

// native is the index of the group that identifies: id, else slug; 0 when there is none.
func native(re *regexp.Regexp) int {
	if i := re.SubexpIndex("id"); i > 0 {
		return i
	}
	return max(re.SubexpIndex("slug"), 0)
}

// Owns reports whether a candidate, as records name it, is one of the source's
// rules: what else answered a field is structured data or the fallback reader.
func (s *Source) Owns(candidate string) bool {
	for _, r := range s.Rules {
		for _, list := range [][]Candidate{r.Title, r.Lede, r.Body, r.Published, r.Modified, r.Authors, r.Section, r.Tags, r.Attribution} {
			if slices.ContainsFunc(list, func(c Candidate) bool { return c.Text == candidate }) {
				return true
			}
		}
	}
	return false
}
