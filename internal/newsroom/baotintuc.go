package newsroom

import (
	"cmp"
	"time"
)

// Báo Tin tức. The article was seen on a real page; the listing's markup and
// the feeds are inferred.
var baotintuc = publisher{
	source:   "baotintuc",
	language: "vi",
	host:     "baotintuc.vn",
	zone:     hanoi,
	grain:    time.Minute,
	address: func(s Story) (string, string) {
		id := s.Published.Format("200601021504") + cmp.Or(s.ID, "00000")
		return id, "/" + slug(s.Section) + "/" + s.Slug + "-" + id + ".htm"
	},
	media: func(s Story, file string) string {
		return "https://cdnmedia.baotintuc.vn/Upload/files/" + s.Published.Format("2006/01/0201/") + file
	},
	lists:    restlessETag,
	archives: true,
	build: func(s *site) {
		s.articles("baotintuc.html", nil)
		half := len(s.Stories) / 2 // the story in the middle stands in both feeds
		s.xml("/thoi-su.rss", s.feed("Thời sự | baotintuc.vn", s.Stories[:min(half+1, len(s.Stories))], pictured))
		s.xml("/the-gioi.rss", s.feed("Thế giới | baotintuc.vn", s.Stories[half:], pictured))
		s.html("/quan-su-514ct0.htm", "baotintuc-listing.html", btListing{"Quân sự", "/quan-su-514ct0.htm", s.Stories})
		s.daily(
			func(d time.Time) string { return "/thoi-su-472ct0/d" + d.Format("02-01-2006") + ".htm" },
			func(path string, stories []Story) {
				s.html(path, "baotintuc-listing.html", btListing{"Thời sự", path, stories})
			},
		)
	},
}

type btListing struct {
	Section, Path string
	Stories       []Story
}
