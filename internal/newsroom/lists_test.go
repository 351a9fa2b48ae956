package newsroom

import (
	"compress/gzip"
	"encoding/xml"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/mmcdole/gofeed"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

func TestFeeds(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	c := visitor(t, r)
	listed := map[string][]string{} // by source
	for _, f := range []struct{ source, url string }{
		{"vtcnews", "https://vtcnews.vn/rss/thoi-su.rss"},
		{"vietnamplus-vi", "https://www.vietnamplus.vn/rss/home.rss"},
		{"baotintuc", "https://baotintuc.vn/thoi-su.rss"},
		{"baotintuc", "https://baotintuc.vn/the-gioi.rss"},
		{"vnanet", "https://vnanet.vn/vi/rss/an-ninh-quoc-phong-16.rss"},
		{"vietnamnews", "https://vietnamnews.vn/rss/politics-laws.rss"},
	} {
		a := get(t, c, f.url)
		text := a.body
		if a.Header.Get("Content-Encoding") == "gzip" {
			text = gunzip(t, text)
		}
		if f.source == "vietnamnews" {
			text = fromUTF16(t, text)
		}
		feed, err := gofeed.NewParser().ParseString(text)
		if err != nil {
			t.Fatalf("%s: %v", f.url, err)
		}
		for _, item := range feed.Items {
			listed[f.source] = append(listed[f.source], item.Link)
			if item.PublishedParsed == nil || item.Description == "" || item.Title == "" {
				t.Errorf("%s: incomplete: %+v", f.url, item)
			}
		}
	}
	if n, want := len(listed["baotintuc"]), len(r.Stories("baotintuc"))+1; n != want {
		t.Errorf("baotintuc's two feeds have %d items, want %d: one stands in both", n, want)
	}
	for source, urls := range listed {
		sameAddresses(t, source, urls, r.Stories(source))
	}
}

func TestSitemaps(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	c := visitor(t, r)
	for source, url := range map[string]string{
		"vtcnews":        "https://vtcnews.vn/news-sitemap.xml",
		"vietnamplus-vi": "https://www.vietnamplus.vn/sitemaps/google-news.xml",
		"vietnamplus-en": "https://en.vietnamplus.vn/sitemaps/google-news.xml",
		"vietnamplus-zh": "https://zh.vietnamplus.vn/sitemaps/google-news.xml",
		"vietnamplus-fr": "https://fr.vietnamplus.vn/sitemaps/google-news.xml",
		"vietnamplus-es": "https://es.vietnamplus.vn/sitemaps/google-news.xml",
		"vietnamplus-ru": "https://ru.vietnamplus.vn/sitemaps/google-news.xml",
		"vietnamvn-ar":   "https://www.vietnam.vn/news-sitemap.xml",
	} {
		var set newsUrlset
		readXML(t, get(t, c, url), &set)
		var urls []string
		for i, u := range set.URLs {
			urls = append(urls, u.Loc)
			if s := onHost(r, source)[i]; u.Title != s.Title || u.Language != s.Language || u.Published != s.Published.Format(isoTime) {
				t.Errorf("%s: %+v is not %q", url, u, s.Title)
			}
		}
		sameAddresses(t, source, urls, onHost(r, source))
	}
	for source, url := range map[string]string{
		"vietnamplus-en": "https://en.vietnamplus.vn/sitemap.xml",
		"vietnamplus-zh": "https://zh.vietnamplus.vn/sitemap.xml",
		"vietnamplus-fr": "https://fr.vietnamplus.vn/sitemap.xml",
		"vietnamplus-es": "https://es.vietnamplus.vn/sitemap.xml",
		"vietnamplus-ru": "https://ru.vietnamplus.vn/sitemap.xml",
		"vietnamvn-ar":   "https://www.vietnam.vn/sitemap.xml",
	} {
		var index struct {
			Locs []string `xml:"sitemap>loc"`
		}
		readXML(t, get(t, c, url), &index)
		var urls []string
		for _, loc := range index.Locs {
			var set newsUrlset
			readXML(t, get(t, c, loc), &set)
			for _, u := range set.URLs {
				if !strings.HasSuffix(loc, "/categories.xml") {
					urls = append(urls, strings.TrimSpace(u.Loc))
				}
			}
		}
		sameAddresses(t, source, urls, slices.Concat(onHost(r, source), archiveOf(r, source)))
	}
}

// onHost gives the stories of all editions on the host of source, newest first:
// a host has one set of sitemaps.
func onHost(r *Room, source string) []Story {
	if !strings.HasPrefix(source, "vietnamvn-") {
		return r.Stories(source)
	}
	all := slices.Concat(r.Stories("vietnamvn-ar"), r.Stories("vietnamvn-vi"), r.Stories("vietnamvn-en"))
	slices.SortFunc(all, newestFirst)
	return all
}

func TestListings(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	c := visitor(t, r)
	for _, l := range []struct {
		source, links string
		urls          []string
	}{
		{"vtcnews", "section.list-articles > article.ar1 h3 a", []string{"https://vtcnews.vn/quan-su-49.html", "https://vtcnews.vn/quan-su-49/trang-2.html"}},
		{"vietnamplus-vi", ".abf-cate .story h2 a, .timeline .story h2 a", []string{"https://www.vietnamplus.vn/chinhtri/"}},
		{"vietnamplus-en", ".abf-cate .story h2 a, .timeline .story h2 a", []string{"https://en.vietnamplus.vn/politics/"}},
		{"vietnamplus-zh", ".abf-cate .story h2 a, .timeline .story h2 a", []string{"https://zh.vietnamplus.vn/politics/"}},
		{"vietnamplus-fr", ".abf-cate .story h2 a, .timeline .story h2 a", []string{"https://fr.vietnamplus.vn/politique/"}},
		{"vietnamplus-es", ".abf-cate .story h2 a, .timeline .story h2 a", []string{"https://es.vietnamplus.vn/politica/"}},
		{"vietnamplus-ru", ".abf-cate .story h2 a, .timeline .story h2 a", []string{"https://ru.vietnamplus.vn/politics/"}},
		{"baotintuc", "li.item .info a", []string{"https://baotintuc.vn/quan-su-514ct0.htm"}},
		{"qk7", "a[href$='10gs']", []string{"https://baoquankhu7.vn/ExtAppCommon/Home/SearchByKeyword?keyword=%C4%91%E1%BB%91i%20ngo%E1%BA%A1i%20qu%E1%BB%91c%20ph%C3%B2ng"}},
		{"urdupoint-ar", "li.item_shadow a", []string{"https://www.urdupoint.com/ar/"}},
	} {
		var urls []string
		for _, url := range l.urls {
			a := get(t, c, url)
			if a.StatusCode != http.StatusOK {
				t.Errorf("%s: status %d", url, a.StatusCode)
			}
			links := document(t, a.body).Find(l.links)
			urls = append(urls, links.Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("href", "") })...)
		}
		sameAddresses(t, l.source, urls, r.Stories(l.source))
	}
	next := document(t, get(t, c, "https://vtcnews.vn/quan-su-49.html").body).Find("a.btn-show-news").AttrOr("href", "")
	if next != "/quan-su-49/trang-2.html" {
		t.Errorf("VTC's first page leads to %q", next)
	}
}

