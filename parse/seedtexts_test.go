package parse_test

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"attache/internal/article"
	"attache/parse"
	"attache/seeds"
)

// seedText says which of a sample text's lines, blank ones not counted, are the
// article; the texts are other people's and not in the project.
type seedText struct {
	source, url string
	title       int // line of the headline; -1: the text has none
	first, last int // paragraphs of the article; last counts from the end
	captions    []int
	author      string
	origin      string
}

var seedTexts = map[string]seedText{
	"000": {source: "vietnamvn-ar", url: "https://www.vietnam.vn/ar/hop-tac-quoc-phong", title: 0, first: 2, last: -2, captions: []int{4, 6, 7}, author: "VTC News"},
	"001": {source: "vietnamvn-ar", url: "https://www.vietnam.vn/ar/doi-thoai-cap-thu-truong", title: -1, first: 0, last: -3, origin: "https://www.vietnamplus.vn/"},
	"002": {source: "vietnamplus-zh", url: "https://zh.vietnamplus.vn/post-184684.vnp", title: 0, first: 1, last: -18, captions: []int{2, 8}},
	"003": {source: "urdupoint-ar", url: "https://www.urdupoint.com/ar/world/x-1467112.html", title: 0, first: 2, last: -2},
	"004": {source: "qk7", url: "https://baoquankhu7.vn/doi-thoai-chinh-sach--1208799921-0012142s34210gs", title: 4, first: 5, last: -32, captions: []int{6, 8, 10, 12}, author: "Nguyễn Bằng", origin: "https://mod.gov.vn"},
}

// TestSeedTexts reads sample texts, in the folder that ATTACHE_SHARED names, out
// of markup no rule knows: the whole article and nothing else.
func TestSeedTexts(t *testing.T) {
	t.Parallel()
	sources, err := seeds.Load("")
	if err != nil {
		t.Fatal(err)
	}
	folder := os.Getenv("ATTACHE_SHARED")
	files, err := filepath.Glob(filepath.Join(folder, "seeds", "*.txt"))
	if err != nil || folder != "" && len(files) != len(seedTexts) {
		t.Fatalf("found %d texts, %v; want %d", len(files), err, len(seedTexts))
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		number, _, _ := strings.Cut(filepath.Base(file), "_")
		want, ok := seedTexts[number]
		if !ok {
			t.Fatalf("%s is not described", file)
		}
		for name, wrap := range wraps {
			t.Run(number+" "+name, func(t *testing.T) {
				t.Parallel()
				want.check(t, find(t, sources, want.source), wrap, lines(string(text)))
			})
		}
	}
}

func (want seedText) check(t *testing.T, src *seeds.Source, wrap func(title string, pieces []string) string, lines []string) {
	t.Helper()
	title := "Headline of a text that has none"
	if want.title >= 0 {
		title = lines[want.title]
	}
	got, err := parse.Read(src, parse.Page{URL: want.url, Body: []byte(wrap(title, want.pieces(lines)))})
	if err != nil {
		t.Fatal(err)
	}
	last := len(lines) + want.last
	if got.Title != title {
		t.Errorf("title: got %q, want %q", got.Title, title)
	}
	for _, i := range []int{want.first, last} {
		core := []rune(lines[i]) // without a dateline before it and an end mark after it
		core = core[len(core)/2 : len(core)-12]
		if !strings.Contains(got.BodyText, string(core)) {
			t.Errorf("the body lacks line %d: %.60q", i, string(core))
		}
	}
	foreign := slices.Concat(lines[:want.first], lines[last+1:], boxes)
	for _, i := range want.captions {
		foreign = append(foreign, lines[i])
		if !slices.ContainsFunc(got.Images, func(img article.Image) bool { return img.Caption != nil && *img.Caption == lines[i] }) {
			t.Errorf("no picture has the caption %q: %+v", lines[i], got.Images)
		}
	}
	for _, line := range foreign {
		for paragraph := range strings.SplitSeq(got.BodyText, "\n\n") {
			if paragraph == line || line != title && len(line) > 60 && strings.Contains(paragraph, line) {
				t.Errorf("the body holds %q", line)
			}
		}
	}
	if want.author != "" && !slices.Equal(got.Authors, []string{want.author}) {
		t.Errorf("authors: got %q, want %q", got.Authors, want.author)
	}
	if want.origin != "" && (got.Attribution == nil || got.Attribution.URL == nil || !strings.HasPrefix(*got.Attribution.URL, want.origin)) {
		t.Errorf("attribution: got %+v, want %s", got.Attribution, want.origin)
	}
	if got.Broken != "" {
		t.Errorf("broken: %s", got.Broken)
	}
	if t.Failed() {
		t.Logf("read by %+v:\n%s", got.Extractor, got.BodyText)
	}
}

// pieces are the lines as HTML, with a picture before each caption.
func (want seedText) pieces(lines []string) (pieces []string) {
	for i, line := range lines {
		if slices.Contains(want.captions, i) {
			pieces = append(pieces, fmt.Sprintf(`<img src="/upload/%d.jpg" width="600">`, i))
		}
		pieces = append(pieces, html.EscapeString(line))
	}
	return pieces
}

// boxes are what stands around the article on each page.
var boxes = []string{
	"Front page", "World", "Army and people",
	"Ten thousand runners met at the lake on Sunday morning for the city's oldest race.",
	"The river fell for a third day, and farmers went back to their fields.",
	"All rights reserved. Licence 77 of the Ministry, editor in chief: nobody at all, telephone 12345678.",
}

func around(title, article string) string {
	return fmt.Sprintf(`<!DOCTYPE html><html><head><meta charset="utf-8"><title>%s</title></head><body>
<div class="q1"><ul><li><a href="/">%s</a></li><li><a href="/2">%s</a></li><li><a href="/3">%s</a></li></ul></div>
%s
<div class="q9"><div>Most read</div><a href="/4"><div>%s</div></a><a href="/5"><div>%s</div></a></div>
<div class="q0">%s</div></body></html>`, html.EscapeString(title), boxes[0], boxes[1], boxes[2], article, boxes[3], boxes[4], boxes[5])
}

var wraps = map[string]func(title string, pieces []string) string{
	"p soup": func(title string, pieces []string) string {
		return around(title, "<div class=a><div class=b><p>"+strings.Join(pieces, "</p>\n<p>")+"</p></div></div>")
	},
	"table": func(title string, pieces []string) string {
		return around(title, `<form method="post" action="./Default.aspx?id=1"><input type="hidden" name="__VIEWSTATE" value="/wEPDwUK">
<table width="100%"><tr><td width="20%">&nbsp;</td><td class="c7"><span style="font-size:12pt">`+strings.Join(pieces, "<br />&nbsp;<br />\n")+`</span></td></tr></table></form>`)
	},
	"article": func(title string, pieces []string) string {
		return around(title, `<main><article class="zz-top"><h1 class="zz-h">`+html.EscapeString(title)+`</h1><section class="zz-text"><div>`+
			strings.Join(pieces, "</div><div>&#8203;</div>\n<div>")+`</div></section></article></main>`)
	},
}

func lines(text string) (list []string) {
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			list = append(list, line)
		}
	}
	return list
}

func find(t *testing.T, sources []*seeds.Source, id string) *seeds.Source {
	t.Helper()
	for _, s := range sources {
		if s.ID == id {
			return s
		}
	}
	t.Fatalf("there is no source %s", id)
	return nil
}
