package parse_test

import (
	"slices"
	"testing"

	"attache/parse"
	"attache/seeds"
)

// source is a publisher whose pages have the given rules, in YAML, besides a
// title in h1 and a body in .body.
func source(t *testing.T, rules string) *seeds.Source {
	t.Helper()
	s, err := seeds.Parse("test.yaml", []byte(`
id: test
name: Test
home: https://news.example/
language: vi
timezone: Asia/Ho_Chi_Minh
schedule: "0 * * * *"
discover: [{feed: "https://news.example/rss"}]
article_url: '^https://news\.example/(?P<id>\d+)'
rules:
  - evidence: inferred
    title: ["h1"]
    body: [".body"]
`+rules))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// read reads a page of that publisher.
func read(t *testing.T, rules, page string) parse.Reading {
	t.Helper()
	got, err := parse.Read(source(t, rules), parse.Page{URL: "https://news.example/1", Body: []byte(page)})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

const text = `<h1>Title</h1><div class=body><p>First.</p><p>Second.</p></div>`

func TestCandidates(t *testing.T) {
	t.Parallel()
	const ld = `<script type="application/ld+json">`
	for _, c := range []struct {
		name, rules, page, want, by string
	}{
		{"text", `section: [".s"]`, `<b class=s> A <i>b</i> </b>`, "A b", ".s"},
		{"attribute", `section: ["meta[name=s]@content"]`, `<meta name=s content=" A ">`, "A", "meta[name=s]@content"},
		{"an @ in the selector is no attribute", `section: ["a[href='x@y']"]`, `<a href="x@y">A</a>`, "A", "a[href='x@y']"},
		{"the next when one is empty", `section: [".s", ".t@title", ".u"]`, `<b class=s>&nbsp;</b><b class=t title=" ">no</b><b class=u>A</b>`, "A", ".u"},
		{"the first of many", `section: [".s"]`, `<b class=s></b><b class=s>A</b><b class=s>B</b>`, "A", ".s"},
		{"pattern over lines of text", `section: ['text:(?m)^In: (.+)$']`, `<p>No In: x</p><p>In: <b>A</b></p>`, "A", "text:(?m)^In: (.+)$"},
		{"pattern sees no script", `section: ['text:In: (\w+)']`, `<script>In: B</script>In: A`, "A", `text:In: (\w+)`},
		{"JSON-LD", `section: ["jsonld:articleSection"]`, ld + `{"@type":"NewsArticle","articleSection":"A"}</script>`, "A", "jsonld:articleSection"},
		{"JSON-LD in @graph", `section: ["jsonld:articleSection"]`, ld + `{"@graph":[{"@type":"WebPage","articleSection":"no"},{"@type":["Thing","ReportageNewsArticle"],"articleSection":["A","B"]}]}</script>`, "A", "jsonld:articleSection"},
		{"JSON-LD in a list, in the second script", `section: ["jsonld:a.b"]`, ld + `{"@type":"Organization","a":{"b":"no"}}</script>` + ld + `[{"@type":"Article","a":[{"b":""},{"b":"A"}]}]</script>`, "A", "jsonld:a.b"},
		{"JSON-LD with raw line breaks", `section: ["jsonld:articleSection"]`, ld + "{\"@type\":\"Article\",\"articleSection\":\"A\r\n\tB\"}</script>", "A B", "jsonld:articleSection"},
		{"JSON-LD number", `section: ["jsonld:n"]`, ld + `{"@type":"Article","n":1786939764}</script>`, "1786939764", "jsonld:n"},
		{"broken JSON-LD beside a good one", `section: ["jsonld:articleSection"]`, ld + `{"@type":</script>` + ld + `{"@type":"Article","articleSection":"A"}</script>`, "A", "jsonld:articleSection"},
		{"structured data when no rule answers", `section: [".s"]`, `<meta property="article:section" content="A">`, "A", "meta[property='article:section']@content"},
	} {
		got := read(t, "    "+c.rules, c.page+text)
		if got.Section == nil || *got.Section != c.want || answer(got, "section") != c.by {
			t.Errorf("%s: got %v by %q, want %q by %q", c.name, deref(got.Section), answer(got, "section"), c.want, c.by)
		}
	}
}

// A rule that found nothing is a sign of a new layout: the record says so. A
// field no rule was written for may come from structured data silently.
func TestStructuredDataIsNoted(t *testing.T) {
	t.Parallel()
	const page = `<meta property="article:section" content="A"><meta property="article:published_time" content="2026-08-17T11:09:24+07:00">` + text
	for _, c := range []struct {
		rules string
		noted []string
	}{
		{`    section: [".s"]
    published: [".d"]`, []string{"section", "published_at"}},
		{`    section: ["meta[property='article:section']@content"]`, nil},
		{"", nil},
	} {
		got := read(t, c.rules, page)
		var noted []string
		for _, note := range got.Quality {
			noted = append(noted, note.Field)
		}
		if !slices.Equal(noted, c.noted) || deref(got.Section) != "A" || got.PublishedAt == nil {
			t.Errorf("rules %q: got section %q, published %v, notes %+v; want notes on %q", c.rules, deref(got.Section), got.PublishedAt, got.Quality, c.noted)
		}
	}
}

func TestPublished(t *testing.T) {
	t.Parallel()
	const rules = `    published: ["meta[name=pub]@content", ".d"]`
	got := read(t, rules, `<meta name=pub content="soon"><p class=d>Thứ ba, 17/09/2019, 11:42 (GMT+7)</p>`+text)
	if answer(got, "published_at") != ".d" || deref(got.PublishedRaw) != "Thứ ba, 17/09/2019, 11:42 (GMT+7)" || deref(got.PublishedZone) != "+07:00" || deref(got.PublishedPrecision) != "minute" {
		t.Errorf("got %v from %q, zone %q", got.PublishedAt, deref(got.PublishedRaw), deref(got.PublishedZone))
	}
	got = read(t, rules, `<p class=d>VTC News•27/09/2024</p>`+text)
	if deref(got.PublishedZone) != "Asia/Ho_Chi_Minh" || deref(got.PublishedPrecision) != "day" || len(got.Quality) != 1 {
		t.Errorf("day only: zone %q, notes %+v", deref(got.PublishedZone), got.Quality)
	}
	got = read(t, rules, `<p class=d>6 minutes ago</p>`+text)
	if got.PublishedAt != nil || got.PublishedRaw != nil || len(got.Quality) != 1 {
		t.Errorf("no date: got %v, notes %+v", got.PublishedAt, got.Quality)
	}
}

func TestFieldsAreCleaned(t *testing.T) {
	t.Parallel()
	got := read(t, `
    tags: [".tags a"]
    lede: [".lede"]
    authors: [".by b"]
    attribution: ["text:(?m)^(Nguồn: .+)$"]
    strip: ['^\(Báo X\)\s*-\s*', '/\.$']`, `
<div class=tags><a>#Quốc phòng</a><a> Lào, </a><a>Quốc phòng</a><a>,</a></div>
<p class=lede>(Báo X) - Mở đầu./.</p><p class=by><b>An</b> <b>Bình</b> <b>An</b></p>
<p>Nguồn: https://mod.gov.vn/a-1.html.</p>
<h1>Title</h1><div class=body><p>(Báo X) - First.</p><p>/.</p><p>Last./.</p></div>`)
	if want := []string{"Quốc phòng", "Lào"}; !slices.Equal(got.Tags, want) {
		t.Errorf("tags: got %q, want %q", got.Tags, want)
	}
	if want := []string{"An", "Bình"}; !slices.Equal(got.Authors, want) {
		t.Errorf("authors: got %q, want %q", got.Authors, want)
	}
	if deref(got.Lede) != "Mở đầu." || got.BodyText != "First.\n\nLast." {
		t.Errorf("lede %q, body %q", deref(got.Lede), got.BodyText)
	}
	if a := got.Attribution; a == nil || deref(a.URL) != "https://mod.gov.vn/a-1.html" {
		t.Errorf("attribution: got %+v", a)
	}
}

// answer is the candidate that gave field its value.
func answer(got parse.Reading, field string) string {
	for _, a := range got.Extractor.Fields {
		if a.Field == field {
			return a.By
		}
	}
	return ""
}
