package parse

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// hanForms are the ways Chinese pages print who wrote them, the surest first: a
// label with a name after it, a reporter in a line or in brackets, a poster and
// the time, names in brackets that end the text, an editor for want of others. In
// running text a name is told by its surname.
var hanForms = []struct {
	has      []string // one of these is in what the pattern matches, and quicker looked for
	pattern  *regexp.Regexp
	labelled bool // what stands there is a name, whatever it looks like
}{
	{[]string{":", "："}, regexp.MustCompile(`(?:^|[^\p{Han}])(?:作者|撰文|执笔人|执笔|文)\s*[:：]\s*([^\s，。；:：|/<>]{2,12}(?:[\s、，]+\p{Han}{2,4})*)`), true},
	{reporters, regexp.MustCompile(`[（(]\p{Han}{0,8}(?:记者|通讯员)[\s:：]+(\p{Han}{2,4})\s*[）)]`), true},
	{reporters, regexp.MustCompile(`(?:记者|实习生|通讯员)[\s:：]+(\p{Han}{2,4}(?:[\s、，]+\p{Han}{2,4})*)`), false},
	{reporters, regexp.MustCompile(`(?:记者|通讯员)(\p{Han}{2,4}?)(?:发自|报道|摄|[/）)：:]|$)`), false},
	{[]string{"于", "by"}, regexp.MustCompile(`(?:由\s*(\S{2,12})\s*于\s*\d{4}\s*年|(\S{2,16})\s*发表于\s*\d{4}|\d\s+by\s+(\S{2,16}))`), true},
	{[]string{"）", ")", "]"}, regexp.MustCompile(`[（(\[]\s*(\p{Han}{2,4}(?:[\s、]+\p{Han}{2,4})*)\s*[）)\]](?:$|\s*来源)`), false},
	{[]string{"编"}, regexp.MustCompile(`(?:责任编辑|责编|编辑)\s*[:：]\s*(\p{Han}{2,4}(?:[\s、，]+\p{Han}{2,4})*)`), true},
}

var reporters = []string{"记者", "通讯员", "实习生"}

// edge is how many bytes of a long paragraph's beginning and end are looked at.
const edge = 180

// hanPeople are the names on the lines around a Chinese text.
func hanPeople(near []block) (list []string) {
	near = slices.DeleteFunc(near, func(b block) bool { return b.image || !strings.ContainsFunc(b.text, isHan) })
	for _, form := range hanForms {
		for _, b := range near {
			for _, text := range ends(b.text) {
				if !slices.ContainsFunc(form.has, func(word string) bool { return strings.Contains(text, word) }) {
					continue
				}
				for _, m := range form.pattern.FindAllStringSubmatch(text, 2) {
					for i, name := range strings.FieldsFunc(strings.Join(m[1:], ""), func(c rune) bool { return strings.ContainsRune(" \u3000、，", c) }) {
						if (form.labelled && i == 0 || hanName(name)) && !slices.Contains(noNames, name) && !slices.Contains(list, name) && person(name) {
							list = append(list, name)
						}
					}
				}
			}
		}
		if len(list) > 0 {
			return list
		}
	}
	return nil
}

// ends is a text, or its beginning and its end if it is long.
func ends(text string) []string {
	if len(text) <= 2*edge {
		return []string{text}
	}
	return []string{strings.ToValidUTF8(text[:edge], ""), strings.ToValidUTF8(text[len(text)-edge:], "")}
}

// hanName holds for two to four characters of which the first is a common surname.
func hanName(text string) bool {
	first, size := utf8.DecodeRuneInString(text)
	n := utf8.RuneCountInString(text)
	return n >= 2 && n <= 4 && size > 1 && strings.ContainsRune(surnames, first)
}

func isHan(c rune) bool { return unicode.Is(unicode.Han, c) }
