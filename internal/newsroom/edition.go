package newsroom

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"time"
)

// publisher is one source: where its pages stand and how they are made.
type publisher struct {
	source   string
	language string // of its pages, BCP 47
	host     string
	alias    string // a second host name; answers 301 to host
	api      string // a host name for JSON lists
	zone     *time.Location
	grain    time.Duration                     // the finest time its article pages print: time.Second, time.Minute or day
	address  func(Story) (native, path string) // path is percent-encoded
	media    func(s Story, file string) string // address of a picture
	robots   string                            // what stands below "User-agent: *"
	sitemaps []string                          // paths named in robots.txt
	codings  []string                          // content codings its server knows, best first
	lists    validators                        // what its lists carry
	archives bool                              // its pages of long ago can be found
	slugs    string                            // language of its slugs, where it is another than the pages'
	build    func(*site)                       // puts all pages but robots.txt
}

const day = 24 * time.Hour

var (
	hanoi  = time.FixedZone("+07", 7*60*60)
	lahore = time.FixedZone("+05", 5*60*60)
)

var publishers = []publisher{
	vtcnews, vietnamPlusVI, vietnamPlusEN, vietnamPlusZH, vietnamPlusFR, vietnamPlusES, vietnamPlusRU, baotintuc,
	vnanet, vietnamnews, qk7, vietnamVNAR, vietnamVNVI, vietnamVNEN, urdupoint,
}

// edition gives the stories of p for the day of now, those that come out later
// too, newest first.
func edition(files fs.FS, p publisher, now time.Time) ([]Story, error) {
	stories, err := load(files, p)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for i := range stories {
		s := &stories[i]
		p.place(s, now)
		if seen[s.NativeID] {
			return nil, fmt.Errorf("%s.yaml: two stories are called %s; give one another id, slug or age", p.source, s.NativeID)
		}
		seen[s.NativeID] = true
	}
	slices.SortStableFunc(stories, newestFirst)
	return stories, nil
}

// place gives s its times and addresses; its age counts from now.
func (p publisher) place(s *Story, now time.Time) {
	s.Source, s.Language = p.source, p.language
	s.Published = p.printed(now.Add(-s.Age))
	s.Modified = p.modified(*s, now)
	native, path := p.address(*s)
	s.NativeID, s.URL = native, "https://"+p.host+path
	for i := range s.Images {
		img := &s.Images[i]
		img.URL = p.media(*s, img.File)
	}
}

func newestFirst(a, b Story) int { return cmp.Compare(a.Age, b.Age) }

// printed is t as far as p's pages tell it.
func (p publisher) printed(t time.Time) time.Time {
	t = t.In(p.zone)
	if p.grain == day {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, p.zone)
	}
	return t.Truncate(p.grain)
}

// modified is when the page of s says it last changed: for every second story some
// minutes after it was published, if that is before now.
func (p publisher) modified(s Story, now time.Time) time.Time {
	later := s.Published.Add(23*time.Minute + 50*time.Second)
	if s.order%2 == 0 || p.grain != time.Second || later.After(now) {
		return s.Published
	}
	return later
}
