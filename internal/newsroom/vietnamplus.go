package newsroom

import (
	"cmp"
	"net/url"
	"strings"
	"time"
)

// VietnamPlus. The English article and listing and the sister sites' bodies
// were seen on real pages; the other editions are taken to share their template.
// What they print around it, and in French, Spanish and Russian at its end, is
// known from texts; their section paths and the names of their boxes are guesses.
var (
	vietnamPlusVI = vietnamPlus(vnp{
		source: "vietnamplus-vi", host: "www.vietnamplus.vn", api: "api.vietnamplus.vn", Lang: "vi", Class: "vn", Zone: "chinhtri", Name: "Chính trị",
		sections: map[string]string{"Chính trị": "chinhtri", "Thế giới": "thegioi", "Xã hội": "xahoi", "Kinh tế": "kinhte", "Thể thao": "thethao"},
		Clock:    "02/01/2006 15:04", ends: []ending{{Mark: "./."}}, Agency: "(TTXVN/Vietnam+)",
		Bookmark: "Lưu bài viết", Print: "Bản in", Follow: "Theo dõi VietnamPlus", Related: "Tin liên quan", Popular: "Đọc nhiều", More: "Xem thêm",
	})
	vietnamPlusEN = vietnamPlus(vnp{
		source: "vietnamplus-en", host: "en.vietnamplus.vn", api: "en-api.vietnamplus.vn", Lang: "en", Class: "en", Zone: "politics", Name: "Politics",
		Clock: "Monday, January 2, 2006 15:04", Dateline: "<b> Hanoi (VNA) </b>– ", ends: []ending{{Mark: "./."}}, Agency: "VNA",
		Bookmark: "Bookmark", Print: "Print", Follow: "Follow VietnamPlus", Related: "Related News", Popular: "Most popular", More: "See more",
	})
	vietnamPlusZH = vietnamPlus(vnp{
		source: "vietnamplus-zh", host: "zh.vietnamplus.vn", api: "zh-api.vietnamplus.vn", Lang: "zh", Class: "zh", Zone: "politics", Name: "时政",
		sections: map[string]string{"时政": "politics", "政治": "politics", "国际": "world", "世界": "world", "社会": "society", "经济": "business", "体育": "sports"},
		Clock:    "02/01/2006 15:04", Dateline: "越通社河内——", ends: []ending{{Mark: "（完）"}}, Agency: "越通社",
		Bookmark: "收藏", Print: "打印", Follow: "关注 VietnamPlus", Related: "相关新闻", Popular: "最受关注", More: "更多",
	})
	vietnamPlusFR = vietnamPlus(vnp{
		source: "vietnamplus-fr", host: "fr.vietnamplus.vn", api: "fr-api.vietnamplus.vn", Lang: "fr", Class: "fr", Zone: "politique", Name: "Politique", Recent: true,
		Clock: "02/01/2006 15:04", Dateline: "<b>Hanoi (VNA)</b> – ", Agency: "VNA",
		ends:     []ending{{Mark: " - VNA"}, {Mark: "-AVI", Line: ">>> Plus de vidéos"}, {Mark: "./.", Line: "VNA"}},
		Bookmark: "Enregistrer", Print: "Imprimer", Follow: "Suivez VietnamPlus", Related: "Sur le même sujet", Popular: "Les plus lus", More: "Voir plus",
	})
	vietnamPlusES = vietnamPlus(vnp{
		source: "vietnamplus-es", host: "es.vietnamplus.vn", api: "es-api.vietnamplus.vn", Lang: "es", Class: "es", Zone: "politica", Name: "Política", Recent: true,
		Clock: "02/01/2006 15:04", Dateline: "<b>Hanoi (VNA)</b> ", Agency: "VNA",
		ends:     []ending{{Mark: "./.", Line: "VNA"}, {Mark: " – VNA"}, {Line: "VNA"}},
		Bookmark: "Guardar", Print: "Imprimir", Follow: "Seguir VietnamPlus", Related: "Noticias relacionadas", Popular: "Más leídas", More: "Ver más",
	})
	vietnamPlusRU = vietnamPlus(vnp{
		source: "vietnamplus-ru", host: "ru.vietnamplus.vn", api: "ru-api.vietnamplus.vn", slugs: "en", Lang: "ru", Class: "ru", Zone: "politics", Name: "Политика", Recent: true,
		sections: map[string]string{"Политика": "politics", "В мире": "world", "Общество": "society", "Экономика": "business"},
		Clock:    "02/01/2006 15:04", Dateline: "Ханой (ВИА) – ", Agency: "ВИА",
		ends:     []ending{{Mark: " (ВИА)"}, {Mark: "./.", Line: mixedVIA}, {Mark: " – " + mixedVIA}},
		Bookmark: "Сохранить", Print: "Печать", Follow: "Читайте VietnamPlus", Related: "Связанные новости", Popular: "Самые читаемые", More: "Показать ещё",
	})
)

