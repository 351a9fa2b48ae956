package newsroom

import "time"

// UrduPoint in Arabic. Class names are those of the site's Urdu and English
// pages; the rest of the markup is inferred.
var urdupoint = publisher{
	source:   "urdupoint-ar",
	language: "ar",
	host:     "www.urdupoint.com",
	zone:     lahore,
	grain:    time.Second,
	address: func(s Story) (string, string) {
		return s.ID, "/ar/world/" + s.Slug + "-" + s.ID + ".html"
	},
	media: func(s Story, file string) string {
		return "https://photo-cdn.urdupoint.com/media/" + s.Published.Format("2006/01/") + file
	},
	codings:  []string{"zstd", "br", "gzip"},
	lists:    etagOnly,
	archives: true,
	slugs:    "en",
	build: func(s *site) {
		s.articles("urdupoint.html", nil)
		s.html("/ar/", "urdupoint-listing.html", s)
		// Known of the Urdu pages only.
		s.daily(
			func(d time.Time) string { return "/sitemap/daily/data/" + d.Format("2006/2006-01-02") + ".xml" },
			func(path string, stories []Story) {
				set := urlset{NS: sitemapNS}
				for _, story := range stories {
					set.URLs = append(set.URLs, location{Loc: story.URL, LastMod: story.Modified.Format(isoTime)})
				}
				s.xml(path, set)
				s.zipped(path)
			},
		)
	},
}
