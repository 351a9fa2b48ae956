package newsroom

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestNothingIsEarly holds the first edition to what was written for it: no story
// under embargo is anywhere.
func TestNothingIsEarly(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	c := visitor(t, r)
	held := 0
	for _, source := range r.Sources() {
		for _, s := range r.written[source] {
			if s.Embargo == 0 {
				continue
			}
			held++
			if a := get(t, c, s.URL); a.StatusCode != http.StatusNotFound {
				t.Errorf("%s answers %d", s.URL, a.StatusCode)
			}
			for path, p := range r.shown.Load().sites[source].pages {
				if strings.Contains(string(p.body), s.NativeID) {
					t.Errorf("%s names %s", path, s.URL)
				}
			}
		}
	}
	if held < 3 {
		t.Errorf("%d stories are held back", held)
	}
}

func TestAdvance(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	c := visitor(t, r)
	first, before := r.Stories("vtcnews"), get(t, c, vtcFeed)
	pages := map[string]string{}
	for _, s := range first {
		pages[s.URL] = get(t, c, s.URL).Header.Get("ETag")
	}
	advance := func(d time.Duration) {
		t.Helper()
		if err := r.Advance(d); err != nil {
			t.Fatal(err)
		}
	}
	advance(2*time.Hour - time.Second)
	if a := get(t, c, vtcFeed, "If-None-Match", before.Header.Get("ETag")); a.StatusCode != http.StatusNotModified {
		t.Errorf("time alone changed the feed: %d", a.StatusCode)
	}
	advance(time.Second)
	now := r.Stories("vtcnews")
	if len(now) != len(first)+1 || now[1].URL != first[0].URL || !now[1].Published.Equal(first[0].Published) {
		t.Fatalf("after two hours: %d stories, the first %+v", len(now), now[0])
	}
	if fresh := now[0]; !fresh.Published.Equal(r.Now().Truncate(time.Second)) || get(t, c, fresh.URL).StatusCode != http.StatusOK {
		t.Errorf("%s, published %v; it is %v", fresh.URL, fresh.Published, r.Now())
	}
	for _, list := range []string{vtcFeed, "https://vtcnews.vn/news-sitemap.xml", "https://vtcnews.vn/quan-su-49.html"} {
		if a := get(t, c, list); !strings.Contains(a.body, now[0].URL) {
			t.Errorf("%s lacks the new story", list)
		}
	}
	after := get(t, c, vtcFeed, "If-None-Match", before.Header.Get("ETag"), "If-Modified-Since", before.Header.Get("Last-Modified"))
	if after.StatusCode != http.StatusOK || after.Header.Get("Last-Modified") == before.Header.Get("Last-Modified") {
		t.Errorf("the feed: %d %v", after.StatusCode, after.Header)
	}
	for url, etag := range pages {
		if a := get(t, c, url); a.Header.Get("ETag") != etag {
			t.Errorf("%s changed because another story came", url)
		}
	}
	advance(4 * time.Hour)
	if n := len(r.Stories("vtcnews")); n != len(first)+2 {
		t.Errorf("%d stories after six hours", n)
	}
	if err := r.Advance(-time.Second); err == nil {
		t.Error("time went back")
	}
}

func TestCorrect(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	c := visitor(t, r)
	for _, source := range r.Sources() {
		s := r.Stories(source)[0]
		word := string([]rune(s.Body[0])[3:12])
		before := get(t, c, s.URL)
		if err := r.Correct(s.URL, word, "CORRECTED"); err != nil {
			t.Fatal(err)
		}
		a := get(t, c, s.URL, "If-None-Match", before.Header.Get("ETag"), "If-Modified-Since", before.Header.Get("Last-Modified"))
		if a.StatusCode != http.StatusOK || !strings.Contains(a.body, "CORRECTED") {
			t.Errorf("%s: %d, corrected: %t", s.URL, a.StatusCode, strings.Contains(a.body, "CORRECTED"))
		}
		if b := get(t, c, s.URL, "If-Modified-Since", before.Header.Get("Last-Modified")); b.StatusCode != http.StatusOK {
			t.Errorf("%s: not modified since %s, it says", s.URL, before.Header.Get("Last-Modified"))
		}
		now := r.Stories(source)[0]
		if !now.Modified.Equal(r.Now().Truncate(time.Second)) || !now.Published.Equal(s.Published) || !strings.Contains(now.Body[0], "CORRECTED") || strings.Contains(s.Body[0], "CORRECTED") {
			t.Errorf("%s: modified %v, %v: %s", s.URL, now.Modified, r.Now(), now.Body[0])
		}
	}
	url := r.Stories("vtcnews")[1].URL
	for _, word := range []string{"no such words", ""} {
		if err := r.Correct(url, word, "others"); err == nil || !strings.Contains(err.Error(), "does not say") {
			t.Errorf("%q: got %v", word, err)
		}
	}
	if err := r.Correct("https://vtcnews.vn/nowhere.html", "a", "b"); err == nil || !strings.Contains(err.Error(), "no article has the address") {
		t.Errorf("got %v", err)
	}
}

