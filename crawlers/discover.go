package crawlers

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"attache/seeds"
)

// Listed is one address of an article, as some step of the source lists it.
type Listed struct {
	ID        string // the article's identity
	URL       string
	Title     string    // empty when the list has none
	Published time.Time // zero when the list does not say
	Modified  time.Time // when it last changed, of lists that say only that
}

// date is the best the list says of when it was news.
func (l Listed) date() time.Time {
	if l.Published.IsZero() {
		return l.Modified
	}
	return l.Published
}

// Step is how one step of discovery went. A failed step does not stop the others.
type Step struct {
	Kind    string // feed, news_sitemap, sitemap or listing
	Address string
	Listed  int // addresses of articles it gave, those other steps gave too included
	Err     error
}

// Look bounds a discovery.
type Look struct {
	After time.Time            // addresses dated before are not news; zero for all
	Known func(id string) bool // listings stop after so many known addresses in a row
}

// maxListed bounds what one run of one source takes in, whatever its lists hold.
const maxListed = 5000

// Discover asks every step of the source what is listed. Each article comes
// once, from the first step that has it, dated by the first that dates it.
func (c *Crawler) Discover(look Look) ([]Listed, []Step) {
	var found []Listed
	var steps []Step
	index := make(map[string]int)
	for _, s := range c.source.Discover {
		step := Step{Kind: s.Kind(), Address: s.Address()}
		var entries []Listed
		entries, step.Err = c.ask(s, look)
		for _, l := range entries {
			var ok bool
			if l.URL, l.ID, ok = c.article(s.Address(), l.URL); !ok {
				continue
			}
			step.Listed++
			i, seen := index[l.ID]
			if !seen {
				i, index[l.ID] = len(found), len(found)
				found = append(found, l)
			}
			if found[i].Published.IsZero() {
				found[i].Published = l.Published
			}
			if found[i].Modified.IsZero() {
				found[i].Modified = l.Modified
			}
		}
		steps = append(steps, step)
	}
	found = recent(found, look.After)
	if n := len(found); n > maxListed {
		last := &steps[len(steps)-1]
		last.Err = errors.Join(last.Err, fmt.Errorf("%d addresses are listed, the first %d were taken", n, maxListed))
		// What the bound cuts off is the oldest, as far as lists say.
		slices.SortStableFunc(found, func(a, b Listed) int { return b.date().Compare(a.date()) })
		found = found[:maxListed]
	}
	return found, steps
}

func (c *Crawler) ask(s seeds.Step, look Look) ([]Listed, error) {
	switch {
	case s.Feed != "":
		return c.feed(s.Feed)
	case s.NewsSitemap != "":
		return c.sitemap(s.NewsSitemap, look.After, 0)
	case s.Sitemap != "":
		return c.sitemap(s.Sitemap, look.After, 0)
	case s.Listing != nil:
		return c.listing(s.Listing, look.Known)
	}
	return nil, fmt.Errorf("the step names nothing to ask")
}

// article resolves a link found at base, drops its fragment, and tells whether
// it leads to one of the source's articles.
func (c *Crawler) article(base, link string) (address, id string, ok bool) {
	b, err := url.Parse(base)
	if err != nil {
		return "", "", false
	}
	u, err := b.Parse(strings.TrimSpace(link))
	if err != nil {
		return "", "", false
	}
	u.Fragment, u.RawFragment = "", ""
	id, ok = c.source.Identify(u.String())
	return u.String(), id, ok
}

// recent drops what is dated before after. What has no date may be new.
func recent(found []Listed, after time.Time) []Listed {
	kept := found[:0]
	for _, l := range found {
		if at := l.date(); at.IsZero() || !at.Before(after) {
			kept = append(kept, l)
		}
	}
	return kept
}
