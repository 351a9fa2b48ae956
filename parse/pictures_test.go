package parse_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"attache/parse"
)

// TestFallbackPictures: pictures of a page nobody wrote rules for, with their
// captions and, told from those, who took them.
func TestFallbackPictures(t *testing.T) {
	t.Parallel()
	const first = "The ferry left the quay at six with forty people aboard, and by seven the fog had come down so thick that nobody saw the light."
	const last = "It was the harbour master who rang the bell in the end, and he rang it until the ferry answered him from beyond the breakwater."
	for _, c := range []struct {
		name, above, within string
		images              []string // address | caption | credit
	}{
		{
			"a credit in an element of its own", "", `<figure><img src=/a.jpg><figcaption>The quay at six in the morning.<span class="photo-credit">Ada Quist</span></figcaption></figure>`,
			[]string{"/a.jpg|The quay at six in the morning.|Ada Quist"},
		},
		{
			"a credit first", "", `<figure><img src=/a.jpg><div class=credit>Photo: Ada Quist</div><figcaption>The quay at six in the morning.</figcaption></figure>`,
			[]string{"/a.jpg|The quay at six in the morning.|Photo: Ada Quist"},
		},
		{
			"a credit in brackets, in words, by its sign, and at the end of it all", "",
			`<figure><img src=/a.jpg><figcaption>The quay at six. (Quist Press)</figcaption></figure><figure><img src=/b.jpg><figcaption>The bell, Bild: Ada Quist</figcaption></figure>` +
				`<figure><img src=/c.jpg><figcaption>The light — © Quist Press</figcaption></figure><figure><img src=/d.jpg><figcaption>The ferry comes home. Ada Quist</figcaption></figure>`,
			[]string{"/a.jpg|The quay at six.|Quist Press", "/b.jpg|The bell|Ada Quist", "/c.jpg|The light|Quist Press", "/d.jpg|The ferry comes home.|Ada Quist"},
		},
		{
			"brackets that name nobody", "", `<figure><img src=/a.jpg><figcaption>The quay at six. (Archivbild)</figcaption></figure>`,
			[]string{"/a.jpg|The quay at six. (Archivbild)|"},
		},
		{
			"no caption: a counter and the word for one", "", `<figure><img src=/a.jpg><div>1/5</div><figcaption><span>Caption:</span> <span>The quay at six.</span></figcaption></figure>`,
			[]string{"/a.jpg|The quay at six.|"},
		},
		{
			"a line between a picture and its credit, whatever it is set as", "", `<div><img src=/a.jpg><h3>The quay at six, seen from the roof of the customs house</h3><p>Photo: Ada Quist</p></div>`,
			[]string{"/a.jpg|The quay at six, seen from the roof of the customs house|Photo: Ada Quist"},
		},
		{
			"the words of the alternative text", "", `<div><img src=/a.jpg alt="The quay at six - The Lantern"></div><p>The quay at six</p>`,
			[]string{"/a.jpg|The quay at six|"},
		},
		{
			"an icon between", "", `<figure><img src=/a.jpg><img src=/zoom.svg><figcaption>The quay at six.</figcaption></figure>`,
			[]string{"/a.jpg|The quay at six.|"},
		},
		{
			"the largest of a set", "", `<figure><img src="data:image/gif;base64,R0" data-lazy-srcset="/s.jpg 320w, /l.jpg 1200w"></figure><picture><source srcset="/p.webp"><img src=/blank.gif></picture>`,
			[]string{"/l.jpg||", "/p.webp||"},
		},
		{
			"above the headline and in a gallery", `<figure><img src=/a.jpg><figcaption>The quay at six.</figcaption></figure>`, `<div class=carousel><figure><img src=/b.jpg><figcaption>The bell.</figcaption></figure></div>`,
			[]string{"/a.jpg|The quay at six.|", "/b.jpg|The bell.|"},
		},
		{"another story's, icons and what counts visitors", `<a href=/9><img src=/x.jpg></a>`, `<div class=related><a href=/9><figure><img src=/y.jpg></figure></a></div><img src=/pixel.jpg width=1 height=1><img src=/share.svg>`, nil},
	} {
		page := fmt.Sprintf(`<html><body><main>%s<h1>The night of the bell</h1><div><p>%s</p>%s<p>%s</p></div></main></body></html>`, c.above, first, c.within, last)
		got, err := parse.Read(nil, parse.Page{URL: "https://lantern.example/1", Body: []byte(page)})
		if err != nil {
			t.Fatal(err)
		}
		var images []string
		for _, img := range got.Images {
			images = append(images, fmt.Sprintf("%s|%s|%s", strings.TrimPrefix(img.URL, "https://lantern.example"), deref(img.Caption), deref(img.Credit)))
		}
		if !slices.Equal(images, c.images) {
			t.Errorf("%s:\n got %q\nwant %q", c.name, images, c.images)
		}
		if got.BodyText != first+"\n\n"+last {
			t.Errorf("%s: the text is\n%s", c.name, got.BodyText)
		}
	}
}

// TestFallbackStandfirst: what introduces the text becomes the lede.
func TestFallbackStandfirst(t *testing.T) {
	t.Parallel()
	const lead = "A ferry, a fog and a man who would not stop"
	const first = "The ferry left the quay at six with forty people aboard, and by seven the fog had come down so thick that nobody saw the light."
	const last = "It was the harbour master who rang the bell in the end, and he rang it until the ferry answered him from beyond the breakwater."
	for _, c := range []struct{ name, head, lede string }{
		{"a heading", "<h2>" + lead + "</h2>", lead},
		{"a line in the headline's tools", `<div class="social-bar"><p class=strapline>` + lead + "</p></div>", lead},
		{"a sentence set apart", `<div class=x>` + lead + ` ringing at all.</div><div class=byline>By Ada Quist</div>`, lead + " ringing at all."},
		{"the headline in other words is none", "<h2>The night of the bell, retold</h2>", ""},
		{"a subhead of another box is none", `<nav><h2>` + lead + `</h2></nav>`, ""},
	} {
		page := fmt.Sprintf(`<html><body><main><h1>The night of the bell</h1>%s<div><p>%s</p><p>%s</p></div></main></body></html>`, c.head, first, last)
		got, err := parse.Read(nil, parse.Page{URL: "https://lantern.example/1", Body: []byte(page)})
		if err != nil {
			t.Fatal(err)
		}
		if deref(got.Lede) != c.lede || got.BodyText != first+"\n\n"+last {
			t.Errorf("%s: lede %q, text\n%s", c.name, deref(got.Lede), got.BodyText)
		}
	}
}
