// Package charset turns what a server sent into UTF-8, for pages, listings and
// feeds alike.
package charset

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"unicode/utf8"

	"github.com/saintfish/chardet"
	htmlcharset "golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
)

// ErrEmpty is returned for an answer without a single byte.
var ErrEmpty = errors.New("the answer is empty")

// inText finds a meta element or an XML declaration in the whole head:
// publishers put kilobytes of other things first.
var inText = regexp.MustCompile(`(?i)<(?:meta[^>]+charset|\?xml[^>]+encoding)\s*=\s*["']?\s*([a-z0-9_:.-]+)`)

// inHeader is laxer than mime, which gives up on a parameter written twice.
var inHeader = regexp.MustCompile(`(?i)\bcharset\s*=\s*["']?([a-z0-9_:.-]+)`)

// ToUTF8 decodes body; contentType is the header and may be empty. A byte order
// mark (or a first "<" of two bytes) is believed, then the header, then the bytes
// themselves, then what the document declares, then a detector: the order of the
// HTML standard would read as Windows-1252 every UTF-8 page that declares itself
// late. Bytes that are UTF-8 are no text of one byte a letter, whatever the header
// says: by chance alone no text comes out so. In an encoding of several bytes it
// may, and the header is believed if they are text by it. Bytes that are no text in
// the chosen encoding become U+FFFD. The text may share body's memory.
func ToUTF8(body []byte, contentType string) ([]byte, error) {
	if len(body) == 0 {
		return nil, ErrEmpty
	}
	enc, name := declared(body, contentType)
	if enc == nil || name == "utf-8" {
		body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
		if utf8.Valid(body) {
			return body, nil // ToValidUTF8 goes rune by rune and copies
		}
		return bytes.ToValidUTF8(body, []byte("\ufffd")), nil
	}
	text, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return nil, fmt.Errorf("decode %s: %w", name, err)
	}
	return text, nil
}

func declared(body []byte, contentType string) (encoding.Encoding, string) {
	if bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff")) {
		return unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM), "utf-16"
	}
	if bytes.HasPrefix(body, []byte("\xef\xbb\xbf")) {
		return unicode.UTF8, "utf-8"
	}
	if bytes.HasPrefix(body, []byte("<\x00")) {
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16le"
	}
	if bytes.HasPrefix(body, []byte("\x00<")) {
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "utf-16be"
	}
	valid := utf8.Valid(body)
	if m := inHeader.FindStringSubmatch(contentType); m != nil {
		if enc, name := htmlcharset.Lookup(m[1]); enc != nil && name != "utf-8" && (!valid || multibyte[name] && decodes(enc, body)) {
			return enc, name
		}
	}
	if valid {
		return unicode.UTF8, "utf-8"
	}
	if m := inText.FindSubmatch(body[:min(len(body), 256<<10)]); m != nil {
		if enc, name := htmlcharset.Lookup(string(m[1])); enc != nil && name != "utf-8" {
			return enc, name
		}
	}
	if best, err := chardet.NewHtmlDetector().DetectBest(body); err == nil {
		return htmlcharset.Lookup(best.Charset)
	}
	return unicode.UTF8, "utf-8"
}

// multibyte are the encodings of the WHATWG's that use more than one byte for some letters.
var multibyte = map[string]bool{
	"gbk": true, "gb18030": true, "big5": true, "euc-jp": true, "euc-kr": true, "iso-2022-jp": true, "shift_jis": true, "utf-16be": true, "utf-16le": true,
}

// decodes holds for bytes that are text in an encoding.
func decodes(enc encoding.Encoding, body []byte) bool {
	text, err := enc.NewDecoder().Bytes(body)
	return err == nil && !bytes.ContainsRune(text, utf8.RuneError)
}
