package parse

import (
	_ "embed"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// hint is what an element's tag, class or id says it holds. It is believed
// only where the text does not speak against it.
type hint uint8

const (
	plain      hint = iota
	apart           // not the article: navigation, related stories, adverts
	outside         // never the article: comments, cookie notices
	covered         // not shown: the rest of an article behind a wall, or a box that pops up
	picture         // a picture's caption
	taken           // who took it
	byline          // who wrote it, and when
	standfirst      // the lines that introduce the article
)

// away holds for what does not belong to the article.
func (h hint) away() bool { return h == apart || h == outside || h == covered }

// caption holds for what a picture says, and by whom.
func (h hint) caption() bool { return h == picture || h == taken }

//go:embed words.txt
var wordList string

// names holds the parts of class names that say something, labels the words
// that lines outside an article begin with, photoWords those before a picture's
// credit. All are in words.txt.
var names, labels, byLabel, photoWords, surnames, noNames = func() (map[string]hint, []string, *regexp.Regexp, []string, string, []string) {
	names := map[string]hint{}
	var photo []string
	var labels []string
	var by *regexp.Regexp
	var families string
	var never []string
	hints := map[string]hint{"apart": apart, "outside": outside, "picture": picture, "taken": taken, "byline": byline, "standfirst": standfirst}
	for line := range strings.Lines(wordList) {
		kind, list, ok := strings.Cut(strings.TrimSpace(line), ": ")
		switch {
		case !ok || strings.HasPrefix(kind, "#"):
		case kind == "label":
			for label := range strings.SplitSeq(list, ", ") {
				labels = append(labels, strings.ToLower(label))
			}
		case kind == "photo":
			photo = strings.Split(list, ", ")
		case kind == "by":
			by = regexp.MustCompile(`(?i)^(?:` + strings.ReplaceAll(list, ", ", "|") + `)(?:\s*[:：]\s*|\s+)`)
		case kind == "authorpage":
			for folder := range strings.FieldsSeq(list) {
				pageKinds[folder] = ofAuthor
			}
		case kind == "topicpage":
			for folder := range strings.FieldsSeq(list) {
				pageKinds[folder] = ofTopic
			}
		case kind == "surnames":
			families = list
		case kind == "nonames":
			never = strings.Fields(list)
		case len(kind) == 2:
			for word := range strings.FieldsSeq(list) {
				functionWords[word] = append(functionWords[word], kind)
			}
		default:
			for name := range strings.FieldsSeq(list) {
				names[name] = hints[kind]
			}
		}
	}
	return names, labels, by, photo, families, never
}()

// functionWords are the languages a word is a function word of.
var functionWords = map[string][]string{}

// hintOf reads an element's own tag and attributes.
func hintOf(n *html.Node) hint {
	switch n.DataAtom {
	case atom.Nav, atom.Footer, atom.Dialog, atom.Menu:
		return outside
	case atom.Aside:
		return apart
	case atom.Figcaption:
		return picture
	case atom.Address, atom.Time:
		return byline
	case atom.Html, atom.Body, atom.Article, atom.Main:
		return plain // their classes describe the whole page
	}
	line := n.DataAtom == atom.P || heading(n.DataAtom) // no box: its id is made of its words
	found := plain
	for _, a := range n.Attr {
		h := plain
		switch a.Key {
		case "hidden":
			return apart
		case "style":
			if strings.Contains(a.Val, "display:none") || strings.Contains(a.Val, "display: none") {
				return covered
			}
		case "role":
			if a.Val == "navigation" || a.Val == "complementary" || a.Val == "contentinfo" || a.Val == "dialog" {
				return apart
			}
		case "class", "itemprop", "data-testid", "data-component":
			h = named(a.Val)
		case "id":
			if !line {
				h = named(a.Val)
			}
		}
		switch {
		case h.away() && !line:
			return h
		case h != plain && !h.away() && found == plain:
			found = h
		}
	}
	return found
}

// named looks the parts of a class name up: "c-articleRelated__list" has the
// parts c, article, related and list. What sets an element apart wins.
func named(class string) hint {
	found := plain
	lookup := func(part string) bool {
		h := names[part]
		if h == plain {
			h = names[strings.TrimSuffix(part, "s")]
		}
		if h != plain && found == plain || h.away() {
			found = h
		}
		return h.away()
	}
	start := 0
	lower := true
	for i, c := range class {
		switch {
		case !unicode.IsLetter(c):
			if i > start && lookup(strings.ToLower(class[start:i])) {
				return found
			}
			start = i + utf8.RuneLen(c)
			lower = false
		case unicode.IsUpper(c) && lower:
			if lookup(strings.ToLower(class[start:i])) {
				return found
			}
			start = i
			lower = false
		default:
			lower = unicode.IsLower(c)
		}
	}
	if start < len(class) {
		lookup(strings.ToLower(class[start:]))
	}
	return found
}

// labelled holds for a line that begins with one of the labels, as a whole word;
// brackets and bullets before it do not matter.
func labelled(text string) bool {
	text = strings.ToLower(strings.TrimLeft(text[:min(len(text), 80)], "([（【「■●•·*#>→〓 "))
	for _, label := range labels {
		if rest, ok := strings.CutPrefix(text, label); ok {
			if c, _ := utf8.DecodeRuneInString(rest); !unicode.IsLetter(c) || unicode.Is(unicode.Han, c) {
				return true
			}
		}
	}
	return false
}
