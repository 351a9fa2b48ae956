package newsroom

import (
	"slices"
	"time"
)

// Vietnam.vn, a platform of translated articles, with all its editions on one
// host. Only the text of its pages and its sitemaps are known; the pages' elements
// and classes are invented, and so are the Arabic names of the boxes.
var (
	vietnamVNAR = vietnamVN(vvn{
		source: "vietnamvn-ar", Path: "/ar/", Lang: "ar", Dir: "rtl",
		Comments: "تعليق (0)", Boxes: []string{"نفس الموضوع", "نفس الفئة"},
		Menu: []string{"Heritage", "Figure", "Business", "No videos available", "News", "Political System", "Local", "Product"},
	})
	vietnamVNVI = vietnamVN(vvn{
		source: "vietnamvn-vi", Path: "/", Lang: "vi", Dir: "ltr", leftovers: true,
		Comments: "Bình luận (0)", Boxes: []string{"Cùng chủ đề", "Cùng chuyên mục", "Cùng tác giả"},
		Menu: []string{"Di sản", "Nhân vật", "Doanh nghiệp", "No videos available", "Thời sự", "Hệ thống Chính trị", "Địa phương", "Sản phẩm"},
	})
	vietnamVNEN = vietnamVN(vvn{
		source: "vietnamvn-en", Path: "/en/", Lang: "en", Dir: "ltr", leftovers: true,
		Comments: "Comment (0)", Boxes: []string{"Same topic", "Same category", "Same author"},
		Menu: []string{"Heritage", "Figure", "Business", "No videos available", "News", "Political System", "Local", "Product"},
	})
)

// vvn is one language edition of Vietnam.vn.
type vvn struct {
	source    string
	Path      string // of an address, up to the slug
	Lang, Dir string
	Comments  string
	Boxes     []string // headings of the boxes below the article
	Menu      []string
	leftovers bool // marks of the first publisher stand in some texts
}

// vvnPage is an article's view of its edition.
type vvnPage struct {
	vvn
	Lead string // before the first words
	Ad   string // where an advertisement stood
}

func vietnamVN(e vvn) publisher {
	return publisher{
		source:   e.source,
		language: e.Lang,
		host:     "www.vietnam.vn",
		zone:     hanoi,
		grain:    day,
		address: func(s Story) (string, string) {
			return s.Slug, e.Path + s.Slug
		},
		media: func(s Story, file string) string {
			return "https://vphoto.vietnam.vn/thumb/1200x675/vietnam/resource/IMAGE/" + s.Published.Format("2006/1/2/") + file
		},
		sitemaps: []string{"/sitemap.xml", "/news-sitemap.xml"},
		codings:  []string{"zstd", "br", "gzip"},
		archives: true,
		slugs:    "vi",
		build: func(s *site) {
			s.articles("vietnamvn.html", e.page)
			s.newsSitemap("/news-sitemap.xml", "Vietnam.vn")
			dayFile := func(t time.Time) string { return t.UTC().Format("/sitemap/sitemap-post/2006-01-02.xml") }
			s.daily(dayFile, func(path string, _ []Story) { s.xml(path, urlset{NS: sitemapNS}) })
			s.sitemap(
				func(story Story) string { return dayFile(s.moment(story)) },
				func(story Story) location {
					return location{Loc: story.URL, LastMod: later(s.moment(story), story.Modified).UTC().Format("2006-01-02T15:04:05.000Z")}
				},
			)
		},
	}
}

func (e vvn) page(s Story) any {
	p := vvnPage{vvn: e}
	if e.leftovers && slices.Contains(s.Authors, "VTC News") {
		p.Lead = "(VTC News) - "
	}
	if e.leftovers && s.Every(3) {
		p.Ad = "[ad_2]"
	}
	return p
}
