package quality_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"attache/internal/article"
	"attache/internal/quality"
)

// open parses the report's page and holds it to what every page promises.
func open(t testing.TB, r quality.Report) *goquery.Document {
	t.Helper()
	text, err := r.HTML()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := doc.Find("script, iframe, object, embed, link, img, base, form, input, [src], [srcset], [background], template").Length(); got > 0 {
		t.Errorf("%d elements run or load something", got)
	}
	csp := doc.Find(`head meta[http-equiv="Content-Security-Policy"]`).AttrOr("content", "")
	if !strings.HasPrefix(csp, "default-src 'none'; style-src 'unsafe-inline'; img-src data:;") {
		t.Errorf("policy = %q", csp)
	}
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s %s=%q>", s.Nodes[0].Data, a.Key, a.Val)
			}
		}
	})
	ids := map[string]int{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) { ids[s.AttrOr("id", "")]++ })
	doc.Find("[href]").Each(func(_ int, s *goquery.Selection) {
		href := s.AttrOr("href", "")
		switch {
		case strings.HasPrefix(href, "#"):
			if ids[href[1:]] != 1 {
				t.Errorf("%s leads to %d places", href, ids[href[1:]])
			}
		case !strings.HasPrefix(href, "https://") && !strings.HasPrefix(href, "http://"), s.AttrOr("rel", "") != "noopener noreferrer nofollow":
			t.Errorf("link %q, rel %q", href, s.AttrOr("rel", ""))
		}
	})
	if i := strings.IndexFunc(string(text), func(r rune) bool {
		return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff
	}); i >= 0 {
		t.Errorf("a control at byte %d: %q", i, text[max(0, i-20):min(len(text), i+20)])
	}
	accessible(t, doc)
	return doc
}

// accessible holds the page to what those need who do not see it.
func accessible(t testing.TB, doc *goquery.Document) {
	t.Helper()
	level := 0
	doc.Find("h1, h2, h3, h4").Each(func(i int, s *goquery.Selection) {
		n, err := strconv.Atoi(s.Nodes[0].Data[1:])
		if err != nil || n > level+1 || i > 0 && n == 1 {
			t.Errorf("heading %q of level %d after %d", s.Text(), n, level)
		}
		level = n
	})
	doc.Find("table").Each(func(_ int, table *goquery.Selection) {
		columns := table.Find("thead th[scope=col]").Length()
		if columns == 0 || columns != table.Find("thead").Find("th, td").Length() {
			t.Errorf("a table without headers: %.80q", table.Text())
		}
		table.Find("tbody tr, tfoot tr").Each(func(_ int, row *goquery.Selection) {
			if row.Children().First().AttrOr("scope", "") != "row" || row.Children().Length() != columns {
				t.Errorf("a row of %d cells under %d headers: %.80q", row.Children().Length(), columns, row.Text())
			}
		})
	})
	doc.Find("svg").Each(func(_ int, s *goquery.Selection) {
		if s.AttrOr("role", "") != "img" || s.AttrOr("aria-label", "") == "" {
			t.Errorf("a picture without words")
		}
	})
	doc.Find("[dir]").Each(func(_ int, s *goquery.Selection) {
		if !slices.Contains([]string{"ltr", "rtl", "auto"}, s.AttrOr("dir", "")) {
			t.Errorf("dir = %q", s.AttrOr("dir", ""))
		}
	})
}

func TestPage(t *testing.T) {
	t.Parallel()
	doc := open(t, report(invented()))
	for selector, want := range map[string]string{
		"h1":                                "Saturday, 21 November 2026",
		`ol.lines bdi[lang=ar][dir=rtl] a`:  "سفينة تدريب تزور الميناء أربعة أيام",
		`ol.lines bdi[lang=zh][dir=auto] a`: "国防部代表团访问河内,签署合作备忘录",
		"#ledger ~ table td.no":             "no",
		"#sources ~ table .pill.silent":     "silent",
		`ul.findings a[href="#ledger"]`:     "The ledger has them",
		"dl.figures div:nth-of-type(6) dd":  "36 addresses: 28 failed, 8 quarantined",
	} {
		if got := doc.Find(selector).First().Text(); got != want {
			t.Errorf("%s = %q, want %q", selector, got, want)
		}
	}
}

// TestSame shows that a report read back from its JSON gives the same page, and that
// nothing but the day and its rows makes the bytes.
func TestSame(t *testing.T) {
	t.Parallel()
	r := report(invented())
	text, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	again, err := report(invented()).JSON()
	if err != nil || !bytes.Equal(text, again) {
		t.Errorf("the same day gives other bytes: %v", err)
	}
	var read quality.Report
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	one, err := r.HTML()
	if err != nil {
		t.Fatal(err)
	}
	other, err := read.HTML()
	if err != nil || !bytes.Equal(one, other) {
		t.Errorf("the page from JSON is another: %v", err)
	}
}

// lists matches a list that is null in JSON.
var lists = regexp.MustCompile(`"(findings|past|sources|changes|languages|acts|countries|pairs|shortest|longest|notes|reasons|listed|gaps|titles|missing)": null`)

