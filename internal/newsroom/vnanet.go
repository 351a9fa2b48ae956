package newsroom

import (
	"html/template"
	"time"
)

const vnanetSection = "an-ninh-quoc-phong-16"

// The Vietnam News Agency's own site. No page was seen: class names come from
// public scrapers, the rest of the markup is inferred.
var vnanet = publisher{
	source:   "vnanet",
	language: "vi",
	host:     "vnanet.vn",
	zone:     hanoi,
	grain:    time.Second,
	address: func(s Story) (string, string) {
		return s.ID, "/vi/tin-tuc/" + vnanetSection + "/" + s.Slug + "-" + s.ID + ".html"
	},
	media: func(s Story, file string) string {
		return "https://media.vnanet.vn/images/" + s.Published.Format("2006/01/02/") + file
	},
	lists: etagOnly,
	build: func(s *site) {
		s.articles("vnanet.html", nil)
		// Each description runs into the headline of another story, without a space.
		related := func(story Story) string {
			next := article{Story: story, Site: s}.Others(0, 1)[0]
			return template.HTMLEscapeString(story.Standfirst() + next.Title)
		}
		s.xml("/vi/rss/"+vnanetSection+".rss", s.feed("An ninh - Quốc phòng | Thông tấn xã Việt Nam", s.Stories, related))
	},
}
