package crawlers

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"attache/seeds"
)

// TestRealListings holds the listing rules of sources to real pages, which
// ATTACHE_SHARED names the folder of; they are other people's and not in the
// project. The numbers were written down from the pages by eye.
func TestRealListings(t *testing.T) {
	t.Parallel()
	shared := os.Getenv("ATTACHE_SHARED")
	if shared == "" {
		return
	}
	all, err := seeds.Load("")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		source, file string
		ids          []string
		next         string // as the publisher's "more" leads to; "" when only a script knows
	}{
		{
			"vtcnews", "vtcnews-listing-tin-moi-hom-nay.html",
			[]string{"ar1042974", "ar1042631", "ar1042958", "ar1042961", "ar1042948", "ar1042945", "ar1042938"},
			"/tin-moi-hom-nay/trang-2.html",
		},
		// Neither the business box (352892) nor the most popular (352413).
		{
			"vietnamplus-en", "vietnamplus-en-listing-society.html",
			[]string{"352921", "352890", "352889", "352777", "352760", "352624", "352610"},
			"",
		},
	} {
		t.Run(c.source, func(t *testing.T) {
			t.Parallel()
			list, err := os.ReadFile(filepath.Join(shared, "sources/pages", c.file))
			if err != nil {
				t.Fatal(err)
			}
			s := serve(t, map[string]http.HandlerFunc{"/list.html": page(string(list)), c.next: page("<p>Hết")})
			found, steps := s.crawler(t, listed(t, all, c.source)).Discover(Look{})
			var want []string
			for _, id := range c.ids {
				want = append(want, c.source+":"+id)
			}
			var got []string
			for _, l := range found {
				got = append(got, l.ID)
				if l.Title == "" {
					t.Errorf("%s has no title", l.URL)
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("found %v\n want %v: %v", got, want, steps[0].Err)
			}
			if requests := s.requests()[2:]; c.next == "" && len(requests) > 0 || c.next != "" && fmt.Sprint(requests) != "[news.example.com"+c.next+"]" {
				t.Errorf("went on to %v, not %q", requests, c.next)
			}
		})
	}
}

// listed is the source with its listing alone, moved to the test's host.
func listed(t *testing.T, all []*seeds.Source, id string) *seeds.Source {
	t.Helper()
	for _, src := range all {
		for _, step := range src.Discover {
			if src.ID == id && step.Listing != nil {
				moved, listing := *src, *step.Listing
				listing.URL = "https://news.example.com/list.html"
				moved.Discover, moved.Pace = []seeds.Step{{Listing: &listing}}, seeds.Pace{}
				return &moved
			}
		}
	}
	t.Fatalf("%s has no listing", id)
	return nil
}
