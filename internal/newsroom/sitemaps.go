package newsroom

import (
	"encoding/xml"
	"slices"
	"time"
)

const (
	sitemapNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
	newsNS    = "http://www.google.com/schemas/sitemap-news/0.9"
)

type urlset struct {
	XMLName xml.Name   `xml:"urlset"`
	NS      string     `xml:"xmlns,attr"`
	NewsNS  string     `xml:"xmlns:news,attr,omitempty"`
	URLs    []location `xml:"url"`
}

type sitemapIndex struct {
	XMLName  xml.Name   `xml:"sitemapindex"`
	NS       string     `xml:"xmlns,attr"`
	Sitemaps []location `xml:"sitemap"`
}

type location struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
	News    *news  `xml:"news:news"`
}

type news struct {
	Name      string `xml:"news:publication>news:name"`
	Language  string `xml:"news:publication>news:language"`
	Published string `xml:"news:publication_date"`
	Title     string `xml:"news:title"`
}

// newsSitemap keeps a news sitemap with all stories of the host under path.
func (s *site) newsSitemap(path, name string) {
	set := urlset{NS: sitemapNS, NewsNS: newsNS}
	for _, story := range s.stories {
		set.URLs = append(set.URLs, location{Loc: story.URL, News: &news{
			Name: name, Language: story.Language, Published: story.Published.Format(isoTime), Title: story.Title,
		}})
	}
	s.xml(path, set)
}

// sitemap keeps a sitemap for each group of the host's stories, those of long ago
// too (group gives its path), and an index of them at /sitemap.xml, newest first.
// more are further entries of the index; entry writes a story's.
func (s *site) sitemap(group func(Story) string, entry func(Story) location, more ...string) {
	index := sitemapIndex{NS: sitemapNS}
	sets := map[string]*urlset{}
	for _, story := range slices.Concat(s.stories, s.ancient) {
		path := group(story)
		if sets[path] == nil {
			sets[path] = &urlset{NS: sitemapNS}
			index.Sitemaps = append(index.Sitemaps, location{Loc: "https://" + s.Host + path, LastMod: s.moment(story).UTC().Format(time.RFC3339)})
		}
		sets[path].URLs = append(sets[path].URLs, entry(story))
	}
	for _, path := range sortedKeys(sets) {
		s.xml(path, *sets[path])
	}
	for _, path := range more {
		index.Sitemaps = append(index.Sitemaps, location{Loc: "https://" + s.Host + path})
	}
	s.xml("/sitemap.xml", index)
}

// daily puts a list for each day of the site's zone that its archive reaches back,
// whether anything came out that day or not.
func (s *site) daily(path func(time.Time) string, list func(path string, stories []Story)) {
	days := map[string][]Story{}
	newest := s.base
	for _, story := range slices.Concat(s.Stories, s.old) {
		at := s.moment(story)
		newest = later(newest, at)
		p := path(at.In(s.zone))
		days[p] = append(days[p], story)
	}
	for back := range archiveDays {
		p := path(newest.In(s.zone).AddDate(0, 0, -back))
		list(p, days[p])
	}
}

// moment is when the story really came out, finer than its page may tell.
func (s *site) moment(story Story) time.Time { return s.base.Add(-story.Age) }