// mixedVIA is the agency as its Russian editors often type it: the last letter is Latin.
const mixedVIA = "ВИ" + "A"

// ending is how the agency closes an article.
type ending struct {
	Mark string // after the last paragraph; "./." replaces its full stop
	Line string // a paragraph of its own after it
}

// After is text as the last paragraph.
func (e ending) After(text string) string {
	if e.Mark == "./." {
		text = strings.TrimSuffix(text, ".")
	}
	return text + e.Mark
}

// vnp is one language edition of VietnamPlus: what its template says differently.
type vnp struct {
	source, host    string
	Lang, Class     string
	api             string            // host of its JSON lists
	slugs           string            // see publisher
	Zone, Name      string            // path and name of the section that is listed
	sections        map[string]string // name to path; others are slugs of the name
	Clock           string            // layout of the time shown
	Dateline        string            // before the first paragraph, HTML
	ends            []ending          // by turns
	Agency          string
	Bookmark, Print string
	Follow          string
	Related         string
	Popular, More   string
	Recent          bool // headlines and ledes stand below the article, under no heading
}

// vnpPage is the template's view of a listing.
type vnpPage struct {
	Edition vnp
	Site    *site
}

func vietnamPlus(e vnp) publisher {
	return publisher{
		source:   e.source,
		language: e.Lang,
		host:     e.host,
		zone:     hanoi,
		grain:    time.Second,
		address: func(s Story) (string, string) {
			return s.ID, "/" + url.PathEscape(s.Slug) + "-post" + s.ID + ".vnp"
		},
		media: func(s Story, file string) string {
			return "https://media" + strings.TrimPrefix(e.Lang, "vi") + ".vietnamplus.vn/images/" + s.ID + "/" + file + ".avif"
		},
		robots: "Allow: /\nDisallow: /api/\nDisallow: /search/\nDisallow: /tim-kiem/\nDisallow: /search.html\nDisallow: /tim-kiem.html\n" +
			"Disallow: /tu-khoa.html\nDisallow: /tag.html\nDisallow: /print.html\n",
		sitemaps: []string{"/sitemap.xml", "/sitemaps/google-news.xml"},
		api:      e.api,
		lists:    modifiedOnly,
		archives: true,
		slugs:    e.slugs,
		build:    e.build,
	}
}

func (e vnp) build(s *site) {
	s.articles("vietnamplus.html", func(Story) any { return e })
	s.html("/"+e.Zone+"/", "vietnamplus-listing.html", vnpPage{e, s})
	s.newsSitemap("/sitemaps/google-news.xml", "Vietnam+ (VietnamPlus)")
	s.xml("/sitemaps/categories.xml", urlset{NS: sitemapNS, URLs: []location{{Loc: "https://" + e.host + "/" + e.Zone + "/"}}})
	s.sitemap(
		func(s Story) string { return s.Published.Format("/sitemaps/news-2006-1.xml") },
		func(s Story) location {
			return location{Loc: "      " + s.URL + "    ", LastMod: s.Published.Format(time.DateOnly)}
		},
		"/sitemaps/categories.xml",
	)
	s.zoneAPI()
	if e.Lang == "vi" {
		s.xml("/rss/home.rss", s.feed("Trang chủ - VietnamPlus", s.Stories, pictured))
		s.gzipOnly("/rss/home.rss")
	}
}

// Section is the path of the section called name.
func (e vnp) Section(name string) string { return cmp.Or(e.sections[name], slug(name)) }

// End is how s closes.
func (e vnp) End(s Story) ending { return e.ends[s.order%len(e.ends)] }