func TestEmpty(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, time.November, 22, 0, 0, 0, 0, zone)
	past := []quality.Source{{ID: "army-vi", Name: "Tin Quân Đội", Past: slices.Repeat([]int64{9}, 28)}}
	for name, c := range map[string]struct {
		day      quality.Day
		headline string
		status   quality.Status
		verdict  quality.Verdict
	}{
		"zero":    {quality.Day{}, "Nothing was collected: attache did not run on this day.", quality.Incomplete, ""},
		"stopped": {quality.Day{Date: "2026-11-22", Zone: "Asia/Ho_Chi_Minh", From: from, Sources: past}, "Nothing was collected: attache did not run on this day.", quality.Incomplete, quality.NotWatched},
		"silence": {quality.Day{Date: "2026-11-22", Running: true, From: from, Sources: past}, "No articles from 1 source watched; 1 source is silent that usually is not.", quality.LookCloser, quality.Silent},
		"first":   {quality.Day{Date: "2026-11-22", Running: true, From: from, Sources: []quality.Source{{ID: "army-vi"}}}, "No articles from 1 source watched; too early to say what is usual.", quality.TooEarly, quality.LittleHistory},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := report(c.day, nil)
			if r.Headline != c.headline || r.Status != c.status {
				t.Errorf("%s: %s", r.Status, r.Headline)
			}
			if len(r.Sources) > 0 && r.Sources[0].Baseline.Verdict != c.verdict {
				t.Errorf("verdict = %s, want %s", r.Sources[0].Baseline.Verdict, c.verdict)
			}
			if text, err := r.JSON(); err != nil || lists.Match(text) {
				t.Errorf("a list is null, or %v: %s", err, text)
			}
			page := open(t, r)
			if got := page.Find(".headline").Text(); !strings.Contains(got, c.headline) {
				t.Errorf("the page says %q", got)
			}
			if got := page.Find("dl.figures div:nth-of-type(6) dd").Text(); got != "– no ledger says" {
				t.Errorf("what was not had: %q", got)
			}
		})
	}
}

func TestHostile(t *testing.T) {
	t.Parallel()
	attacks := []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `javascript:alert(1)`, " JaVaScRiPt:alert(1)", "data:text/html,<script>",
		"https://trusted.example@evil.example/", "//evil.example/", "https:///nohost", "\u202egnp.exe", "\u2066\u2067x", "a\x00b\x1b[31mc\x85", "\xff\xfe",
		"</style><script>", "{{.}}", "' onmouseover='x", "t\u0301" + strings.Repeat("\u0301", 1000), strings.Repeat("long", 100_000), "\u2028line\u2029end", "vi\" dir=\"x",
	}
	day := quality.Day{Date: "<b>", Zone: "../../etc", Running: true, Reason: attacks[0], Producer: attacks[1], SchemaVersion: attacks[0]}
	var rows []article.Record
	for _, a := range attacks {
		day.Sources = append(day.Sources, quality.Source{ID: a, Name: a, Language: a, Home: a, Past: []int64{-9, 1 << 62}, Ledger: &article.Ledger{
			Source: a, Missing: []article.Missing{{Outcome: article.Failed, Reason: a, Example: a}},
		}})
		day.Gaps = append(day.Gaps, quality.Gap{Source: a, Note: a})
		day.Rejects = append(day.Rejects, quality.Reject{Source: a, URL: a, Reason: a})
		r := article.Record{
			ArticleID: a, Source: a, URL: a, ChangeType: article.ChangeType(a), ChangeReason: article.ChangeReason(a), Acts: []string{a, a}, Countries: []string{a, "VN", "vn", "V1"},
			DuplicateOf: &a, FirstSeenAt: time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC),
		}
		r.Content = article.Content{Title: a, BodyText: a, Language: a, PublishedPrecision: &a, PublishedAt: new(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)), Quality: []article.Note{{Field: a, Note: a}}}
		rows = append(rows, r)
	}
	r := report(day, rows)
	text, err := r.JSON()
	if err != nil || !json.Valid(text) {
		t.Errorf("JSON: %v", err)
	}
	if len(r.Countries) != 1 || r.Countries[0].Rows != int64(len(rows)) {
		t.Errorf("countries = %v", r.Countries)
	}
	doc := open(t, r)
	doc.Find("a[rel]").Each(func(_ int, s *goquery.Selection) { t.Errorf("linked: %s", s.AttrOr("href", "")) })
	if n := len(doc.Text()); n > 200_000 {
		t.Errorf("the page has %d bytes of text", n)
	}
}

func FuzzRow(f *testing.F) {
	_, rows := invented()
	for _, r := range rows[:20] {
		text, err := r.JSON()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var row article.Record
		if json.Unmarshal(text, &row) != nil {
			return
		}
		r := report(quality.Day{Running: true}, []article.Record{row, row})
		if got, err := r.JSON(); err != nil || !json.Valid(got) {
			t.Errorf("JSON: %v", err)
		}
		if r.Totals.Rows != 2 {
			t.Errorf("%d rows", r.Totals.Rows)
		}
		open(t, r)
	})
}
