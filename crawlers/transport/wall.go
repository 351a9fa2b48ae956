package transport

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// How much text, in bytes, a page has at most that may be a wall. An article has
// more, or says by its metadata that it is one.
const (
	bare   = 2500 // a wall in its vendor's own markup, with an explanation
	sparse = 600  // a sentence that asks for JavaScript, cookies or a click
	empty  = 120  // nothing but a script
)

// wallByHeader knows the walls that declare themselves, and the hosts that are
// nothing else.
func wallByHeader(u *url.URL, h http.Header) string {
	for _, name := range []string{"Cf-Mitigated", "X-Amzn-Waf-Action", "X-Sucuri-Block"} {
		if value := h.Get(name); value != "" {
			return strings.ToLower(name) + ": " + short(value)
		}
	}
	if host := hostname(u); strings.HasPrefix(host, "consent.") {
		return "a consent page at " + host
	}
	return ""
}

// wall says what gives a page away that is no page; empty when it is one. whole
// holds when head is all of it. A page with as much text as an article is one,
// whatever it mentions and whatever invisible beacons it carries.
func wall(status int, head []byte, whole bool) string {
	if status < 400 && (!whole || full(head)) {
		return ""
	}
	s := look(head)
	small := whole && s.size < bare
	if !small && status < 400 {
		return ""
	}
	nameless := small && !introduces.MatchString(s.code)
	for _, v := range vendors {
		mark := v.title.find(s.title)
		if mark == "" && small {
			mark = v.code.find(s.code)
		}
		if mark == "" && nameless && s.size < sparse {
			mark = v.text.find(s.text)
		}
		if mark != "" {
			return v.name + ": " + mark
		}
	}
	switch {
	case !nameless:
	case s.size < sparse && says.find(s.text) != "":
		return "it says: " + says.find(s.text)
	case s.size < empty && setsCookie.MatchString(s.code) && reloads.MatchString(s.code):
		return "a script sets a cookie and loads the page again"
	}
	return ""
}

var (
	// Pages introduce themselves to other machines when they are articles; walls do not.
	introduces = regexp.MustCompile(`property=["']og:|application/ld\+json|<article`)
	setsCookie = regexp.MustCompile(`document(?:\.cookie|\[['"]cookie['"]\])\s*=[^=]`)
	reloads    = regexp.MustCompile(`location\.(?:reload|replace|assign)|location(?:\.href)?\s*=[^=]|http-equiv=["']?refresh`)
)

// sight is what a page shows and what it hides, in lower case.
type sight struct {
	title string
	size  int    // of the text without blanks, bytes
	text  string // visible, blanks made one
	code  string // tags, scripts and comments
}

// look reads as much of a page as it takes to know that it is no wall.
func look(head []byte) sight {
	var s sight
	var shown, hidden []byte
	scan(head, func(kind part, raw []byte) bool {
		switch kind {
		case title:
			s.title = plain(raw)
		case text:
			s.size += solid(raw)
			shown = append(append(shown, raw...), ' ')
		default:
			hidden = append(hidden, raw...)
		}
		return s.size < bare
	})
	s.text, s.code = plain(shown), strings.ToLower(string(hidden))
	return s
}

type part int

const (
	code part = iota
	title
	text
)

// scan hands out a page in parts until keep is false.
func scan(head []byte, keep func(kind part, raw []byte) bool) {
	z := html.NewTokenizer(bytes.NewReader(head))
	var within string
	for {
		kind, is := z.Next(), code
		raw := z.Raw()
		switch kind {
		case html.ErrorToken:
			return
		case html.TextToken:
			switch within {
			case "title":
				is = title
			case "script", "style":
			default:
				is = text
			}
		case html.StartTagToken:
			name, _ := z.TagName()
			within = string(name)
		case html.EndTagToken:
			within = ""
		}
		if !keep(is, raw) {
			return
		}
	}
}

// plain is text in lower case, its blanks made one.
func plain(raw []byte) string {
	return strings.Join(strings.Fields(strings.ToLower(html.UnescapeString(string(raw)))), " ")
}

// solid counts the bytes that are no blanks.
func solid(raw []byte) int {
	n := 0
	for _, b := range raw {
		if b > ' ' {
			n++
		}
	}
	return n
}
