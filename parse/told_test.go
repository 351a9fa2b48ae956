package parse_test

import (
	"testing"
	"time"
)

// TestPublishedOfAnyHost: dates told in several ways complete each other.
func TestPublishedOfAnyHost(t *testing.T) {
	t.Parallel()
	meta := func(name, content string) string {
		return `<meta property="` + name + `" content="` + content + `">`
	}
	ld := func(date string) string {
		return `<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"` + date + `"}</script>`
	}
	const h1 = `<h1>Ferry late once more</h1>`
	for _, c := range []struct{ name, head, body, want string }{
		{"what the article says wins", ld("2026-08-24T09:30:00+02:00") + meta("article:published_time", "2026-08-25T10:00:00+02:00"), h1, "2026-08-24T09:30:00+02:00 second"},
		{"the offset of another way", meta("article:published_time", "2026-08-24 09:30:05") + meta("date", "2026-08-24T09:30:05+08:00"), h1, "2026-08-24T09:30:05+08:00 second"},
		{"a Z that is none", meta("article:published_time", "2026-08-24T09:30:05Z") + ld("2026-08-24T09:30:05-03:00"), h1, "2026-08-24T09:30:05-03:00 second"},
		{"a Z that is one, and the clock readers see", ld("2026-08-24T02:30:05Z"), h1 + `<p>23 August 2026, 10:30 pm</p>`, "2026-08-23T22:30:05-04:00 second"},
		{"a clock that is another's", ld("2026-08-24T02:30:05Z"), h1 + `<p>Updated 23 August 2026, 10:47 pm</p>`, "2026-08-24T02:30:05+00:00 second"},
		{"am and pm left out", ld("2026-08-24T22:30:00Z"), h1 + `<p>24 August 2026, 10:30</p>`, "2026-08-24T22:30:00+00:00 second"},
		{"the clock of a day", meta("publishdate", "2026-08-24"), h1 + `<p>2026-08-24 07:15</p>`, "2026-08-24T07:15:00+00:00 minute"},
		{"a time element near the headline", "", `<div><time datetime="2026-01-01T08:00:00Z">old</time></div>` + dull(12) + h1 + `<p><time datetime="2026-08-24T07:15:00+02:00">today</time></p>`, "2026-08-24T07:15:00+02:00 second"},
		{"the month first", "", h1 + `<p>Posted 8/24/2026 5:54:13 AM</p>`, "2026-08-24T05:54:13+00:00 second"},
		{"a year of two figures", "", h1 + `<p>Mo 24.08.26 | 14:07 Uhr</p>`, "2026-08-24T14:07:00+00:00 minute"},
		{"of the main entity", `<script type="application/ld+json">{"@type":"WebPage","mainEntity":{"@type":"NewsArticle","datePublished":"2026-08-24T00:00:00Z"}}</script>`, h1, "2026-08-24T00:00:00+00:00 second"},
		{"the poster's line below the text", "", h1 + `<div>Harbour board, posted 2026-08-24 07:15:42 by mole</div>`, "2026-08-24T07:15:42+00:00 second"},
	} {
		got := anyHost(t, c.head, c.body)
		is := ""
		if got.PublishedAt != nil {
			zone, err := time.Parse("-07:00", deref(got.PublishedZone))
			if err != nil {
				zone = time.Time{}
			}
			is = got.PublishedAt.In(zone.Location()).Format("2006-01-02T15:04:05-07:00") + " " + deref(got.PublishedPrecision)
		}
		if is != c.want {
			t.Errorf("%s: got %q, want %q", c.name, is, c.want)
		}
	}
}

// dull are n short lines of no interest.
func dull(n int) (html string) {
	for range n {
		html += "<div>Harbour lights</div>"
	}
	return html
}
