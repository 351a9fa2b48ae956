package newsroom

import (
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// TestVietnamPlusEndings wants every way an edition closes its articles on some
// page, and headlines with ledes below the article, where no heading announces them.
func TestVietnamPlusEndings(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	c := visitor(t, r)
	for source, want := range map[string][]string{
		"vietnamplus-fr": {". - VNA", ".-AVI|>>> Plus de vidéos", "./.|VNA"},
		"vietnamplus-es": {". – VNA", "./.|VNA", ".|VNA"},
		"vietnamplus-ru": {". (ВИА)", "./.|ВИA", ". – ВИA"}, // the last letter is Latin where there is no bracket
	} {
		seen := map[string]bool{}
		for _, s := range r.Stories(source) {
			page := document(t, get(t, c, s.URL).body)
			paragraphs := page.Find(".article__body > p").Map(func(_ int, p *goquery.Selection) string { return p.Text() })
			last := strings.TrimSuffix(s.Body[len(s.Body)-1], ".")
			_, ending, ok := strings.Cut(strings.Join(paragraphs, "|"), last)
			if !ok {
				t.Errorf("%s: no end of %q", s.URL, last)
			}
			seen[ending] = true
			recent := page.Find("[data-source=recent-news]")
			if recent.Length() != 1 || recent.Closest(".article__body").Length() != 0 || recent.Find(".box-heading").Length() != 0 {
				t.Errorf("%s: %d lists of recent stories, or in the body, or with a heading", s.URL, recent.Length())
			}
			if lede := recent.Find("p").First().Text(); lede != s.Lede {
				t.Errorf("%s: the recent stories begin with %q, not with its own lede", s.URL, lede)
			}
		}
		slices.Sort(want)
		if got := sortedKeys(seen); !slices.Equal(got, want) {
			t.Errorf("%s ends with %q, want %q", source, got, want)
		}
	}
}

// TestVietnamVNEditions wants three editions on one host, each in its own
// language and direction, one story under one slug in several of them.
func TestVietnamVNEditions(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	c := visitor(t, r)
	slugs := map[string]int{}
	for _, e := range []struct{ source, dir, comments string }{
		{"vietnamvn-ar", "rtl", "تعليق (0)"},
		{"vietnamvn-vi", "ltr", "Bình luận (0)"},
		{"vietnamvn-en", "ltr", "Comment (0)"},
	} {
		for _, s := range r.Stories(e.source) {
			slugs[s.Slug]++
			page := document(t, get(t, c, s.URL).body)
			if dir := page.Find("html").AttrOr("dir", ""); dir != e.dir {
				t.Errorf("%s: direction %q", s.URL, dir)
			}
			if comments := page.Find(".comments").Text(); comments != e.comments {
				t.Errorf("%s: comments under %q", s.URL, comments)
			}
		}
	}
	shared := 0
	for _, n := range slugs {
		if n > 1 {
			shared++
		}
	}
	if shared == 0 {
		t.Error("no story stands in two editions")
	}
}
