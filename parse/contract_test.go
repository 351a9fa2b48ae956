package parse_test

import (
	"errors"
	"strings"
	"testing"

	"attache/internal/article"
	"attache/internal/charset"
	"attache/parse"
)

func TestStopAt(t *testing.T) {
	t.Parallel()
	const rules = `    stop_at: ["Bình luận", "Bài viết tương tự:", "تعليق (", "更多"]`
	for _, c := range []struct {
		line string
		ends bool
	}{
		{"Bình luận", true},
		{"Bình luận (12)", true},
		{"Bình luận 3 ý kiến", true},
		{"Bình luận của giới quan sát cho thấy chuyến thăm mở ra nhiều hướng mới.", false},
		{"Bình luận ngắn.", false},
		{"Bình luận” là chữ ông dùng", false},
		{"Theo Bình luận", false},
		{"Bài viết tương tự: một tiêu đề dài của một bài viết khác trong cùng chuyên mục", true},
		{"تعليق (0)", true},
		{"\u200fتعليق (0)", true},
		{"更多", true},
		{"更多合作文件将于年内签署。", false},
	} {
		got := read(t, rules, `<h1>Title</h1><div class=body><p>First.</p><p>`+c.line+`</p><p>After.</p></div>`)
		if ended := got.BodyText == "First."; ended != c.ends || !ended && !strings.HasSuffix(got.BodyText, "\n\nAfter.") {
			t.Errorf("%q: body %q, want it ended: %v", c.line, got.BodyText, c.ends)
		}
	}
}

func TestBroken(t *testing.T) {
	t.Parallel()
	const rules = `    never: ["Theo dõi chúng tôi"]`
	for _, c := range []struct{ name, page, want string }{
		{"sound", text, ""},
		{"a sentence that is never the article's", `<h1>T</h1><div class=body><p>First.</p><p>Theo dõi chúng tôi tại đây</p></div>`, "Theo dõi chúng tôi"},
		{"the same outside the body", text + `<p>Theo dõi chúng tôi</p>`, ""},
		{"no title", `<div class=body><p>First.</p></div>`, "no title"},
		{"no text", `<h1>Title</h1><div class=body><p>&nbsp;</p></div>`, "no body"},
		{"an empty page", `<html></html>`, "no title"},
		{"a text no drop could hold", `<h1>T</h1><div class=body>` + strings.Repeat("<p>"+strings.Repeat("Word ", 1000)+"</p>", 220) + `</div>`, "bytes of text"},
	} {
		got := read(t, rules, c.page)
		if (got.Broken == "") != (c.want == "") || !strings.Contains(got.Broken, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got.Broken, c.want)
		}
		if got.Authors == nil || got.Tags == nil || got.Images == nil || got.Quality == nil || got.Extractor.Fields == nil {
			t.Errorf("%s: a list is null, not empty: %+v", c.name, got.Content)
		}
	}
}

// A list of headlines may be longer than the article; it is links all the same.
func TestFallbackPassesOverLinks(t *testing.T) {
	t.Parallel()
	links := strings.Repeat(`<a href="/2"><div>A headline of another article that is as long as headlines of this paper always are</div></a>`, 9)
	got := read(t, "", `<h1>Title</h1><div><p>One paragraph that is long enough to be taken for the text of an article.</p></div><div>`+links+`</div>`)
	if got.BodyText != "One paragraph that is long enough to be taken for the text of an article." {
		t.Errorf("got %q", got.BodyText)
	}
}

// A page without a source says its language itself, if it is one.
func TestLanguage(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{"": "und", "fr": "fr", "zh-Hans": "zh", "EN-us": "en", "\u0323<x>": "und", "english": "und"} {
		got, err := parse.Read(nil, parse.Page{URL: "https://news.example/1", Body: []byte(`<html lang="` + lang + `">` + text)})
		if err != nil || got.Language != want {
			t.Errorf("%q: got %q, %v; want %q", lang, got.Language, err, want)
		}
	}
	if got := read(t, "", `<html lang=en>`+text); got.Language != "vi" {
		t.Errorf("the source's own language: got %q", got.Language)
	}
}

// What the rules do not find the fallback may, and the record says so.
func TestFallbackIsMarked(t *testing.T) {
	t.Parallel()
	got := read(t, "", `<h1>Title</h1><div class=other><p>One paragraph that is long enough to be taken for the text of an article.</p></div>`)
	if got.Extractor.Kind != article.ByFallback || answer(got, "body_text") != "fallback" || len(got.Quality) == 0 || got.Broken != "" {
		t.Errorf("got %+v, notes %+v, broken %q", got.Extractor, got.Quality, got.Broken)
	}
	if got = read(t, "", text); got.Extractor.Kind != article.ByRules {
		t.Errorf("by rules: got %+v", got.Extractor)
	}
}

func TestCanonical(t *testing.T) {
	t.Parallel()
	const here = "https://news.example/1"
	for link, want := range map[string]string{
		"":                                here,
		"https://news.example/1-new-slug": "https://news.example/1-new-slug",
		"https://news.example/2":          here, // another article
		"https://news.example/":           here,
		"https://evil.example/1":          here,
		"https://news.example.evil/1":     here,
		"javascript:alert(1)":             here,
		"https://news.example/1\x01":      here,
		"\nhttps://news.example/1?a=b\n":  "https://news.example/1?a=b",
	} {
		if got := read(t, "", `<link rel=canonical href="`+link+`">`+text); got.Canonical != want {
			t.Errorf("%q: got %q, want %q", link, got.Canonical, want)
		}
	}
	page := parse.Page{URL: "https://unknown.example/a", Body: []byte(`<link rel=canonical href="https://news.example/1">` + text)}
	if got, err := parse.Read(nil, page); err != nil || got.Canonical != page.URL {
		t.Errorf("without a source: got %q, %v; want %q", got.Canonical, err, page.URL)
	}
}

func TestNotAPage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, body string
		want       error
	}{
		{"nothing", "", charset.ErrEmpty},
		{"white space", " \n\t ", parse.ErrNotHTML},
		{"JSON", `{"contents":[]}`, parse.ErrNotHTML},
		{"plain text", "Not found", parse.ErrNotHTML},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", parse.ErrNotHTML},
	} {
		if _, err := parse.Read(nil, parse.Page{URL: "https://news.example/1", Body: []byte(c.body)}); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}
