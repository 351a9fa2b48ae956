package parse_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"attache/parse"
	"attache/seeds"
)

// FuzzRead reads any bytes by the rules of any source, or of none: no panic, and
// whatever comes out is text as records hold it.
func FuzzRead(f *testing.F) {
	sources, err := seeds.Load("")
	if err != nil {
		f.Fatal(err)
	}
	for i := range sources {
		f.Add(uint8(i), "text/html; charset=utf-8", []byte(everyRule))
	}
	none := uint8(len(sources))
	for _, page := range []string{
		"", "<", "<p", "<p>\x00", "<html lang=\xff>", "<h1>\u0323a</h1><p>\u200f<p>e<b>\u0301</b>",
		"<h1>T<td>x<br><br>\u0301y", "<title>T</title><ul><li>A<li>B", `<script type="application/ld+json">[{"@type":"Article","headline":["a",1,{"b":null}]}]</script>`,
		"<img src=a><p>Photo: x</p><figure><img data-src=//[::1]><figcaption>y", "<h1><img>T</h1>", "\xff\xfe<\x00p\x00>\x00", "<h1>T</h1><div>" + strings.Repeat("đối thoại quốc phòng ", 20) + "</div><p>An - Bình</p>",
	} {
		f.Add(none, "", []byte(page))
	}
	f.Fuzz(func(t *testing.T, which uint8, contentType string, page []byte) {
		var src *seeds.Source
		address := "https://news.example/a"
		if int(which) < len(sources) {
			src = sources[which]
			address = src.Home
		}
		got, err := parse.Read(src, parse.Page{URL: address, ContentType: contentType, Body: page})
		if err != nil {
			return
		}
		texts := map[string]string{
			"title": got.Title, "lede": deref(got.Lede), "section": deref(got.Section), "language": got.Language,
			"published_raw": deref(got.PublishedRaw), "authors": strings.Join(got.Authors, "; "), "tags": strings.Join(got.Tags, "; "),
		}
		if got.Attribution != nil {
			texts["attribution"] = got.Attribution.Text
		}
		for _, img := range got.Images {
			texts["caption "+img.URL], texts["credit "+img.URL] = deref(img.Caption), deref(img.Credit)
		}
		if got.BodyText != "" {
			for paragraph := range strings.SplitSeq(got.BodyText, "\n\n") {
				texts["body "+paragraph] = paragraph
				if !strings.ContainsFunc(paragraph, visible) {
					t.Errorf("an empty paragraph %q in %q", paragraph, got.BodyText)
				}
			}
		}
		for name, text := range texts {
			if !utf8.ValidString(text) || !norm.NFC.IsNormalString(text) {
				t.Errorf("%s: %q is not UTF-8 in NFC", name, text)
			}
			if strings.ContainsFunc(text, unicode.IsControl) || strings.TrimSpace(text) != text {
				t.Errorf("%s: %q has control characters or space around it", name, text)
			}
		}
	})
}

// everyRule is a small page that the rules of most sources find something on:
// fuzzing shrinks what it finds, which takes long with whole pages.
const everyRule = `<meta name=pubdate content="2026-08-25T11:31:22+07:00"><header><h1 class="article__title detail-title headline font28 urdu">T</h1></header>
<h2 class="sapo font18 bold">Lede./.</h2><ul class=breadcrumb><li class=active><a>S</a></ul><span class=author-item><a>An</a></span>
<p>VTC News • 27/09/2024</p><p>Thứ ba, 17/09/2019, 11:42 (GMT+7)</p>
<article><div class="article__body cms-body edittor-content entry-content detail__content detail_txt"><div class=related>no</div>
<p>( أردو بوینت - 28 كانون الثاني 2022ء) One<br> <br>Two (完)</p><figure><img data-src=/a.jpg><figcaption>C. Ảnh: CTV</figcaption></figure>
<img src=b.jpg><p>图自越通社</p><p>Nguồn: mod.gov.vn</p><div class=article__source><b class=name>(VNA)</b></div><p>Bình luận</p></div></article>`

func visible(c rune) bool { return !unicode.IsSpace(c) && !unicode.Is(unicode.Cf, c) }
