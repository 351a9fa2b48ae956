package newsroom

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// press is the news as it stands at one moment, every page rendered.
type press struct {
	sites map[string]*site   // by source
	hosts map[string]*domain // by host name, aliases too
}

// change is what became of an article after it came out.
type change struct {
	edits  [][2]string // old words, new words
	at     time.Time   // of the last edit
	status int         // that its page answers since it was withdrawn; 0 when it was not
}

// print renders the news as of r.now and shows it from now on; r.mu must be held.
// Hosts on which nothing changed since the last time keep their pages.
func (r *Room) print() error {
	p, last, fresh := &press{sites: map[string]*site{}, hosts: map[string]*domain{}}, r.shown.Load(), []string{}
	for _, pub := range publishers {
		if last != nil && !r.stale[pub.host] {
			for _, host := range []string{pub.host, pub.alias, pub.api} {
				if d := last.hosts[host]; d != nil {
					p.hosts[host] = d
				}
			}
			p.sites[pub.source] = last.sites[pub.source]
			continue
		}
		fresh = append(fresh, pub.source)
		d := p.hosts[pub.host]
		if d == nil {
			d = &domain{Host: pub.host, pages: map[string]page{}, codings: pub.codings}
			p.hosts[pub.host] = d
		}
		if pub.alias != "" {
			p.hosts[pub.alias] = d
		}
		p.sites[pub.source] = r.issue(pub, d)
		if pub.api != "" {
			api := &domain{Host: pub.api, pages: map[string]page{}}
			p.sites[pub.source].api, p.hosts[pub.api] = api, api
		}
	}
	for _, source := range fresh {
		if err := p.sites[source].publish(); err != nil {
			return fmt.Errorf("newsroom: %w", err)
		}
	}
	for address, c := range r.changes {
		story := r.find(address)
		if c.status == 0 || story == nil || !slices.Contains(fresh, story.Source) {
			continue
		}
		path, err := path(address)
		if err != nil {
			return fmt.Errorf("newsroom: %w", err)
		}
		s := p.sites[story.Source]
		s.put(path, s.missing(c.status))
	}
	r.shown.Store(p)
	clear(r.stale)
	return nil
}

// issue chooses what stands in pub's lists by r.now.
func (r *Room) issue(pub publisher, d *domain) *site {
	s := &site{publisher: pub, domain: d, base: r.base}
	for _, story := range r.written[pub.source] {
		if story.Age > 0 {
			s.first = append(s.first, story)
		}
	}
	s.Stories, s.old = r.current(r.written[pub.source]), r.current(r.archive[pub.source])
	d.stories = append(d.stories, s.Stories...)
	slices.SortStableFunc(d.stories, newestFirst)
	d.ancient = append(d.ancient, s.old...)
	slices.SortStableFunc(d.ancient, newestFirst)
	for _, story := range s.Stories {
		d.changed = later(d.changed, s.moment(story))
	}
	d.changed = later(d.changed, r.touched[pub.source]).Truncate(time.Second)
	return s
}

// current are those of stories that are out and not withdrawn, as last corrected.
func (r *Room) current(stories []Story) []Story {
	var kept []Story
	for _, s := range stories {
		c := r.changes[s.URL]
		if r.base.Add(-s.Age).After(r.now) || c != nil && c.status != 0 {
			continue
		}
		if c != nil {
			s = c.apply(s)
		}
		kept = append(kept, s)
	}
	return kept
}

func (c *change) apply(s Story) Story {
	if len(c.edits) == 0 {
		return s
	}
	s.Modified = c.at.In(s.Published.Location())
	s.Body = slices.Clone(s.Body)
	for _, e := range c.edits {
		for i := range s.Body {
			s.Body[i] = strings.ReplaceAll(s.Body[i], e[0], e[1])
		}
	}
	return s
}

// find gives the story at address, whether it is out or not; nil when there is none.
func (r *Room) find(address string) *Story {
	for _, p := range publishers {
		for _, stories := range [][]Story{r.written[p.source], r.archive[p.source]} {
			if i := slices.IndexFunc(stories, func(s Story) bool { return s.URL == address }); i >= 0 {
				return &stories[i]
			}
		}
	}
	return nil
}

// serves tells whether status is what a page that is gone answers.
func serves(status int) bool { return status == http.StatusNotFound || status == http.StatusGone }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
