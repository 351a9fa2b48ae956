package newsroom

import (
	"html/template"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// latin1 names the characters U+00A0 to U+00FF as HTML 4 does.
var latin1 = strings.Fields(`nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr
	deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest
	Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml
	ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig
	agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml
	eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml`)

var punctuation = map[rune]string{'–': "ndash", '—': "mdash", '‘': "lsquo", '’': "rsquo", '“': "ldquo", '”': "rdquo", '…': "hellip"}

// entities writes text as the publishers' editors do: what HTML 4 has a name
// for as an entity, other letters of Vietnamese as they are.
func entities(text string, write func(rune) string) template.HTML {
	var b strings.Builder
	for _, r := range text {
		switch {
		case strings.ContainsRune(`&<>"'`, r):
			b.WriteString(template.HTMLEscapeString(string(r)))
		case r >= 0xA0 && r <= 0xFF:
			b.WriteString(write(r))
		case punctuation[r] != "":
			b.WriteString("&" + punctuation[r] + ";")
		default:
			b.WriteRune(r)
		}
	}
	return template.HTML(b.String()) //nolint:gosec // every character that means something in HTML was escaped above
}

func named(r rune) string   { return "&" + latin1[r-0xA0] + ";" }
func decimal(r rune) string { return "&#" + strconv.Itoa(int(r)) + ";" }

// slug is text in an address: ASCII letters and digits with hyphens between
// words, accents dropped. Other scripts stay.
func slug(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		switch {
		case r == 'đ':
			b.WriteByte('d')
		case r >= 0x300 && r <= 0x36F: // an accent, taken off its letter
		case r >= 0x80 && unicode.IsLetter(r), 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), "-")
}
