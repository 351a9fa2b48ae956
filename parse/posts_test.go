package parse_test

import (
	"strings"
	"testing"

	"attache/parse"
)

const (
	ferry = "The ferry has crossed the sound every morning for eighty years, and on Friday it will cross for the last time. "
	storm = "Nobody slept in the harbour that night, for the wind tore slate after slate from the roofs above the quay. "
)

// TestFirstPost: a diary or a forum laid out by tables shows several posts; the
// first is the page's.
func TestFirstPost(t *testing.T) {
	t.Parallel()
	post := func(lines ...string) string {
		return "<tr><td>" + strings.Join(lines, "</td></tr><tr><td>") + "</td></tr>"
	}
	paragraphs := "<p>" + ferry + ferry[:60] + "</p><p>" + strings.ToUpper(ferry) + "</p>"
	others := "<p>" + storm + "</p><p>" + strings.ToUpper(storm) + "</p>"
	for name, c := range map[string]struct {
		page  string
		whole bool
	}{
		"a diary, dates above":   {"<table>" + post("<b>The last ferry</b>", "2005-06-14 03:25:55", paragraphs, "<b>A storm</b>", "2005-06-13 15:00:14", others) + "</table>", false},
		"a forum, dates below":   {"<table>" + post(paragraphs, "posted 2005/06/14 03:25:55 by ann", others, "posted 2005/06/15 15:00:14 by bob") + "</table>", false},
		"one date":               {"<table>" + post("2005-06-14 03:25:55", paragraphs, others) + "</table>", true},
		"both dates of one post": {"<table>" + post("2005-06-14 03:25:55", "2005-06-14 04:25:55", paragraphs, others) + "</table>", true},
		"told by the hour":       {"<div><div>2005-06-14 03:25:55</div>" + paragraphs + "<div>2005-06-14 03:55:55</div>" + others + "</div>", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parse.Read(nil, parse.Page{URL: "https://news.example/1", Body: []byte("<html><title>Harbour</title><body>" + c.page)})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(got.BodyText, ferry[:50]) || strings.Contains(got.BodyText, storm[:50]) != c.whole {
				t.Errorf("got %q", got.BodyText)
			}
		})
	}
}
