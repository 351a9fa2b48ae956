package seeds_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attache/seeds"
)

func TestEmbeddedSourcesLoad(t *testing.T) {
	t.Parallel()
	sources, err := seeds.Load("")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"baotintuc", "qk7", "urdupoint-ar", "vietnamnews", "vietnamplus-en",
		"vietnamplus-es", "vietnamplus-fr", "vietnamplus-ru", "vietnamplus-vi", "vietnamplus-zh",
		"vietnamvn-ar", "vietnamvn-en", "vietnamvn-vi", "vnanet", "vtcnews",
	} {
		if find(sources, want) == nil {
			t.Errorf("source %s is missing", want)
		}
	}
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	sources, err := seeds.Load("")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ source, address, id string }{
		{"vtcnews", "https://vtcnews.vn/mot-bai-viet-ar1036231.html", "vtcnews:ar1036231"},
		{"vtcnews", "https://vtcnews.vn/mot-slug-khac-ar1036231.html", "vtcnews:ar1036231"},
		{"vtcnews", "https://amp.vtcnews.vn/mot-bai-viet-ar1036231.html", "vtcnews:ar1036231"},
		{"vtcnews", "http://vtc.vn/bai-cu-d434101.html", "vtcnews:d434101"},
		{"vtcnews", "HTTP://VTCNews.vn:80/mot-bai-viet%2Dar1036231.html?utm_source=zalo#binh-luan", "vtcnews:ar1036231"},
		{"vtcnews", "https://vtcnews.vn/quan-su-49.html", ""},
		{"vtcnews", "https://evil.example/x-ar1036231.html", ""},
		{"vietnamplus-vi", "https://www.vietnamplus.vn/mot-bai-post1081011.vnp", "vietnamplus-vi:1081011"},
		{"vietnamplus-vi", "https://www.vietnamplus.vn/mot-bai-cu/572514.vnp", "vietnamplus-vi:572514"},
		{"vietnamplus-vi", "https://www.vietnamplus.vn/region/ninh-binh/112.vnp", ""},
		{"vietnamplus-vi", "https://www.vietnamplus.vn/tag/mot-tag5687.vnp", ""},
		{"vietnamplus-vi", "https://en.vietnamplus.vn/a-post350179.vnp", ""},
		{"vietnamplus-en", "https://en.vietnamplus.vn/us-naval-ships/126956.amp", "vietnamplus-en:126956"},
		{"vietnamplus-zh", "https://zh.vietnamplus.vn/post-204566.vnp", "vietnamplus-zh:204566"},
		{"vietnamplus-zh", "https://zh.vietnamplus.vn/%E4%BF%83-post184684.vnp", "vietnamplus-zh:184684"},
		{"vietnamplus-fr", "https://fr.vietnamplus.vn/le-bouclier-post237196.vnp", "vietnamplus-fr:237196"},
		{"vietnamplus-fr", "https://fr.vietnamplus.vn/un-vieil-article/215862.vnp", "vietnamplus-fr:215862"},
		{"vietnamplus-fr", "https://es.vietnamplus.vn/un-articulo-post118235.vnp", ""},
		{"vietnamplus-fr", "https://fr.vietnamplus.vn/politique/", ""},
		{"vietnamplus-es", "https://es.vietnamplus.vn/un-articulo-post118235.vnp", "vietnamplus-es:118235"},
		{"vietnamplus-es", "https://es.vietnamplus.vn/un-articulo/76185.vnp", "vietnamplus-es:76185"},
		{"vietnamplus-es", "https://es.vietnamplus.vn/topic/ultimas-noticias-107.vnp", ""},
		{"vietnamplus-es", "https://ru.vietnamplus.vn/stat-ja-post79276.vnp", ""},
		{"vietnamplus-ru", "https://ru.vietnamplus.vn/stat-ja-post79276.vnp", "vietnamplus-ru:79276"},
		{"vietnamplus-ru", "https://ru.vietnamplus.vn/post79276.amp", "vietnamplus-ru:79276"},
		{"vietnamplus-ru", "https://www.vietnamplus.vn/mot-bai-post1081011.vnp", ""},
		{"baotintuc", "https://baotintuc.vn/the-gioi/mot-bai-20260716171712046.htm", "baotintuc:20260716171712046"},
		{"baotintuc", "https://baotintuc.vn/mot-bai-n20230908113544483.htm", "baotintuc:20230908113544483"},
		{"baotintuc", "https://baotintuc.vn/quan-su-514ct0.htm", ""},
		{"qk7", "https://baoquankhu7.vn/ly-luan-va-thuc-tien--1208799921-006142s34510gs", "qk7:6142"},
		{"qk7", "https://baoquankhu7.vn/(X(1)S(a0b1c2))/hoa-binh-on-dinh-1905685389-0029946s34210gs?AspxAutoDetectCookieSupport=1", "qk7:29946"},
		{"qk7", "https://www2.baoquankhu7.vn/campuchia-561475944-00168s34210gs", "qk7:168"},
		{"qk7", "https://baoquankhu7.vn/hoa-binh-on-dinh-1905685389-0029946s34210gs", "qk7:29946"},
		{"vietnamvn-ar", "https://www.vietnam.vn/ar/nghia-dong-bao-trong-lu-du", "vietnamvn-ar:nghia-dong-bao-trong-lu-du"},
		{"vietnamvn-ar", "https://www.vietnam.vn/en/nghia-dong-bao-trong-lu-du", ""},
		{"vietnamvn-ar", "https://www.vietnam.vn/nghia-dong-bao-trong-lu-du", ""},
		{"vietnamvn-en", "https://www.vietnam.vn/en/nghia-dong-bao-trong-lu-du", "vietnamvn-en:nghia-dong-bao-trong-lu-du"},
		{"vietnamvn-en", "https://vietnam.vn/en/nghia-dong-bao-trong-lu-du/", "vietnamvn-en:nghia-dong-bao-trong-lu-du"},
		{"vietnamvn-en", "https://www.vietnam.vn/ar/nghia-dong-bao-trong-lu-du", ""},
		{"vietnamvn-en", "https://www.vietnam.vn/nghia-dong-bao-trong-lu-du", ""},
		{"vietnamvn-en", "https://www.vietnam.vn/en", ""},
		{"vietnamvn-vi", "https://www.vietnam.vn/nghia-dong-bao-trong-lu-du", "vietnamvn-vi:nghia-dong-bao-trong-lu-du"},
		{"vietnamvn-vi", "https://vietnam.vn/nga-danh-chan-nhieu-uav/", "vietnamvn-vi:nga-danh-chan-nhieu-uav"},
		{"vietnamvn-vi", "https://www.vietnam.vn/ar/nghia-dong-bao-trong-lu-du", ""},
		{"vietnamvn-vi", "https://www.vietnam.vn/zh-CN/nghia-dong-bao-trong-lu-du", ""},
		{"vietnamvn-vi", "https://www.vietnam.vn/ar", ""},
		{"vietnamvn-vi", "https://www.vietnam.vn/thoi-su", ""},
		{"vietnamvn-vi", "https://www.vietnam.vn/he-thong-chinh-tri", ""},
		{"vietnamvn-vi", "https://www.vietnam.vn/sitemap/sitemap-post/2026-07-08.xml", ""},
		{"urdupoint-ar", "https://www.urdupoint.com/ar/world/news-1658601.html", "urdupoint-ar:1658601"},
		{"vnanet", "https://vnanet.vn/vi/tin-tuc/an-ninh-quoc-phong-16/mot-bai-7669268.html", "vnanet:7669268"},
		{"vietnamnews", "https://vietnamnews.vn/politics-laws/1779712/a-story.html", "vietnamnews:1779712"},
	} {
		got, _ := find(sources, c.source).Identify(c.address)
		if got != c.id {
			t.Errorf("%s %s: got %q, want %q", c.source, c.address, got, c.id)
		}
	}
}

