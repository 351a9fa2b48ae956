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
	Terms      string   `yaml:"terms"`       // address of the publisher's terms of use, where known; manifests carry it
	Language   string   `yaml:"language"`    // BCP 47
	Timezone   string   `yaml:"timezone"`    // IANA; declared, never guessed
	Schedule   string   `yaml:"schedule"`    // cron, in Timezone
	Pace       Pace     `yaml:"pace"`        // per host
	Since      Span     `yaml:"since"`       // horizon of the very first run
	Visits     int      `yaml:"visits"`      // most pages a run visits; 0 for all
	Screen     Screen   `yaml:"screen"`      // what must look right in a list before the page is visited
	Threshold  float64  `yaml:"threshold"`   // topic score from which its articles are kept; 0 for the configured one
	Ports      []int    `yaml:"ports"`       // its hosts use, besides 80 and 443
	OldTLS     bool     `yaml:"old_tls"`     // its host knows only TLS that is not safe any more
	Discover   []Step   `yaml:"discover"`    // where new addresses are listed
	Archive    []Step   `yaml:"archive"`     // where old ones are, for backfills; dated steps of Discover are too
	Spelling   Spelling `yaml:"canonical"`   // what makes one address of many
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
// Jitter drawn anew each time. It runs from the end of the one before; with
// Parallel above 1, from its beginning.
type Pace struct {
	Delay    Span `yaml:"delay"`
	Jitter   Span `yaml:"jitter"`
	Parallel int  `yaml:"parallel,omitempty"` // requests in flight, 1 to 4; default 1
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

// Screen names the part of a list's entry that is judged before its page is
// visited: "title", or nothing. It saves a publisher of everything most visits.
type Screen string

// ByTitle leaves unvisited what has a title that is off the topic.
const ByTitle Screen = "title"

// Identify gives the identity of the article behind address, or false when the
// address is not one of this source's articles. All spellings of one address
// have one answer: patterns see its canonical form.
func (s *Source) Identify(address string) (id string, ok bool) {
	address, err := s.Canonical(address)
	if err != nil {
		return "", false
	}
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

// Owns reports whether what answered a field, as records name it, is what the
// source relies on: one of its rules or, where it has none for the field, anything.
func (s *Source) Owns(field, by string) bool {
	ruled := false
	for _, r := range s.Rules {
		list := map[string][]Candidate{
			"title": r.Title, "lede": r.Lede, "body_text": r.Body, "published_at": r.Published, "modified_at": r.Modified,
			"authors": r.Authors, "section": r.Section, "tags": r.Tags, "attribution": r.Attribution,
		}[field]
		if slices.ContainsFunc(list, func(c Candidate) bool { return c.Text == by }) {
			return true
		}
		ruled = ruled || len(list) > 0
	}
	return !ruled
}
