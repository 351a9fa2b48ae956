package crawlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// pages are a listing of n pages, three articles on each, numbered from 1; the
// last leads on to itself.
func pages(n int) map[string]http.HandlerFunc {
	list := map[string]http.HandlerFunc{}
	for p := 1; p <= n; p++ {
		var b strings.Builder
		for i := range 3 {
			fmt.Fprintf(&b, `<article><a href="/hinh-%[1]d.html"><img></a><h3><a href="/tin-%[1]d.html">Tin %[1]d</a></h3></article>`, 3*(p-1)+i+1)
		}
		fmt.Fprintf(&b, `<aside><article><h3><a href="/ben-le-99.html">Bên lề</a></h3></article></aside><a class="next" href="trang-%d.html">Xem thêm</a>`, min(p+1, n))
		list[fmt.Sprintf("/trang-%d.html", p)] = page("<main>" + strings.ReplaceAll(b.String(), "<aside>", "</main><aside>"))
	}
	return list
}

func TestListingPages(t *testing.T) {
	t.Parallel()
	const base = "listing: {url: 'https://news.example.com/trang-1.html', item: 'main article', link: 'h3 a'"
	known := func(ids ...string) func(string) bool {
		return func(id string) bool {
			for _, k := range ids {
				if id == "news:"+k {
					return true
				}
			}
			return false
		}
	}
	whole := func(_, _ string) (Held, bool) { return Held{}, true }
	for name, c := range map[string]struct {
		step  string
		pages int
		known func(string) bool
		held  func(step, list string) (Held, bool)
		want  string
		read  int // pages asked for
		err   string
	}{
		"one page without next":     {base + "}", 5, nil, nil, "[1 2 3]", 1, ""},
		"one page unless more said": {base + ", next: a.next}", 5, nil, nil, "[1 2 3]", 1, ""},
		"as many as allowed":        {base + ", next: a.next, max_pages: 3}", 5, nil, nil, "[1 2 3 4 5 6 7 8 9]", 3, ""},
		"the end leads to itself":   {base + ", next: a.next, max_pages: 9}", 2, nil, nil, "[1 2 3 4 5 6]", 2, ""},
		"known ones in a row":       {base + ", next: a.next, max_pages: 9, stop_after_known: 3}", 5, known("3", "4", "5"), whole, "[1 2 3 4 5 6 7 8 9 10 11 12 13 14 15]", 5, ""},
		"known to the page's end":   {base + ", next: a.next, max_pages: 9, stop_after_known: 3}", 5, known("4", "5", "6"), whole, "[1 2 3 4 5 6]", 2, ""},
		"known over a page's end":   {base + ", next: a.next, max_pages: 9, stop_after_known: 4}", 5, known("3", "4", "5", "6"), whole, "[1 2 3 4 5 6]", 2, ""},
		"known, but it broke off":   {base + ", next: a.next, max_pages: 9, stop_after_known: 3}", 5, known("4", "5", "6"), nil, "[1 2 3 4 5 6 7 8 9 10 11 12 13 14 15]", 5, ""},
		"some known, never enough":  {base + ", next: a.next, max_pages: 3, stop_after_known: 3}", 5, known("1", "3", "5", "6"), whole, "[1 2 3 4 5 6 7 8 9]", 3, "more than 3 pages are new; raise max_pages"},
		"none known, more pages":    {base + ", next: a.next}", 5, nil, whole, "[1 2 3]", 1, "more than 1 pages are new; raise max_pages"},
		"none known, no more":       {base + ", next: a.next, max_pages: 2}", 2, nil, whole, "[1 2 3 4 5 6]", 2, ""},
		"fewer than asked for":      {base + ", next: a.next}", 5, known("2", "3"), whole, "[1 2 3]", 1, ""},
		"one at the end":            {base + ", next: a.next, stop_after_known: 2}", 5, known("3"), whole, "[1 2 3]", 1, "more than 1 pages are new"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, pages(c.pages))
			found, steps := s.crawler(t, source(t, c.step)).Discover(Look{Known: c.known, Held: c.held})
			if err := steps[0].Err; (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) || (err == nil) != (len(steps[0].Held) == 1) {
				t.Fatalf("%v does not say %q; holds %v", err, c.err, steps[0].Held)
			}
			if got := fmt.Sprint(ids(found)); got != c.want {
				t.Errorf("found %s, want %s", got, c.want)
			}
			if n := len(s.requests()) - 1; n != c.read {
				t.Errorf("read %d pages, not %d: %v", n, c.read, s.requests())
			}
			if found[0].Title != "Tin 1" {
				t.Errorf("title %q", found[0].Title)
			}
		})
	}
}

