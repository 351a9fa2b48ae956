package charset_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"

	"attache/internal/charset"
)

const (
	vietnamese = "<p>Đoàn cán bộ quốc phòng hai nước gặp nhau tại Hà Nội để bàn về hợp tác đào tạo.</p>"
	chinese    = "<p>两国国防部代表团在河内会面，讨论军官培训合作。</p>"
	russian    = "<p>Делегации министерств обороны двух стран встретились в Ханое и обсудили обучение офицеров.</p>"
)

// bytes1258 is "<p>Đại tướng thăm Hà Nội" as windows-1258 writes it: a letter,
// then its tone.
const (
	bytes1258 = "<p>\xd0a\xf2i t\xfd\xf5\xecng th\xe3m H\xe0 N\xf4\xf2i"
	text1258  = "<p>Đại tướng thăm Hà Nội"
)

func windows1251(t *testing.T, text string) string { return encode(t, charmap.Windows1251, text) }

func encode(t *testing.T, enc encoding.Encoding, text string) string {
	t.Helper()
	out, err := enc.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func utf16(t *testing.T, order unicode.Endianness, bom unicode.BOMPolicy) string {
	t.Helper()
	out, err := unicode.UTF16(order, bom).NewEncoder().String(vietnamese)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestToUTF8(t *testing.T) {
	t.Parallel()
	late := "<html><head><script>" + strings.Repeat("var far = 1;", 2000) + `</script><meta charset="windows-1251"></head>`
	for name, c := range map[string]struct{ body, contentType, want string }{
		"a header says windows-1258":     {bytes1258, "text/html; charset=windows-1258", text1258},
		"a header says windows-1251":     {windows1251(t, russian), "text/html; charset=windows-1251", russian},
		"a header says it twice":         {windows1251(t, russian), "text/html; charset=windows-1251; charset=windows-1251", russian},
		"a meta after kilobytes":         {late + windows1251(t, russian), "text/html", late + russian},
		"nothing says UTF-8":             {vietnamese, "", vietnamese},
		"UTF-8, meta says otherwise":     {`<meta charset="windows-1252">` + vietnamese, "", `<meta charset="windows-1252">` + vietnamese},
		"header lies about UTF-8":        {`<meta charset="windows-1251">` + windows1251(t, russian), "text/html; charset=utf-8", `<meta charset="windows-1251">` + russian},
		"UTF-8 mark":                     {"\xef\xbb\xbf" + vietnamese, "", vietnamese},
		"UTF-8 mark and header":          {"\xef\xbb\xbf" + vietnamese, "text/html; charset=UTF-8", vietnamese},
		"the mark beats the header":      {"\xef\xbb\xbf" + vietnamese, "text/html; charset=windows-1258", vietnamese},
		"UTF-8, a header of one byte":    {vietnamese, "text/html; charset=windows-1252", vietnamese},
		"UTF-8, a header of ASCII":       {vietnamese, "text/html; charset=us-ascii", vietnamese},
		"UTF-8, both say one byte":       {`<meta charset="koi8-r">` + russian, "text/html; charset=iso-8859-1", `<meta charset="koi8-r">` + russian},
		"UTF-8, meta says ISO 8859-1":    {`<meta charset="iso-8859-1">` + vietnamese, "text/html", `<meta charset="iso-8859-1">` + vietnamese},
		"UTF-8, no GBK though header so": {chinese + "\xe3\x80\x82", "text/html; charset=gbk", chinese + "\u3002"},
		"GBK that is UTF-8 too":          {"<p>\xc1\xaa\xcd\xa8", "text/html; charset=gb2312", "<p>\u8054\u901a"},
		"GBK, header":                    {encode(t, simplifiedchinese.GBK, chinese), "text/html; charset=gb2312", chinese},
		"GBK, meta":                      {`<meta charset="gbk">` + encode(t, simplifiedchinese.GBK, chinese), "text/html", `<meta charset="gbk">` + chinese},
		"Shift_JIS, header":              {encode(t, japanese.ShiftJIS, "<p>\u9632\u885b"), "text/html; charset=Shift_JIS", "<p>\u9632\u885b"},
		"ISO-2022-JP, header":            {encode(t, japanese.ISO2022JP, "<p>\u9632\u885b"), "text/html; charset=iso-2022-jp", "<p>\u9632\u885b"},
		"ASCII, header of one byte":      {"<p>a", "text/html; charset=windows-1252", "<p>a"},
		"UTF-16 little, mark":            {utf16(t, unicode.LittleEndian, unicode.UseBOM), "text/xml", vietnamese},
		"UTF-16 big, mark":               {utf16(t, unicode.BigEndian, unicode.UseBOM), "text/xml; charset=utf-8", vietnamese},
		"UTF-16 little, no mark":         {utf16(t, unicode.LittleEndian, unicode.IgnoreBOM), "", vietnamese},
		"UTF-16 big, no mark":            {utf16(t, unicode.BigEndian, unicode.IgnoreBOM), "", vietnamese},
		"a detector's turn":              {windows1251(t, strings.Repeat(russian, 3)), "", strings.Repeat(russian, 3)},
		"an unknown name":                {vietnamese, "text/html; charset=vn-special", vietnamese},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := charset.ToUTF8([]byte(c.body), c.contentType)
			if err != nil {
				t.Fatal(err)
			}
			if text := norm.NFC.String(string(got)); text != c.want {
				t.Errorf("got  %q\nwant %q", tail(text), tail(c.want))
			}
		})
	}
}

func tail(s string) string { return s[max(0, len(s)-150):] }

func TestNothingIsNoText(t *testing.T) {
	t.Parallel()
	if _, err := charset.ToUTF8(nil, "text/html"); !errors.Is(err, charset.ErrEmpty) {
		t.Errorf("an empty answer gives %v", err)
	}
}

func TestBrokenBytesAreMarked(t *testing.T) {
	t.Parallel()
	got, err := charset.ToUTF8([]byte("<meta charset=utf-8>H\xe0 N\xc3\xb4i"), "text/html; charset=utf-8")
	if err != nil || !utf8.Valid(got) {
		t.Errorf("%q, %v", got, err)
	}
}

func FuzzToUTF8(f *testing.F) {
	f.Add([]byte(vietnamese), "text/html; charset=utf-8")
	f.Add([]byte("\xff\xfe<\x00"), "")
	f.Add([]byte("<\x00x"), "text/xml; charset=utf-16")
	f.Add([]byte("\xef\xbb\xbf\xff"), "text/html; charset=gb18030")
	f.Add([]byte("\x1b$)C\x0e<meta charset=hz-gb-2312>"), "charset=iso-2022-jp")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		text, err := charset.ToUTF8(body, contentType)
		if err == nil && !utf8.Valid(text) {
			t.Errorf("%q read as %q is not UTF-8: %q", body, contentType, text)
		}
	})
}
