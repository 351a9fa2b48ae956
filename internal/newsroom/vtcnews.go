package newsroom

import (
	"fmt"
	"time"
)

// VTC News. Article and listing markup were seen on real pages; the feed and
// the news sitemap are as readers of them describe.
var vtcnews = publisher{
	source:   "vtcnews",
	language: "vi",
	host:     "vtcnews.vn",
	alias:    "www.vtcnews.vn",
	zone:     hanoi,
	grain:    time.Second,
	address: func(s Story) (string, string) {
		return "ar" + s.ID, "/" + s.Slug + "-ar" + s.ID + ".html"
	},
	media: func(s Story, file string) string {
		return "https://cdn-i.vtcnews.vn/resize/th/upload/" + s.Published.Format("2006/01/02/") + file
	},
	sitemaps: []string{"/news-sitemap.xml"},
	codings:  []string{"br", "gzip"},
	build: func(s *site) {
		s.articles("vtcnews.html", vtcPeople)
		s.xml("/rss/thoi-su.rss", s.feed("Thời sự - VTC News", s.Stories, pictured))
		s.newsSitemap("/news-sitemap.xml", "VTC News")
		half := (len(s.Stories) + 1) / 2
		s.html("/quan-su-49.html", "vtcnews-listing.html", vtcListing{s.Stories[:half], 1, "/quan-su-49/trang-2.html"})
		s.html("/quan-su-49/trang-2.html", "vtcnews-listing.html", vtcListing{s.Stories[half:], 2, ""})
	},
}

type vtcListing struct {
	Stories []Story
	Page    int
	Next    string // path of the next page
}

// vtcAuthor is an author as the page shows the name, and as its metadata does.
type vtcAuthor struct{ Pen, Legal, URL string }

// legalNames stand in VTC's metadata instead of the pen names its readers see.
var legalNames = []string{"Trần Thị Hồng Ngát", "Lê Đình Thuận", "Phạm Ngọc Khải", "Đỗ Thị Minh Nguyệt"}

func vtcPeople(s Story) any {
	var people []vtcAuthor
	for i, pen := range s.Authors {
		k := (s.order + i) % len(legalNames)
		people = append(people, vtcAuthor{pen, legalNames[k], fmt.Sprintf("https://vtcnews.vn/tac-gia/%s-%d.html", slug(legalNames[k]), 101+k)})
	}
	return people
}