func TestListingTroubles(t *testing.T) {
	t.Parallel()
	const one = `<li><a href="/tin-1.html">Tin</a></li>`
	for name, c := range map[string]struct {
		first, second http.HandlerFunc
		want, err     string
	}{
		"a new layout":           {page("<div>khác hẳn</div>"), nil, "[]", `nothing matches "li"; has the page a new layout?`},
		"the second page fails":  {page(one + `<a class=next href=/b.html>`), status(500), "[1]", "answers 500"},
		"the second is empty":    {page(one + `<a class=next href=/b.html>`), page(""), "[1]", "the answer is empty"},
		"next leads away":        {page(one + `<a class=next href=https://other.example.com/b.html>`), nil, "[1]", ""},
		"next is no address":     {page(one + `<a class=next href="javascript:more()">`), nil, "[1]", ""},
		"next is the first":      {page(one + `<a class=next href="/a.html#top">`), nil, "[1]", ""},
		"links have a base":      {page(`<base href="/moi/">` + `<li><a href="../tin-3.html">Tin</a>`), nil, "[3]", ""},
		"two that lead in turns": {page(one + `<a class=next href=/b.html>`), page(`<li><a href=/tin-2.html>Tin</a><a class=next href=/a.html>`), "[1 2]", ""},
		"next has no address":    {page(one + `<a class=next>`), nil, "[1]", ""},
		"next is a broken one":   {page(one + `<a class=next href="http://[::1">`), nil, "[1]", ""},
		"the list was moved":     {redirect("/moi/a.html"), nil, "[7]", ""},
		"windows-1251, no doubt": {text("text/html; charset=windows-1251", one+"<p>\xd5\xe0\xed\xee\xe9"), nil, "[1]", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := map[string]http.HandlerFunc{"/a.html": c.first, "/moi/a.html": page(`<li><a href="../tin-7.html">Tin</a></li>`)}
			if c.second != nil {
				list["/b.html"] = c.second
			}
			s := serve(t, list)
			found, steps := s.crawler(t, source(t, "listing: {url: 'https://news.example.com/a.html', item: li, link: a, next: a.next, max_pages: 3}")).Discover(Look{})
			if got := fmt.Sprint(ids(found)); got != c.want {
				t.Errorf("found %s, want %s", got, c.want)
			}
			if err := steps[0].Err; (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("%v does not say %q", err, c.err)
			}
		})
	}
}

// TestItemIsTheLink: without knowing the markup, a source names the links themselves.
func TestItemIsTheLink(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]http.HandlerFunc{"/a.html": page(`<div><a href="/tin-1.html">Một</a><a href="/tin-2.html">Hai</a></div>`)})
	found, _ := s.crawler(t, source(t, "listing: {url: 'https://news.example.com/a.html', item: \"a[href$='.html']\", link: a}")).Discover(Look{})
	if got := fmt.Sprint(ids(found)); got != "[1 2]" {
		t.Errorf("found %s", got)
	}
}

// TestListingDates: a page of nothing but what is older ends the reading; pinned
// old ones among the new do not, nor what has no date.
func TestListingDates(t *testing.T) {
	t.Parallel()
	item := func(n int, date string) string {
		return fmt.Sprintf(`<li><a href="/tin-%d.html">Tin</a> <time datetime="%s">hôm nay</time></li>`, n, date)
	}
	more := func(to string) string { return `<a class=next href="` + to + `">` }
	for name, c := range map[string]struct {
		third, want string
		read        int
	}{
		"all older":        {item(5, "2026-11-13T08:00:00+07:00") + item(6, "2026-11-12T08:00:00+07:00"), "[1 3 4]", 3},
		"one is not":       {item(5, "2026-11-13T08:00:00+07:00") + item(6, "2026-11-15T08:00:00+07:00"), "[1 3 4 6 7]", 4},
		"one has no date":  {item(5, "2026-11-13T08:00:00+07:00") + item(6, ""), "[1 3 4 6 7]", 4},
		"no article on it": {`<li><a href="/quang-cao">Mua</a>`, "[1 3 4 7]", 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{
				"/1.html": page(item(1, "2026-11-20T08:00:00+07:00") + item(2, "2024-01-01T08:00:00+07:00") + more("2.html")),
				"/2.html": page(item(3, "2026-11-18T08:00:00+07:00") + item(4, "2026-11-17T08:00:00+07:00") + more("3.html")),
				"/3.html": page(c.third + more("4.html")),
				"/4.html": page(item(7, "2026-11-16T08:00:00+07:00")),
			})
			found, steps := s.crawler(t, source(t, "listing: {url: 'https://news.example.com/1.html', item: li, link: a, published: time@datetime, next: a.next, max_pages: 9}")).
				Discover(Look{After: time.Date(2026, 11, 14, 0, 0, 0, 0, time.UTC)})
			if got := fmt.Sprint(ids(found)); got != c.want || steps[0].Err != nil {
				t.Errorf("found %s, want %s: %v", got, c.want, steps[0].Err)
			}
			if n := len(s.requests()) - 1; n != c.read {
				t.Errorf("read %d pages, not %d", n, c.read)
			}
		})
	}
}
