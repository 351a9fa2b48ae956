package quality

import (
	"cmp"
	"strings"

	"attache/internal/article"
)

// Lengths of body_text that are odd for an article in an alphabet, in characters.
const (
	shortBelow = 300
	longAbove  = 40_000
)

// measure lists the row when its text is oddly short or long.
func (t *Tally) measure(r *article.Record, n int64) {
	switch weighed := n * density(r.Language); {
	case weighed < shortBelow:
		t.nShort++
		t.short.add(bodyOf(r, n))
	case weighed > longAbove:
		t.nLong++
		t.long.add(bodyOf(r, n))
	}
}

func (t *Tally) bodies() Bodies {
	return Bodies{
		ShortBelow: shortBelow, LongAbove: longAbove, Short: t.nShort, Long: t.nLong,
		Shortest: t.short.list(), Longest: t.long.list(),
	}
}

// density is how many letters of an alphabet one character says as much as.
func density(language string) int64 {
	base, _, _ := strings.Cut(language, "-")
	switch base {
	case "zh", "ja", "ko":
		return 3
	}
	return 1
}

func bodyOf(r *article.Record, n int64) Body {
	return Body{
		ArticleID: plain(r.ArticleID, maxTitle), Revision: r.Revision, Source: plain(r.Source, maxWord),
		Title: plain(r.Title, maxTitle), Language: plain(r.Language, maxWord), URL: address(r.URL), Characters: n,
	}
}

func byLength(a, b Body) int {
	return cmp.Or(cmp.Compare(a.Characters, b.Characters), cmp.Compare(a.ArticleID, b.ArticleID), cmp.Compare(a.Revision, b.Revision))
}
