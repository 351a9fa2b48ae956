package newsroom

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/text/unicode/norm"
)

func TestArchivesAreOfLongAgo(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	for _, source := range r.Sources() {
		old := r.Archive(source)
		if len(old) != 0 && len(old) != 12 {
			t.Errorf("%s: an archive of %d", source, len(old))
		}
		defence := 0
		for _, s := range old {
			if now.Sub(s.Published) < 10*day || now.Sub(s.Published) > archiveDays*day {
				t.Errorf("%s is %v old", s.URL, now.Sub(s.Published))
			}
			if s.Defence {
				defence++
			}
			if all := s.Title + s.Lede + strings.Join(s.Body, ""); !norm.NFC.IsNormalString(all) || strings.Contains(all, "{") {
				t.Errorf("%s: %s", s.URL, all)
			}
		}
		if len(old) > 0 && (defence == 0 || defence == len(old)) {
			t.Errorf("%s: %d of %d are about defence diplomacy", source, defence, len(old))
		}
	}
	if r.Archive("vtcnews") != nil || r.Archive("nobody") != nil {
		t.Error("an archive nobody knows")
	}
}

// TestArchiveByDay finds every article by the list of its day, and an empty list
// for a day on which nothing came out.
func TestArchiveByDay(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	c := visitor(t, r)
	for source, list := range map[string]func(time.Time) string{
		"baotintuc": func(d time.Time) string {
			return "https://baotintuc.vn/thoi-su-472ct0/d" + d.Format("02-01-2006") + ".htm"
		},
		"urdupoint-ar": func(d time.Time) string {
			return "https://www.urdupoint.com/sitemap/daily/data/" + d.Format("2006/2006-01-02") + ".xml.gz"
		},
	} {
		empty := 0
		var found []string
		for back := range archiveDays {
			links := dayList(t, get(t, c, list(r.Stories(source)[0].Published.AddDate(0, 0, -back))))
			found = append(found, links...)
			if len(links) == 0 {
				empty++
			}
		}
		sameAddresses(t, source, found, slices.Concat(r.Stories(source), r.Archive(source)))
		if empty == 0 {
			t.Errorf("%s: no day without news", source)
		}
		if a := get(t, c, list(now.AddDate(0, 0, 2))); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: the day after tomorrow answers %d", source, a.StatusCode)
		}
	}
	if a := get(t, c, now.AddDate(0, 0, -12).Format("https://www.vietnam.vn/sitemap/sitemap-post/2006-01-02.xml")); a.StatusCode != http.StatusOK || strings.Contains(a.body, "<loc>") {
		t.Errorf("Vietnam.vn, a day without news: %d %s", a.StatusCode, a.body)
	}
}

func dayList(t *testing.T, a answer) []string {
	t.Helper()
	if a.StatusCode != http.StatusOK {
		t.Errorf("%s: status %d", a.Request.URL, a.StatusCode)
		return nil
	}
	if a.Header.Get("Content-Type") != "application/gzip" {
		return document(t, a.body).Find("li.item .info a").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("href", "") })
	}
	if a.Header.Get("Content-Encoding") != "" {
		t.Errorf("%s: a gzipped file is sent gzipped again", a.Request.URL)
	}
	a.body = gunzip(t, a.body)
	var set newsUrlset
	readXML(t, a, &set)
	var urls []string
	for _, u := range set.URLs {
		urls = append(urls, u.Loc)
	}
	return urls
}

// TestPublish brings out stories for every source: each gets an address of its own
// and stands in its source's lists.
func TestPublish(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	c := visitor(t, r)
	for _, source := range r.Sources() {
		before := r.Stories(source)
		for _, n := range []int{3, 30} {
			if err := r.Publish(source, n); err != nil {
				t.Fatal(err)
			}
		}
		after := r.Stories(source)
		if len(after) != len(before)+33 || after[33].URL != before[0].URL {
			t.Fatalf("%s: %d stories, then %d", source, len(before), len(after))
		}
		seen := map[string]bool{}
		for _, s := range slices.Concat(after, r.Archive(source)) {
			if seen[s.NativeID] {
				t.Errorf("%s: %s twice", source, s.NativeID)
			}
			seen[s.NativeID] = true
		}
		newest := after[0]
		if age := r.Now().Sub(newest.Published); age < 0 || age > day {
			t.Errorf("%s: published at %v, now is %v", newest.URL, newest.Published, r.Now())
		}
		if a := get(t, c, newest.URL); a.StatusCode != http.StatusOK {
			t.Errorf("%s answers %d", newest.URL, a.StatusCode)
		}
	}
	if a := get(t, c, "https://vtcnews.vn/rss/thoi-su.rss"); strings.Count(a.body, "<item>") != len(r.Stories("vtcnews")) {
		t.Errorf("the feed has %d items", strings.Count(a.body, "<item>"))
	}
	if err := r.Publish("nobody", 1); err == nil || !strings.Contains(err.Error(), `no source is called "nobody"`) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		r, err := Open(Options{Now: now})
		if err != nil {
			b.Fatal(err)
		}
		_ = r.Close()
	}
}

func BenchmarkAdvance(b *testing.B) {
	r, err := Open(Options{Now: now})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	for b.Loop() {
		if err := r.Advance(time.Minute); err != nil {
			b.Fatal(err)
		}
	}
}
