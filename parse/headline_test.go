package parse_test

import (
	"testing"

	"attache/parse"
)

// anyHost reads a page of a host nobody wrote rules for.
func anyHost(t *testing.T, head, body string) parse.Reading {
	t.Helper()
	const prose = `<p>The ferry left the northern pier at dawn with forty passengers, two dogs and a crate of oranges for the school.</p>
<p>It reached the island by noon, although the wind had turned twice and the captain had to wait outside the bar for the tide.</p>`
	got, err := parse.Read(nil, parse.Page{URL: "https://www.lantern.example/2026/08/story", Body: []byte("<html><head>" + head + "</head><body>" + body + prose + "</body></html>")})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestHeadline(t *testing.T) {
	t.Parallel()
	const site = `<meta property="og:site_name" content="The Lantern">`
	og := func(title string) string { return `<meta property="og:title" content="` + title + `">` }
	tw := func(title string) string { return `<meta name="twitter:title" content="` + title + `">` }
	ld := func(fields string) string {
		return `<script type="application/ld+json">{"@type":"NewsArticle",` + fields + `}</script>`
	}
	const long = "Ferry captain resigns over delays"
	for _, c := range []struct{ name, head, body, want string }{
		{"the h1 as readers see it", og("Ferry late | The Lantern") + site, `<h1>Ferry late once more</h1>`, "Ferry late once more"},
		{"the site's name at the end, as it gives it", og("Ferry late - The Lantern") + site, "", "Ferry late"},
		{"its host at the beginning", `<title>Lantern | Ferry late once more</title>`, "", "Ferry late once more"},
		{"its section", og("Ferry late_Harbour") + `<meta property="article:section" content="Harbour">`, "", "Ferry late"},
		{"a dash that is the headline's", og("Ferry late") + `<title>Ferry late - captain resigns</title>` + site, `<h1>Ferry late - captain resigns</h1>`, "Ferry late - captain resigns"},
		{"a name nothing else bears out", `<title>Ferry late for the third day in a row | Isle Post</title>`, "", "Ferry late for the third day in a row"},
		{"a kicker in the h1", og("Ferry late once more"), `<h1><span>Transport</span> <span>Ferry late once more</span></h1>`, "Ferry late once more"},
		{"a kicker machines know otherwise", og("Sea: Ferry late once more"), `<h1><b>Transport</b><span>Ferry late once more</span></h1>`, "Ferry late once more"},
		{"the h1 is a logo", og("Ferry late once more") + site, `<h1><a href="/">The Lantern</a></h1>`, "Ferry late once more"},
		{"machines are told three times", og("Ferry late: captain resigns") + tw("Ferry late: captain resigns") + `<title>Ferry late: captain resigns</title>`, `<h1>Captain resigns as ferry runs late</h1>`, "Ferry late: captain resigns"},
		{"only twice", og("Ferry late: captain resigns") + tw("Ferry late: captain resigns"), `<h1>Captain resigns as ferry runs late</h1>`, "Captain resigns as ferry runs late"},
		{"three times less than the h1", og("Ferry late: captain resigns") + tw("Ferry late: captain resigns") + `<title>Ferry late: captain resigns</title>`, `<h1>Ferry late: captain resigns – report</h1>`, "Ferry late: captain resigns – report"},
		{"one h1 in other words", og("Storms to blame for ferry delays"), `<h1>The long wait at the ferry quay</h1>`, "The long wait at the ferry quay"},
		{"one h1 of another story", og("Storms to blame for delays"), `<h1>Ten apples you must try</h1>`, "Storms to blame for delays"},
		{"entities escaped twice", og("Salt &amp;amp; Pepper sail again"), "", "Salt & Pepper sail again"},
		{"nothing at all", "", "", ""},
		{"an h2 below the breadcrumb", ld(`"headline":"The captain has had enough"`) + og(long) + tw(long) + `<title>` + long + `</title>`, `<nav><h1>` + long + `</h1></nav><h2>The captain has had enough</h2>`, "The captain has had enough"},
		{"with a kicker", og("The captain has had enough") + ld(`"headline":"`+long+`"`), `<li><h1>` + long + `</h1></li><h2>Menu</h2><h2><span>Sea</span> The captain has had enough</h2>`, "The captain has had enough"},
		{"an h2 nobody else tells", og(long), `<h1>` + long + `</h1><h2>The captain has had enough</h2>`, long},
		{"an h2 in a list of stories", og("The captain has had enough") + ld(`"headline":"`+long+`"`) + tw(long), `<h2><a href="/1">The captain has had enough</a></h2><h1>` + long + `</h1>`, long},
		{"an h2 for one network", og(long) + tw("The captain has had enough"), `<h1>` + long + `</h1><h2>The captain has had enough</h2>`, long},
		{"an h2 far down", og(long+" today") + ld(`"headline":"The captain has had enough"`), `<h1>` + long + ` today</h1><h2>1</h2><h2>2</h2><h2>3</h2><h2>4</h2><h2>The captain has had enough</h2>`, long + " today"},
		{"the h1 repeats the title element", og("The captain has had enough") + `<title>` + long + ` - The Lantern</title>` + site, `<h1>` + long + `</h1>`, "The captain has had enough"},
		{"but all other machines are told so too", og("The captain has had enough") + tw("The captain has had enough") + ld(`"headline":"`+long+`"`) + `<title>` + long + `</title>`, `<h1>` + long + `</h1>`, long},
		{"but og:title is cut short", og("Ferry captain resigns...") + `<title>` + long + `</title>`, `<h1>` + long + `</h1>`, long},
		{"told three times more", ld(`"headline":"Captain resigns as ferry runs late","name":"`+long+`"`) + og(long) + tw(long) + `<title>` + long + `</title>`, `<h1>Captain resigns as ferry runs late</h1>`, long},
		{"told three times, but the h1 is marked", og(long) + tw(long) + `<title>` + long + `</title>`, `<h1 itemprop="headline name">Captain resigns as ferry runs late</h1>`, "Captain resigns as ferry runs late"},
		{"microdata in the head", `<meta itemprop="headline" content="` + long + `"><title>` + long + `-Harbour-Lantern</title>`, "", long},
	} {
		if got := anyHost(t, c.head, c.body); got.Title != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got.Title, c.want)
		}
	}
}