func TestWithdrawAndRestore(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	c := visitor(t, r)
	for source, lists := range map[string][]string{
		"vtcnews":        {vtcFeed, "https://vtcnews.vn/quan-su-49.html", "https://vtcnews.vn/news-sitemap.xml"},
		"vietnamplus-en": {"https://en.vietnamplus.vn/sitemaps/news-2026-11.xml", "https://en.vietnamplus.vn/politics/"},
		"vietnamvn-en":   {"https://www.vietnam.vn/news-sitemap.xml"},
	} {
		all := r.Stories(source)
		s, neighbour := all[1], all[2]
		etag := get(t, c, neighbour.URL).Header.Get("ETag")
		listed := func() (n int) {
			for _, list := range lists {
				if strings.Contains(get(t, c, list).body, s.URL) {
					n++
				}
			}
			return n
		}
		if listed() != len(lists) {
			t.Fatalf("%s is not everywhere", s.URL)
		}
		if err := r.Withdraw(s.URL, http.StatusGone); err != nil {
			t.Fatal(err)
		}
		a := get(t, c, s.URL)
		if a.StatusCode != http.StatusGone || !strings.Contains(a.body, "<h1>410</h1>") || listed() != 0 || len(r.Stories(source)) != len(all)-1 {
			t.Errorf("%s: %d, listed %d times", s.URL, a.StatusCode, listed())
		}
		if get(t, c, neighbour.URL).Header.Get("ETag") != etag {
			t.Errorf("%s changed", neighbour.URL)
		}
		if err := r.Restore(s.URL); err != nil {
			t.Fatal(err)
		}
		if got := get(t, c, s.URL); got.StatusCode != http.StatusOK || listed() != len(lists) {
			t.Errorf("%s restored: %d, listed %d times", s.URL, got.StatusCode, listed())
		}
	}
	old := r.Archive("baotintuc")[0].URL
	if err := r.Withdraw(old, http.StatusNotFound); err != nil || get(t, c, old).StatusCode != http.StatusNotFound {
		t.Errorf("an old article: %v", err)
	}
	if err := r.Withdraw(old, http.StatusTeapot); err == nil {
		t.Error("withdrawn as a teapot")
	}
}

// TestListValidators holds each list to what its publisher is said to send, and
// to telling the truth: the same lists are 304, changed ones are not.
func TestListValidators(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	c := visitor(t, r)
	for _, l := range []struct {
		source, url            string
		etag, modified, stable bool
	}{
		{"vtcnews", vtcFeed, true, true, true},
		{"vtcnews", "https://vtcnews.vn/news-sitemap.xml", true, true, true},
		{"vietnamplus-vi", "https://www.vietnamplus.vn/rss/home.rss", false, true, true},
		{"vietnamplus-en", "https://en.vietnamplus.vn/sitemap.xml", false, true, true},
		{"baotintuc", "https://baotintuc.vn/thoi-su.rss", true, false, false},
		{"vnanet", "https://vnanet.vn/vi/rss/an-ninh-quoc-phong-16.rss", true, false, true},
		{"vietnamnews", "https://vietnamnews.vn/rss/politics-laws.rss", true, true, true},
		{"qk7", "https://baoquankhu7.vn/ExtAppCommon/Home/SearchByKeyword", false, false, false},
		{"urdupoint-ar", "https://www.urdupoint.com/ar/", true, false, true},
	} {
		a := get(t, c, l.url)
		etag, modified := a.Header.Get("ETag"), a.Header.Get("Last-Modified")
		if (etag != "") != l.etag || (modified != "") != l.modified {
			t.Errorf("%s: ETag %q, Last-Modified %q", l.url, etag, modified)
		}
		var with []string
		if etag != "" {
			with = append(with, "If-None-Match", etag)
		}
		if modified != "" {
			with = append(with, "If-Modified-Since", modified)
		}
		b := get(t, c, l.url, with...)
		if (b.StatusCode == http.StatusNotModified) != l.stable {
			t.Errorf("%s, asked again: %d", l.url, b.StatusCode)
		}
		if !l.stable && b.body != a.body {
			t.Errorf("%s changed", l.url)
		}
		if err := r.Publish(l.source, 1); err != nil {
			t.Fatal(err)
		}
		if b := get(t, c, l.url, with...); b.StatusCode != http.StatusOK {
			t.Errorf("%s, with news: %d", l.url, b.StatusCode)
		}
	}
	i := slices.IndexFunc(r.Requests(), func(q Request) bool { return q.Status == http.StatusNotModified })
	if q := r.Requests()[i]; !q.Conditional() || q.Bytes != 0 || q.IfNoneMatch == "" || q.IfModifiedSince == "" {
		t.Errorf("recorded %+v", q)
	}
	if q := r.Requests()[0]; q.Conditional() || q.Bytes == 0 {
		t.Errorf("recorded %+v", q)
	}
}