func TestSearchTakesAnyWritingOfTheKeyword(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	c := visitor(t, r)
	const path = "https://baoquankhu7.vn/ExtAppCommon/Home/SearchByKeyword?keyword="
	for keyword, want := range map[string]int{
		"%C4%91%E1%BB%91i+ngo%E1%BA%A1i+qu%E1%BB%91c+ph%C3%B2ng": len(r.Stories("qk7")),
		norm.NFD.String("Đối%20ngoại%20quốc%20phòng"):            len(r.Stories("qk7")),
		"b%C3%B3ng%20%C4%91%C3%A1":                               0,
	} {
		if n := document(t, get(t, c, path+keyword).body).Find("a[href$='10gs']").Length(); n != want {
			t.Errorf("%s: %d stories, want %d", keyword, n, want)
		}
	}
}

// archiveOf is onHost for the articles of long ago.
func archiveOf(r *Room, source string) []Story {
	if !strings.HasPrefix(source, "vietnamvn-") {
		return r.Archive(source)
	}
	return slices.Concat(r.Archive("vietnamvn-ar"), r.Archive("vietnamvn-vi"), r.Archive("vietnamvn-en"))
}

type newsUrlset struct {
	URLs []struct {
		Loc       string `xml:"loc"`
		Title     string `xml:"http://www.google.com/schemas/sitemap-news/0.9 news>title"`
		Published string `xml:"http://www.google.com/schemas/sitemap-news/0.9 news>publication_date"`
		Language  string `xml:"http://www.google.com/schemas/sitemap-news/0.9 news>publication>language"`
	} `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 url"`
}

func readXML(t *testing.T, a answer, v any) {
	t.Helper()
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d", a.Request.URL, a.StatusCode)
	}
	if err := xml.Unmarshal([]byte(a.body), v); err != nil {
		t.Fatalf("%s: %v", a.Request.URL, err)
	}
}

func sameAddresses(t *testing.T, what string, got []string, stories []Story) {
	t.Helper()
	var want []string
	for _, s := range stories {
		want = append(want, s.URL)
	}
	slices.Sort(want)
	slices.Sort(got)
	if got = slices.Compact(got); len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("%s lists\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func document(t *testing.T, html string) *goquery.Document {
	t.Helper()
	d, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func gunzip(t *testing.T, text string) string {
	t.Helper()
	z, err := gzip.NewReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func fromUTF16(t *testing.T, text string) string {
	t.Helper()
	if !strings.HasPrefix(text, "\xff\xfe<\x00") {
		t.Fatalf("not UTF-16LE with a byte order mark: %q", text[:8])
	}
	s, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	declared := `<?xml version="1.0" encoding="utf-16"?>`
	if !strings.HasPrefix(s, declared) {
		t.Errorf("declares %q", s[:min(len(s), 60)])
	}
	return strings.TrimPrefix(s, declared)
}
