package parse

import (
	"testing"
	"time"
)

func TestParseAgo(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("+07", 7*3600)
	now := time.Date(2026, 11, 21, 1, 30, 45, 0, zone)
	for raw, want := range map[string]string{
		"6 minutes ago":        "2026-11-21T01:24:00 minute",
		"Updated 1 minute ago": "2026-11-21T01:29:00 minute",
		"40 sec ago":           "2026-11-21T01:30:00 minute",
		"2 hours ago":          "2026-11-20T00:00:00 day",
		"3 days ago":           "2026-11-18T00:00:00 day",
		"15 phút trước":        "2026-11-21T01:15:00 minute",
		"1 giờ trước":          "2026-11-21T00:00:00 day",
		"منذ 5 دقائق":          "2026-11-21T01:25:00 minute",
		"منذ ٣ ساعات":          "2026-11-20T00:00:00 day",
		"il y a 10 minutes":    "2026-11-21T01:20:00 minute",
		"Hace 2 días":          "2026-11-19T00:00:00 day",
		"20 минут назад":       "2026-11-21T01:10:00 minute",
		"2 часа назад":         "2026-11-20T00:00:00 day",
		"8分钟前":                 "2026-11-21T01:22:00 minute",
		"2天前":                  "2026-11-19T00:00:00 day",
		"in 6 minutes":         "",
		"6 phút":               "",
		"minutes ago":          "",
	} {
		m, ok := parseAgo(raw, now, zone)
		got := ""
		if ok {
			got = m.at.Format("2006-01-02T15:04:05") + " " + m.precision
		}
		if got != want {
			t.Errorf("%q is %q, want %q", raw, got, want)
		}
	}
	if _, ok := parseAgo("6 minutes ago", time.Time{}, zone); ok {
		t.Error("without the time of the fetch there is nothing to count from")
	}
}

// TestRelativeTimeOnAPage: it is read, and said to be counted back.
func TestRelativeTimeOnAPage(t *testing.T) {
	t.Parallel()
	page := Page{
		Body:      []byte(`<html lang="en"><body><h1>Frigate visits</h1><time datetime="12 minutes ago">12 minutes ago</time><p>The frigate reached the harbour on Tuesday with two hundred sailors aboard.</p></body></html>`),
		FetchedAt: time.Date(2026, 11, 21, 8, 30, 0, 0, time.UTC),
	}
	got, err := Read(nil, page)
	if err != nil {
		t.Fatal(err)
	}
	if got.PublishedAt == nil || !got.PublishedAt.Equal(page.FetchedAt.Add(-12*time.Minute)) {
		t.Errorf("published at %v", got.PublishedAt)
	}
	for _, n := range got.Quality {
		if n.Field == "published_at" && n.Note == "counted back from the fetch" {
			return
		}
	}
	t.Errorf("nothing says so: %+v", got.Quality)
}
