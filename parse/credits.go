package parse

import (
	"regexp"
	"strings"
)

var credits = regexp.MustCompile(`(?i)(?:\(\s*)?(?:ảnh(?: tư liệu| minh họa)?|photo|photo credit|source|fuente|foto|фото|图|图片来源|صورة|الصورة|تصوير)\s*[:：]\s*([^()]{2,60}?)\s*\)?\s*$|(VN[AS]/?(?:VNS)? Photo.*)$|图自([^)）。]{2,20})$`)

// credit is the photographer or agency a caption ends with.
func credit(caption string) *string {
	m := credits.FindStringSubmatch(strings.TrimRight(caption, ". 。"))
	if m == nil {
		return nil
	}
	return optional(strings.TrimSpace(m[1] + m[2] + m[3]))
}

// signed, marked and bracketed are the credits a caption may end with: after a
// word that says so, after the sign of copyright, in brackets after its last
// sentence. unmarked is a few words after it that end none.
var (
	signed    = regexp.MustCompile(`(?i)(?:^|[\s,;|/–—([.!?。)”"»-])[\s,;|/–—(\[-]*(?:(?:` + strings.Join(photoWords, "|") + `)\s*[:：=]\s*|(?:photo|photograph|picture|image)s? (?:by|via|courtesy(?: of)?) )([^()\[\]]{2,80}?)\s*[)\]]?$`)
	marked    = regexp.MustCompile(`(?i)[\s,;|/–—-]*[(\[]?(?:©|\(c\))\s*([^()\[\]]{2,80}?)[)\]]?$`)
	bracketed = regexp.MustCompile(`\s*[(\[]([^()\[\]]{2,60})[)\]]$`)
	unmarked  = regexp.MustCompile(`\s+([^.!?。:]{2,40})$`)
	stop      = regexp.MustCompile(`^[.!?。)”"»]`) // the sentence's own
	// fullStop ends a sentence, and no abbreviation.
	fullStop = regexp.MustCompile(`(?:\pL{4}|\p{Hangul}{2})["”’»)]*[.!?。]["”’»]?$`)
)

// uncredited splits a caption and the credit at its end.
func uncredited(caption string) (text, by string) {
	for _, end := range []*regexp.Regexp{signed, marked, bracketed, unmarked} {
		if !worthTrying(end, caption) {
			continue
		}
		m := end.FindStringSubmatchIndex(caption)
		if m == nil {
			continue
		}
		by, text = caption[m[2]:m[3]], caption[:m[0]+len(stop.FindString(caption[m[0]:m[2]]))]
		switch end {
		case bracketed:
			if !sentence(text) || photo.MatchString(by) { // "(file photo)" is no name
				continue
			}
		case unmarked:
			if !fullStop.MatchString(text) || words(by) > 4 {
				continue
			}
		}
		return text, by
	}
	return caption, ""
}

// begins holds if all of a line is the credit a caption may end with.
func begins(end *regexp.Regexp, line string) bool {
	if !worthTrying(end, line) {
		return false
	}
	at := end.FindStringIndex(line)
	return at != nil && at[0] == 0
}

// worthTrying spares most captions the pattern: it holds if what the pattern
// needs is there.
func worthTrying(end *regexp.Regexp, caption string) bool {
	switch end {
	case signed:
		return strings.ContainsAny(caption, ":：=") || strings.Contains(caption, " by ") || strings.Contains(caption, " via ") || strings.Contains(caption, "courtesy")
	case marked:
		return strings.Contains(caption, "©") || strings.Contains(caption, "(c)") || strings.Contains(caption, "(C)")
	case bracketed:
		return strings.HasSuffix(caption, ")") || strings.HasSuffix(caption, "]")
	}
	return strings.ContainsAny(caption, ".!?。")
}

// photo holds for a word that says what kind of picture it is.
var photo = regexp.MustCompile(`(?i)` + strings.Join(photoWords, "|"))
