package newsroom

import (
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// layout says where the article pages of a source keep what.
type layout struct {
	address         string // its group is the native id
	title, body     string // selectors
	when, attribute string // selector; attribute, or text when empty
	clock           string // layout of the time there
	boxes           string // selector of boxes with other headlines
}

var vietnamPlusLayout = layout{
	address: `vietnamplus\.vn/[^/]+-post(\d+)\.vnp$`,
	title:   "h1.article__title.cms-title", body: "div.article__body.zce-content-body.cms-body",
	when: ".article__meta time.time", attribute: "datetime", clock: isoTime,
	boxes: ".article-relate, .box-related-news, .most-viewed",
}

func vietnamVNLayout(path string) layout {
	return layout{
		address: `^https://www\.vietnam\.vn/` + path + `([a-z0-9-]+)$`,
		title:   "article h1", body: "article .entry-content",
		when: ".byline time", clock: "02/01/2006",
		boxes: ".boxes",
	}
}

var layouts = map[string]layout{
	"vtcnews": {
		address: `^https://vtcnews\.vn/[a-z0-9-]+-(ar\d+)\.html$`,
		title:   "article.nd-detail h1.font28", body: "div.edittor-content[itemprop=articleBody]",
		when: "meta[name=pubdate][itemprop=datePublished]", attribute: "content", clock: isoTime,
		boxes: ".target-news",
	},
	"vietnamplus-vi": vietnamPlusLayout,
	"vietnamplus-en": vietnamPlusLayout,
	"vietnamplus-zh": vietnamPlusLayout,
	"vietnamplus-fr": vietnamPlusLayout,
	"vietnamplus-es": vietnamPlusLayout,
	"vietnamplus-ru": vietnamPlusLayout,
	"baotintuc": {
		address: `^https://baotintuc\.vn/[a-z0-9-]+/[^/]+-(\d{17})\.htm$`,
		title:   "h1.detail-title", body: ".boxdetail .contents",
		when: "meta[property='article:published_time']", attribute: "content", clock: isoTime,
		boxes: "ul.list-concern, .boxdetail .widget",
	},
	"vnanet": {
		address: `^https://vnanet\.vn/vi/tin-tuc/an-ninh-quoc-phong-16/[a-z0-9-]+-(\d+)\.html$`,
		title:   "h1", body: "div.article__body.zce-content-body.cms-body",
		when: ".article__meta time", attribute: "datetime", clock: isoTime,
		boxes: ".related-box",
	},
	"vietnamnews": {
		address: `^https://vietnamnews\.vn/politics-laws/(\d+)/[a-z0-9-]+\.html$`,
		title:   "h1.headline", body: "div.detail__content",
		when: "div.detail__meta", clock: "January 2, 2006 - 15:04",
		boxes: ".related",
	},
	"qk7": {
		address: `^https://baoquankhu7\.vn/[a-z0-9-]+?--?\d{5,10}-00(\d+)s34[02]10gs$`,
		title:   "h1", body: ".post-box",
		when: ".post-time", clock: "02/01/2006, 15:04 (GMT+7)",
		boxes: ".same, .side",
	},
	"vietnamvn-ar": vietnamVNLayout("ar/"),
	"vietnamvn-vi": vietnamVNLayout(""),
	"vietnamvn-en": vietnamVNLayout("en/"),
	"urdupoint-ar": {
		address: `^https://www\.urdupoint\.com/ar/world/[a-z0-9-]+-(\d{5,8})\.html$`,
		title:   "h1.fs24.lh48.urdu.ar.rtl", body: "div.detail_txt",
		when: ".item_date", clock: "Mon 02 January 2006 | 03:04 PM",
		boxes: ".related_news",
	},
}

var space = regexp.MustCompile(`\s+`)

func squeeze(text string) string { return strings.TrimSpace(space.ReplaceAllString(text, " ")) }

func TestPagesCarryTheirStories(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	c := visitor(t, r)
	if !slices.Equal(r.Sources(), sortedKeys(layouts)) {
		t.Fatalf("it plays %v", r.Sources())
	}
	for _, source := range r.Sources() {
		t.Run(source, func(t *testing.T) {
			l := layouts[source]
			for _, s := range slices.Concat(r.Stories(source), r.Archive(source)) {
				if m := regexp.MustCompile(l.address).FindStringSubmatch(s.URL); m == nil || m[1] != s.NativeID {
					t.Errorf("%s does not name %q", s.URL, s.NativeID)
				}
				if a := get(t, c, s.URL); a.StatusCode == http.StatusOK {
					l.check(t, s, document(t, a.body))
				}
			}
		})
	}
}

func (l layout) check(t *testing.T, s Story, page *goquery.Document) {
	if title := squeeze(page.Find(l.title).Text()); title != s.Title {
		t.Errorf("%s: title %q", s.URL, title)
	}
	body, rest := squeeze(page.Find(l.body).Text()), 0
	for _, p := range s.Body {
		p = strings.TrimSuffix(strings.TrimPrefix(p, subhead), ".")
		i := strings.Index(body[rest:], squeeze(p))
		if i < 0 {
			t.Errorf("%s: the body lacks, or has out of order: %s", s.URL, p)
			continue
		}
		rest += i
	}
	text, parts := squeeze(page.Text()), append([]string{s.Lede}, s.Authors...)
	if s.Source != "qk7" && !strings.HasPrefix(s.Source, "vietnamvn-") { // these print no tags
		parts = append(parts, s.Tags...)
	}
	for _, part := range parts {
		if !strings.Contains(text, squeeze(part)) {
			t.Errorf("%s: the page lacks %q", s.URL, part)
		}
	}
	source, err := page.Html()
	if err != nil {
		t.Fatal(err)
	}
	for _, img := range s.Images {
		if !strings.Contains(source, img.URL) || img.Caption != "" && !strings.Contains(source, html.EscapeString(img.Caption)) {
			t.Errorf("%s: the page lacks %+v", s.URL, img)
		}
	}
	if lang := page.Find("html").AttrOr("lang", ""); lang != "" && lang != s.Language {
		t.Errorf("%s: the page says it is in %q, its edition in %q", s.URL, lang, s.Language)
	}
	l.checkTime(t, s, page)
	if boxes := page.Find(l.boxes).Text(); squeeze(boxes) == "" {
		t.Errorf("%s: no other headlines around the article", s.URL)
	}
	page.Find(`script[type="application/ld+json"]`).Each(func(_ int, script *goquery.Selection) {
		if !json.Valid([]byte(script.Text())) {
			t.Errorf("%s: not JSON: %s", s.URL, script.Text())
		}
	})
}

// checkTime looks for the time where the page shows it, as finely as it does.
func (l layout) checkTime(t *testing.T, s Story, page *goquery.Document) {
	at := page.Find(l.when)
	got, want := squeeze(at.Text()), s.Published.Format(l.clock)
	if l.attribute != "" {
		got = at.AttrOr(l.attribute, "")
	}
	if !strings.HasSuffix(got, want) {
		t.Errorf("%s: published %q, want %q", s.URL, got, want)
	}
}
