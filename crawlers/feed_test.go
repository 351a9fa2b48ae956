package crawlers

import (
	"net/http"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func TestFeeds(t *testing.T) {
	t.Parallel()
	const title = "Đối thoại chính sách quốc phòng"
	item := func(declaration string) string {
		return declaration + `<rss version="2.0"><channel><item><title>` + title + `</title><link>https://news.example.com/doi-thoai-9.html</link>` +
			`<pubDate>Sat, 21 Nov 2026 09:15:00 +0700</pubDate></item></channel></rss>`
	}
	utf16 := func(order unicode.Endianness) string {
		out, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(item(`<?xml version="1.0" encoding="utf-16"?>`))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	ascii, err := charmap.Windows1251.NewEncoder().String(`<?xml version="1.0" encoding="windows-1251"?><rss version="2.0"><channel><item><title>Диалог</title>` +
		`<link>https://news.example.com/doi-thoai-9.html</link><pubDate>Sat, 21 Nov 2026 09:15:00 +0700</pubDate></item></channel></rss>`)
	if err != nil {
		t.Fatal(err)
	}
	atom := `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><title>` + title + `</title>` +
		`<link href="https://news.example.com/doi-thoai-9.html"/><published>2026-11-21T09:15:00+07:00</published></entry></feed>`
	json := `{"version":"https://jsonfeed.org/version/1.1","title":"Tin","items":[{"id":"9","title":"` + title +
		`","url":"https://news.example.com/doi-thoai-9.html","date_published":"2026-11-21T09:15:00+07:00"}]}`
	for name, c := range map[string]struct{ contentType, body, title string }{
		"RSS":                          {"application/rss+xml; charset=utf-8", item(`<?xml version="1.0" encoding="UTF-8"?>`), title},
		"no declaration":               {"", item(""), title},
		"blank line in front":          {"text/xml", item("\n <?xml version='1.0'?>\n"), title},
		"UTF-8 mark":                   {"text/xml; charset=utf-8", "\xef\xbb\xbf" + item(`<?xml version="1.0"?>`), title},
		"UTF-16 little":                {"text/xml", utf16(unicode.LittleEndian), title},
		"UTF-16 big":                   {"text/xml; charset=utf-16", utf16(unicode.BigEndian), title},
		"UTF-8 that says UTF-16":       {"text/xml", item(`<?xml version="1.0" encoding="utf-16"?>`), title},
		"windows-1251":                 {"text/xml", ascii, "Диалог"},
		"windows-1251, header as well": {"text/xml; charset=windows-1251", ascii, "Диалог"},
		"Atom":                         {"application/atom+xml", atom, title},
		"JSON Feed":                    {"application/feed+json", json, title},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"/feed.xml": text(c.contentType, c.body)})
			found, steps := s.crawler(t, source(t)).Discover(Look{})
			if steps[0].Err != nil || len(found) != 1 {
				t.Fatalf("%v: %v", found, steps[0].Err)
			}
			want := Listed{ID: "news:9", URL: "https://news.example.com/doi-thoai-9.html", Title: c.title}
			at := found[0].Published
			found[0].Published = time.Time{}
			if found[0] != want || !at.Equal(time.Date(2026, 11, 21, 2, 15, 0, 0, time.UTC)) {
				t.Errorf("found %+v at %s", found[0], at)
			}
		})
	}
}

func TestWhatIsNoFeed(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"empty":         "",
		"a web page":    "<!doctype html><html><body>Trang chủ</body></html>",
		"cut":           rss("doi-thoai-9")[:120],
		"JSON":          `{"items":[{"url":"x"}`,
		"binary":        "\x00\x01\x02\x03",
		"declared only": `<?xml version="1.0"?>`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"/feed.xml": text("text/xml", body)})
			if found, steps := s.crawler(t, source(t)).Discover(Look{}); steps[0].Err == nil {
				t.Errorf("it passes for a feed of %v", found)
			}
		})
	}
}
