package parse

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// pageKind is what an address says a page is about.
type pageKind uint8

const (
	ofElse pageKind = iota
	ofAuthor
	ofTopic
)

// pageKinds are the folders that name a kind; words.txt lists them.
var pageKinds = map[string]pageKind{}

// pageOf reads the kind of page off an address: the folder before its last name.
func pageOf(address string) pageKind {
	for {
		folder, rest, ok := strings.Cut(address, "/")
		if !ok {
			return ofElse
		}
		if kind := pageKinds[folder]; kind != ofElse && rest != "" && rest[0] != '?' && rest[0] != '#' {
			return kind
		}
		address = rest
	}
}

// tagged holds for a link that is named a tag, or stands in a list named so.
func tagged(n *html.Node) bool {
	for range 3 {
		if class := attr(n, "class"); strings.Contains(class, "tag") || strings.Contains(class, "Tag") {
			for token := range strings.FieldsSeq(class) {
				if tagClass.MatchString(strings.ToLower(token)) {
					return true
				}
			}
		}
		if n = n.Parent; n == nil {
			return false
		}
	}
	return false
}

var tagClass = regexp.MustCompile(`(?:^|[-_])(?:article|post|related|entry)?[-_]?tags?(?:[-_]*(?:item|link|list|like|name|container|wrapper|links|items))?$`)

// authorClass holds for classes such as author, byline and post-author-name.
func authorClass(class string) bool {
	if !strings.Contains(class, "uthor") && !strings.Contains(class, "yline") {
		return false
	}
	for token := range strings.FieldsSeq(strings.ToLower(class)) {
		token = strings.TrimRight(strings.TrimSuffix(token, "name"), "-_")
		token = strings.TrimSuffix(token, "s")
		if strings.HasSuffix(token, "author") || strings.HasSuffix(token, "byline") {
			return true
		}
	}
	return false
}