func find(sources []*seeds.Source, id string) *seeds.Source {
	for _, s := range sources {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// TestBadFiles reads testdata/bad: each file says in its first line what must be reported.
func TestBadFiles(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("no bad files found", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(string(data), "\n")
		want := strings.TrimPrefix(first, "# ")
		_, err = seeds.Parse(filepath.Base(name), data)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\n got %v\nwant %s", name, err, want)
		}
	}
}

// TestAddressesOfSteps: ports a source names are its own, and a date is no port.
func TestAddressesOfSteps(t *testing.T) {
	t.Parallel()
	for step, ports := range map[string]string{
		"feed: http://x.example:80/rss":                                                  "[]",
		"feed: https://x.example:443/rss":                                                "[]",
		"feed: https://x.example:8443/rss":                                               "[8443]",
		"sitemap: 'http://x.example:8080/{2006-01}.xml'":                                 "[8443, 8080]",
		"feed: https://tin-tức.example/rss":                                              "[]",
		"json: {url: 'https://x.example/{page}', items: a, link: b, max_pages: 3}":       "[]",
		"json: {url: 'https://x.example/', items: a, link: b, next: more, max_pages: 3}": "[]",
	} {
		file := "id: x\nname: X\nhome: https://x.example/\nlanguage: en\ntimezone: UTC\nschedule: '@daily'\ndiscover:\n  - " + step +
			"\narticle_url: '/(?P<id>\\d+)$'\nrules: [{evidence: inferred, title: [h1], body: [p]}]\nports: " + ports + "\n"
		if _, err := seeds.Parse("x.yaml", []byte(file)); err != nil {
			t.Error(err)
		}
	}
}

// TestContributingExample holds the file CONTRIBUTING shows, and what it says may
// be added, to what is read here.
func TestContributingExample(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	_, shown, _ := strings.Cut(strings.ReplaceAll(string(text), "\n   ", "\n"), "```yaml\n")
	parts := strings.SplitN(shown, "```\n", 6)
	if len(parts) != 6 {
		t.Fatalf("CONTRIBUTING.md has %d parts", len(parts))
	}
	example, step, settings := parts[0], strings.ReplaceAll("\n"+parts[2], "\n", "\n  "), parts[4]
	example = strings.Replace(example, "\narticle_url:", step+"\narticle_url:", 1)
	s, err := seeds.Parse("gazette.yaml", []byte(example+settings))
	if err != nil {
		t.Fatal(err)
	}
	if id, _ := s.Identify("https://m.gazette.example/(S(x))/2026/a-visit-4711.html"); id != "gazette:4711" {
		t.Errorf("identified as %q", id)
	}
	if len(s.Discover) != 4 || s.Discover[3].JSON == nil || len(s.Archive) != 1 || s.Screen != seeds.ByTitle || !s.OldTLS {
		t.Errorf("read as %+v", s)
	}
}

// TestLike holds editions on one CMS to one set of selectors and words of their own.
func TestLike(t *testing.T) {
	t.Parallel()
	sources, err := seeds.Load("")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ source, like string }{
		{"vietnamplus-zh", "vietnamplus-en"},
		{"vietnamplus-fr", "vietnamplus-en"},
		{"vietnamplus-es", "vietnamplus-en"},
		{"vietnamplus-ru", "vietnamplus-en"},
		{"vietnamvn-vi", "vietnamvn-ar"},
		{"vietnamvn-en", "vietnamvn-ar"},
	} {
		own, from := find(sources, c.source).Rules[0], find(sources, c.like).Rules[0]
		if len(own.Body) == 0 || &own.Body[0] != &from.Body[0] {
			t.Errorf("%s does not read the body as %s does", c.source, c.like)
		}
		if own.StopAt[0] == from.StopAt[0] || own.Evidence != "inferred" {
			t.Errorf("%s has lost its own words: %+v", c.source, own)
		}
	}
	dir := t.TempDir()
	own := "id: own\nname: Own\nhome: https://own.example/\nlanguage: en\ntimezone: UTC\nschedule: \"@daily\"\n" +
		"discover: [{feed: \"https://own.example/rss\"}]\narticle_url: '/(?P<id>\\d+)$'\nrules: [{evidence: inferred, like: nobody}]\n"
	if err := os.WriteFile(filepath.Join(dir, "own.yaml"), []byte(own), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := seeds.Load(dir); err == nil || !strings.Contains(err.Error(), `own.yaml: rules[0].like: "nobody" is no source with rules of its own`) {
		t.Errorf("like nobody: %v", err)
	}
}
