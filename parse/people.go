package parse

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostPeople is more than wrote any article.
const mostPeople = 50

// people splits and cleans lines of names. What is no name gives nothing.
func people(lines []string) (list []string) {
	for _, line := range lines {
		line = clean(unescape(line))
		if line == "" || utf8.RuneCountInString(line) > 200 || strings.Contains(line, "://") {
			continue
		}
		line, _ = unlabelled(unbracket(line))
		for i, part := range separators.Split(line, -1) {
			part, _ = unlabelled(part)
			part = degrees.ReplaceAllString(strings.Trim(part, " .,:;|-–—•*@()（）"), "$1")
			if len(list) == mostPeople {
				return list
			}
			if part == "" || !person(part) || (i > 0 || len(list) > 0) && noPerson.MatchString(part) {
				continue
			}
			if !slices.ContainsFunc(list, func(have string) bool { return same(have, part) || strings.Contains(part, have) }) {
				list = slices.DeleteFunc(list, func(have string) bool { return strings.Contains(have, part) })
				list = append(list, part)
			}
		}
	}
	return list
}

var (
	separators = regexp.MustCompile(`\s*(?:[,;|•·、，](?:\s*and\s)?|\s(?:and|und|et|og|och|và|и|&|with)\s)\s*`)
	degrees    = regexp.MustCompile(`^(\p{Lu}\S* .*?\p{Lu}\S*\p{Ll}|\p{Hangul}+) (?:M[ADS]|MPH|MBA|PhD|RDN?|RN|LD|(?i:(?:(?:senior|staff|deputy|assistant|associate|contributing|managing|special) )*(?:writer|editor|reporter|correspondent|columnist|contributor))|기자)$`)
	noPerson   = regexp.MustCompile(`(?i)\b(?:press|news|times|today|report|reports|post|journal|telegram|daily|gazette|magazine|contributor|columnist|editor|editors|reporter|correspondent|writer|staff|team|redaktion|m[ads]|phd|ph\.d|rdn?|ld|jr)\b|\w+\.(?:com|lt|net|org)\b`)
)

// person holds for a part of a line that can be a name: a few words without
// figures, the first in capitals if the script has them.
func person(name string) bool {
	n := strings.Fields(name)
	if len(n) > 5 || utf8.RuneCountInString(name) > 40 || strings.ContainsAny(name, "0123456789?!…{}[]=:<>©@") {
		return false
	}
	c, _ := utf8.DecodeRuneInString(name)
	return unicode.IsLetter(c) && (unicode.IsUpper(c) || len(n) <= 3)
}

// fullName holds for what is a person's name by its looks: two words or more, the
// first and the last with a capital, or a word of a script without capitals.
func fullName(name string) bool {
	first, _ := utf8.DecodeRuneInString(name)
	last, _ := utf8.DecodeRuneInString(name[strings.LastIndexByte(name, ' ')+1:])
	return !unicode.IsLower(first) && !unicode.IsUpper(first) || strings.Contains(name, " ") && unicode.IsUpper(first) && unicode.IsUpper(last)
}

// unlabelled takes "By" in any language off a line, and says if it was there.
func unlabelled(line string) (string, bool) {
	m := byLabel.FindString(line)
	return strings.TrimSpace(line[len(m):]), m != ""
}
