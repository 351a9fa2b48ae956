// Package disguise makes a fixture of a publisher's page: the markup stays, the
// words become invented ones. Other people's texts cannot be published; what a
// rule needs of a page can.
package disguise

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"attache/internal/charset"
)

// Page rewrites a page. Kept are elements, classes, ids and addresses, digits (so
// that dates stay dates), the phrases of keep, and structured data's dates and
// types; every other word is replaced by an invented one of the same script and
// length, the same word by the same word everywhere. Scripts other than JSON-LD,
// styles and comments are left out. The answer is UTF-8.
func Page(page []byte, contentType string, keep []string) ([]byte, error) {
	text, err := charset.ToUTF8(page, contentType)
	if err != nil {
		return nil, err
	}
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("parse HTML: %w", err)
	}
	d := &disguiser{keep: keep}
	d.node(root)
	var out bytes.Buffer
	if err := html.Render(&out, root); err != nil {
		return nil, err
	}
	return append(out.Bytes(), '\n'), nil
}

type disguiser struct{ keep []string }

func (d *disguiser) node(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case c.Type == html.CommentNode, c.Type == html.ElementNode && dropped(c):
			n.RemoveChild(c)
		case c.Type == html.TextNode && n.DataAtom == atom.Script:
			c.Data = d.jsonld(c.Data)
		case c.Type == html.TextNode:
			c.Data = d.words(c.Data)
		default:
			d.attributes(c)
			d.node(c)
		}
		c = next
	}
}

func dropped(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Style, atom.Iframe, atom.Noscript, atom.Svg:
		return true
	case atom.Script:
		for _, a := range n.Attr {
			if a.Key == "type" && a.Val == "application/ld+json" {
				return false
			}
		}
		return true
	}
	return false
}

// spoken are the attributes people read.
var spoken = map[string]bool{"content": true, "alt": true, "title": true, "placeholder": true, "aria-label": true, "cms-photo-caption": true, "data-caption": true}

// machine is a value that is for machines: an address, a date, a number, a single
// word without spaces such as "article" or "vi_VN".
var machine = regexp.MustCompile(`^(?:https?:)?/|^[\x21-\x7e]*$|^\d{4}-\d\d-\d\d`)

func (d *disguiser) attributes(n *html.Node) {
	for i, a := range n.Attr {
		switch {
		case strings.HasPrefix(a.Key, "on"):
			n.Attr[i].Val = ""
		case spoken[a.Key] && !machine.MatchString(a.Val):
			n.Attr[i].Val = d.words(a.Val)
		}
	}
}

// jsonld disguises the values of structured data; what does not parse goes.
func (d *disguiser) jsonld(text string) string {
	var v any
	if json.Unmarshal([]byte(strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(text)), &v) != nil {
		return ""
	}
	b, err := json.Marshal(d.value(v))
	if err != nil {
		return ""
	}
	return string(b)
}

func (d *disguiser) value(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			if !strings.HasPrefix(key, "@") || key == "@graph" {
				v[key] = d.value(member)
			}
		}
	case []any:
		for i := range v {
			v[i] = d.value(v[i])
		}
	case string:
		if !machine.MatchString(v) {
			return d.words(v)
		}
	}
	return v
}

// words replaces each run of letters outside the kept phrases.
func (d *disguiser) words(text string) string {
	for _, phrase := range d.keep {
		if before, after, ok := strings.Cut(text, phrase); ok && phrase != "" {
			return d.words(before) + phrase + d.words(after)
		}
	}
	var out strings.Builder
	var word []rune
	flush := func() {
		out.WriteString(invent(word))
		word = word[:0]
	}
	for _, c := range text {
		if unicode.IsLetter(c) || unicode.IsMark(c) {
			word = append(word, c)
			continue
		}
		flush()
		out.WriteRune(c)
	}
	flush()
	return out.String()
}

// alphabets hold letters to invent words of, by script: consonant and vowel in
// turn where the script has both.
var alphabets = []struct {
	script  *unicode.RangeTable
	letters [2][]rune
}{
	{unicode.Han, [2][]rune{[]rune("山水木火土日月星云风"), []rune("石田竹花草鸟鱼马牛羊")}},
	{unicode.Arabic, [2][]rune{[]rune("بتدرسكلمنف"), []rune("اوي")}},
	{unicode.Cyrillic, [2][]rune{[]rune("бвдклмнпрст"), []rune("аеиоу")}},
	{unicode.Latin, [2][]rune{[]rune("bcdfghklmnprstv"), []rune("aeiou")}},
}

// invent gives a word of the same length and script, chosen by the word itself.
func invent(word []rune) string {
	if len(word) == 0 {
		return ""
	}
	h := fnv.New64a()
	h.Write([]byte(strings.ToLower(string(word)))) // a hash never fails to write
	seed := h.Sum64()
	for _, a := range alphabets {
		if !unicode.Is(a.script, word[0]) {
			continue
		}
		made := make([]rune, len(word))
		for i := range made {
			letters := a.letters[i%2]
			made[i] = letters[seed%uint64(len(letters))]
			if unicode.IsUpper(word[i]) {
				made[i] = unicode.ToUpper(made[i])
			}
			seed = seed*6364136223846793005 + 1442695040888963407
			seed ^= seed >> 29
		}
		return string(made)
	}
	return strings.Repeat("x", len(word))
}
