package parse

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

const sound = `<h1>Đối thoại quốc phòng</h1><div><p>Hai bên nhất trí tăng cường trao đổi đoàn các cấp trong năm tới.</p></div>`

func TestHostilePages(t *testing.T) {
	t.Parallel()
	var attributes strings.Builder
	for i := 0; attributes.Len() < 5<<20; i++ {
		fmt.Fprintf(&attributes, " a%d=1", i)
	}
	for _, c := range []struct{ name, page, fails string }{
		{"nested to the limit", strings.Repeat("<div>", 480) + "x" + strings.Repeat("</div>", 480) + sound, ""},
		{"nested beyond it", strings.Repeat("<div>", 600) + sound, "exceeds 512"},
		{"5 MB of attributes", `<div` + attributes.String() + `>x</div>` + sound, ""},
		{"one attribute of 5 MB", `<div title="` + strings.Repeat("x", 5<<20) + `">x</div>` + sound, ""},
		{"an attribute that never ends", sound + `<div title="` + strings.Repeat("<p>x", 1<<16), ""},
		{"JSON-LD nested without end", `<script type="application/ld+json">{"@type":"NewsArticle","headline":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}</script>` + sound, ""},
		{"headlines without end", `<script type="application/ld+json">[` + strings.Repeat(`{"@type":"Article","headline":"Đối thoại quốc phòng"},`, 9000) + `{}]</script>` + sound, ""},
		{"a title of bars", "<title>" + strings.Repeat("news | ", 100_000) + "</title>" + sound, ""},
		{"names, dates, tags and headings without end", sound + strings.Repeat(`<a rel=author>Mai Lan</a><time datetime="x"></time><a class=tags href="/tag/a">a</a><h1></h1>`, 20_000), ""},
		{"null bytes", strings.ReplaceAll(sound, " ", "\x00 \x00"), ""},
		{"null bytes in attributes", `<link rel=canonical href="/\x00"><img src="a` + "\x00" + `.jpg">` + sound, ""},
	} {
		got, err := Read(nil, Page{URL: "https://news.example/1", Body: []byte(c.page)})
		switch {
		case c.fails != "":
			if err == nil || !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%s: got %v, want an error with %q", c.name, err, c.fails)
			}
		case err != nil || got.Title != "Đối thoại quốc phòng" || !strings.HasPrefix(got.BodyText, "Hai bên nhất trí"):
			t.Errorf("%s: got %q, %.60q, %v", c.name, got.Title, got.BodyText, err)
		}
	}
}

// A page that costs far more than its size is given up.
func TestCostlyPages(t *testing.T) {
	t.Parallel()
	var bodies, open strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&bodies, "<body a%d=1>", i)
	}
	for i := range 400 {
		fmt.Fprintf(&open, "<b a%d=1>", i)
	}
	for _, c := range []struct {
		name, page string
		may        budget
	}{
		{"time: attributes of many bodies", bodies.String(), budget{100 * time.Millisecond, 1 << 40}},
		{"memory: formatting that is never closed", "<p>" + open.String() + strings.Repeat("</p><p>x", 1_000_000), budget{time.Hour, 64 << 20}},
	} {
		if _, err := tree([]byte(c.page), c.may); !errors.Is(err, ErrTooCostly) {
			t.Errorf("%s: got %v, want %v", c.name, err, ErrTooCostly)
		}
	}
}

// The page's bytes decide when the header is wrong or silent, and a wrong byte
// spoils one letter and not the page.
func TestCharsets(t *testing.T) {
	t.Parallel()
	const late = `<meta name=x content="` // the declaration comes late in the head
	encode := func(text string, to *charmap.Charmap) string {
		out, err := to.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	russian := `<h1>Министр обороны</h1><div><p>Стороны договорились продолжить обмен делегациями в будущем году.</p></div>`
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(sound)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, header, page, title string }{
		{"UTF-8, nothing declared", "", sound, "Đối thoại quốc phòng"},
		{"UTF-8 under a wrong header", "text/html; charset=utf-16x", sound, "Đối thoại quốc phòng"},
		{"UTF-8 under a wrong meta", "text/html", `<meta charset="windows-1252">` + sound, "Đối thoại quốc phòng"},
		{"UTF-8 with one wrong byte", "text/html; charset=utf-8", strings.Replace(sound, "phòng", "ph\xf2ng", 1), "Đối thoại quốc ph\ufffdng"},
		{"Cyrillic by the header", "text/html; charset=windows-1251", encode(russian, charmap.Windows1251), "Министр обороны"},
		{"Cyrillic by a late meta", "text/html", late + strings.Repeat("x", 4000) + `"><meta charset=koi8-r>` + encode(russian, charmap.KOI8R), "Министр обороны"},
		{"Cyrillic under a header that says UTF-8", "text/html; charset=utf-8", `<meta charset=windows-1251>` + encode(russian, charmap.Windows1251), "Министр обороны"},
		{"UTF-16 with its mark", "text/html", utf16, "Đối thoại quốc phòng"},
	} {
		got, err := Read(nil, Page{URL: "https://news.example/1", ContentType: c.header, Body: []byte(c.page)})
		if err != nil || got.Title != c.title {
			t.Errorf("%s: got %q, %v; want %q", c.name, got.Title, err, c.title)
		}
	}
}
