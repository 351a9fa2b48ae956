package quality

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain makes text from elsewhere fit for one line: no controls, no marks that turn
// the direction of what follows, spaces as one, and at
// most so many characters. It does not hold on to text.
func plain(text string, most int) string {
	if len(text) <= most && strings.IndexFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f }) < 0 {
		return strings.Clone(text) // a word or an address, mostly
	}
	var b strings.Builder
	kept, marks, space := 0, 0, false
	for _, r := range text {
		switch {
		case unicode.IsSpace(r):
			space = kept > 0
			continue
		case r == '\u200c' || r == '\u200d': // Persian and Hindi spell with them
		case !unicode.IsPrint(r) || r == utf8.RuneError:
			continue
		}
		if unicode.Is(unicode.M, r) {
			if marks++; marks > 4 { // no spelling stacks more; they run over the lines around
				continue
			}
		} else {
			marks = 0
		}
		if space {
			b.WriteByte(' ')
			space = false
			kept++
		}
		if kept >= most {
			return strings.TrimSpace(b.String()) + "…"
		}
		b.WriteRune(r)
		kept++
	}
	return b.String()
}

// maxLink is the longest address that is linked, in bytes.
const maxLink = 2000

// link is the address when a browser may be sent there: http or https, with a host
// and no user's name, which serves to disguise one. Empty otherwise.
func link(address string) string {
	if len(address) > maxLink {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return ""
	}
	return u.String()
}

// particular is what differs between two notes of one kind: what is quoted, numbers
// and times.
var particular = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|https?://\S+|[+-]?\d[\d.,:TZ+-]*`)

// kind is a note without its particulars, so that notes of one kind can be counted.
func kind(note string) string {
	const most = 160
	return plain(particular.ReplaceAllLiteralString(note[:min(len(note), 8*most)], "…"), most)
}

// address is an address as a report carries it; one too long to be linked is cut.
func address(u string) string { return plain(u, maxLink) }
