package newsroom

import "time"

// Việt Nam News. No page was seen: class names come from public scrapers, the
// rest of the markup is inferred. Its feed is taken to be UTF-16.
var vietnamnews = publisher{
	source:   "vietnamnews",
	language: "en",
	host:     "vietnamnews.vn",
	zone:     hanoi,
	grain:    time.Minute,
	address: func(s Story) (string, string) {
		return s.ID, "/politics-laws/" + s.ID + "/" + s.Slug + ".html"
	},
	media: func(s Story, file string) string {
		return "https://image.vietnamnews.vn/uploadvnnews/Article/" + s.Published.Format("2006/1/2/") + file
	},
	build: func(s *site) {
		s.articles("vietnamnews.html", nil)
		const path = "/rss/politics-laws.rss"
		s.xml(path, s.feed("Politics & Law - Viet Nam News", s.Stories, pictured))
		s.utf16(path)
	},
}
