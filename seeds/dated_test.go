package seeds_test

import (
	"fmt"
	"testing"
	"time"
)

func TestDated(t *testing.T) {
	t.Parallel()
	s := spelled(t, "")
	moment := func(text string) time.Time {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct{ address, from, to, want string }{
		{"/news-{2006-1}.xml", "2026-09-30T17:00:00Z", "2026-11-21T00:00:00Z", "[/news-2026-11.xml /news-2026-10.xml]"},
		{"/news-{2006-1}.xml", "2026-09-30T16:59:59Z", "2026-11-21T00:00:00Z", "[/news-2026-11.xml /news-2026-10.xml /news-2026-9.xml]"},
		{"/news-{2006-01}.xml", "2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z", "[/news-2026-03.xml /news-2026-02.xml /news-2026-01.xml]"},
		// Hanoi's day begins at 17:00 UTC.
		{"/{2006-01-02}.xml", "2026-11-19T17:00:00Z", "2026-11-20T17:00:00Z", "[/2026-11-21.xml /2026-11-20.xml]"},
		{"/d{02-01-2006}.htm", "2024-02-28T00:00:00Z", "2024-03-01T00:00:00Z", "[/d01-03-2024.htm /d29-02-2024.htm /d28-02-2024.htm]"},
		{"/{2006}/{01}/{2}.xml.gz", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "[/2026/01/1.xml.gz]"},
		{"/{2006}/{Jan}?p={page}", "2026-01-05T00:00:00Z", "2026-01-05T00:00:00Z", "[/2026/Jan?p={page}]"},
		{"/{2006-01-02}.xml", "2026-11-21T00:00:00Z", "2026-11-19T00:00:00Z", "[]"},
	} {
		d, ok := s.Dated("https://x.example" + c.address)
		if !ok {
			t.Fatalf("%s has no dates", c.address)
		}
		got := []string{}
		for p := range d.Back(moment(c.from), moment(c.to)) {
			got = append(got, p.Address[len("https://x.example"):])
			if !p.From.Before(p.To) || !p.To.After(moment(c.from)) || p.From.After(moment(c.to)) {
				t.Errorf("%s: %s to %s", p.Address, p.From, p.To)
			}
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s from %s to %s:\n got %v\nwant %s", c.address, c.from, c.to, got, c.want)
		}
	}
}

// TestEveryDayOnce: going back over years misses no day and ends.
func TestEveryDayOnce(t *testing.T) {
	t.Parallel()
	d, _ := spelled(t, "").Dated("https://x.example/{2006-01-02}.xml")
	next, days := time.Time{}, 0
	for p := range d.Back(time.Time{}, time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)) {
		if days++; days > 1 && !p.To.Equal(next) {
			t.Fatalf("%s ends at %s, not where the next begins", p.Address, p.To)
		}
		next = p.From
	}
	if first := time.Date(1991, 1, 1, 0, 0, 0, 0, time.UTC); next.Format(time.DateOnly) != first.Format(time.DateOnly) {
		t.Errorf("it ends at %s after %d days", next, days)
	}
}

func TestNotDated(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"https://x.example/rss", "https://x.example/api?page={page}"} {
		if _, ok := spelled(t, "").Dated(address); ok {
			t.Errorf("%s has dates", address)
		}
	}
}

func TestNamesHosts(t *testing.T) {
	t.Parallel()
	s := spelled(t, strictRule+"\narchive: [{sitemap: 'https://files.x.example/{2006-01}.xml'}]")
	for host, want := range map[string]bool{"x.example": true, "m.x.example": true, "files.x.example": true, "www.x.example": false, "": false} {
		if s.Names(host) != want {
			t.Errorf("%q: %t", host, !want)
		}
	}
}
