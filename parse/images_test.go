package parse_test

import (
	"fmt"
	"slices"
	"testing"
)

func TestImages(t *testing.T) {
	t.Parallel()
	const figures = `    images: [".body figure", ".hero img"]
    remove: [".related"]`
	for _, c := range []struct {
		name, rules, body string
		images            []string // address | caption | credit
		text              string
	}{
		{
			"lazy: the real address is in data-src", figures,
			`<p>First.</p><figure><img src="data:image/gif;base64,R0lGOD" data-src="/a.jpg" alt="Title - 1"></figure><figure><img src="/blank.png" data-src="/b.jpg"></figure><p>Short.</p>`,
			[]string{"https://news.example/a.jpg||", "https://news.example/b.jpg||"},
			"First.\n\nShort.",
		},
		{
			"figcaption in the figure", figures,
			`<figure><img src="//cdn.example/a.jpg"><figcaption><p>The talks. Ảnh: An Bình</p></figcaption></figure><p>First.</p>`,
			[]string{"https://cdn.example/a.jpg|The talks. Ảnh: An Bình|An Bình"},
			"First.",
		},
		{
			"figcaption after the figure", figures,
			`<div><figure><img src=a.jpg></figure><figcaption>The talks (Photo: VNA)</figcaption></div><p>First.</p>`,
			[]string{"https://news.example/a.jpg|The talks (Photo: VNA)|VNA"},
			"First.",
		},
		{
			"gallery: each picture its own caption", figures,
			`<figure><img src=a.jpg><figcaption>A</figcaption></figure><figure><img src=b.jpg></figure><figure><img src=c.jpg><figcaption>C</figcaption></figure><p>First.</p>`,
			[]string{"https://news.example/a.jpg|A|", "https://news.example/b.jpg||", "https://news.example/c.jpg|C|"},
			"First.",
		},
		{
			"a figure no rule names", "",
			`<p>First.</p><figure><img src=a.jpg><figcaption>A caption so long that by its length alone it could pass for a paragraph of the text, which it is not.</figcaption></figure><p>Short.</p>`,
			[]string{"https://news.example/a.jpg|A caption so long that by its length alone it could pass for a paragraph of the text, which it is not.|"},
			"First.\n\nShort.",
		},
		{
			"bare img with a caption line", figures,
			`<p>First.</p><div><img src=a.jpg></div><div>Quang cảnh buổi hội đàm. Ảnh: CTV</div><div>&nbsp;</div><p>Short.</p>`,
			[]string{"https://news.example/a.jpg|Quang cảnh buổi hội đàm. Ảnh: CTV|CTV"},
			"First.\n\nShort.",
		},
		{
			"a paragraph after a bare img is no caption", figures,
			`<img src=a.jpg><p>This line is longer than captions are and names no photographer, so it is what the writer goes on to say about the talks and about the visit.</p>`,
			[]string{"https://news.example/a.jpg||"},
			"This line is longer than captions are and names no photographer, so it is what the writer goes on to say about the talks and about the visit.",
		},
		{
			"a subhead after a bare img is no caption", figures,
			`<img src=a.jpg><p><strong>What was said</strong></p><p>First.</p>`,
			[]string{"https://news.example/a.jpg||"},
			"What was said\n\nFirst.",
		},
		{
			"the same picture twice, the caption once", figures,
			`<img src=a.jpg><p>First paragraph of the text, which goes on for longer than twenty words do so that nobody takes it for a caption of it.</p><figure><img src=a.jpg><figcaption>A</figcaption></figure>`,
			[]string{"https://news.example/a.jpg|A|"},
			"First paragraph of the text, which goes on for longer than twenty words do so that nobody takes it for a caption of it.",
		},
		{
			"pictures of removed boxes are not the article's", figures,
			`<p>First.</p><div class=related><figure><img src=b.jpg><figcaption>B</figcaption></figure></div>`,
			nil, "First.",
		},
		{
			"outside the body where a rule says so; no script, no broken address", figures,
			`<p>First.</p><figure><img src="javascript:x()"></figure><figure><img src="http://[::1"></figure></div><div class=hero><img src=h.jpg cms-photo-caption="The hero">`,
			[]string{"https://news.example/h.jpg|The hero|"},
			"First.",
		},
	} {
		got := read(t, c.rules, `<h1>Title</h1><div class=body>`+c.body+`</div>`)
		var images []string
		for _, img := range got.Images {
			images = append(images, fmt.Sprintf("%s|%s|%s", img.URL, deref(img.Caption), deref(img.Credit)))
		}
		if !slices.Equal(images, c.images) || got.BodyText != c.text {
			t.Errorf("%s:\n got %q\nwant %q\n got %q\nwant %q", c.name, images, c.images, got.BodyText, c.text)
		}
	}
}

func TestCredits(t *testing.T) {
	t.Parallel()
	for caption, want := range map[string]string{
		"Quang cảnh hội đàm. Ảnh: Trọng Đức/TTXVN": "Trọng Đức/TTXVN",
		"Quang cảnh. (Ảnh tư liệu: AFP)":           "AFP",
		"At the talks. VNA/VNS Photo An Đăng":      "VNA/VNS Photo An Đăng",
		"双方会谈。图自越通社":                               "越通社",
		"منظر للاجتماع. (صورة: ثو ترانج)":          "ثو ترانج",
		"La firma del plan. (Fuente: VNA)":         "VNA",
		"Встреча. Фото: ВИА":                       "ВИА",
		"A photo of the talks":                     "",
		"Photographs are in the source: see below, where all of it is told at such length that it is none": "",
	} {
		got := read(t, "", fmt.Sprintf(`<h1>Title</h1><div class=body><p>First.</p><figure><img src=a.jpg><figcaption>%s</figcaption></figure></div>`, caption))
		if len(got.Images) != 1 || deref(got.Images[0].Credit) != want {
			t.Errorf("%q: got %+v, want %q", caption, got.Images, want)
		}
	}
}
