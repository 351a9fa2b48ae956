package newsroom

// Vietnam.vn in Arabic, a platform of translated articles. Only the text of its
// pages and its sitemaps are known; the pages' elements and classes are invented.
var vietnamvn = publisher{
	source: "vietnamvn-ar",
	host:   "www.vietnam.vn",
	zone:   hanoi,
	grain:  day,
	address: func(s Story) (string, string) {
		return s.Slug, "/ar/" + s.Slug
	},
	media: func(s Story, file string) string {
		return "https://vphoto.vietnam.vn/thumb/1200x675/vietnam/resource/IMAGE/" + s.Published.Format("2006/1/2/") + file
	},
	sitemaps: []string{"/sitemap.xml", "/news-sitemap.xml"},
	build: func(s *site) {
		s.articles("vietnamvn.html", nil)
		s.newsSitemap("/news-sitemap.xml", "Vietnam.vn", "ar")
		s.sitemap(
			func(story Story) string {
				return s.moment(story).UTC().Format("/sitemap/sitemap-post/2006-01-02.xml")
			},
			func(story Story) location {
				return location{Loc: story.URL, LastMod: s.moment(story).UTC().Format("2006-01-02T15:04:05.000Z")}
			},
		)
	},
}
