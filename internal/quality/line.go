package quality

import (
	"cmp"
	"fmt"
	"time"

	"attache/internal/article"
)

// line is an article as the page shows it: its title, and a few words below.
type line struct {
	tongue
	Title string
	Href  string // empty: not to be linked
	Words []string
}

// titlesAtOnce is how many titles are not folded away.
const titlesAtOnce = 16

// Newest are the first titles.
func (v view) Newest() []line { return v.lines(v.Titles[:min(len(v.Titles), titlesAtOnce)]) }

// Older are the titles that are folded away.
func (v view) Older() []line { return v.lines(v.Titles[min(len(v.Titles), titlesAtOnce):]) }

func (v view) lines(titles []Title) (lines []line) {
	for _, t := range titles {
		l := v.line(t.Title, t.URL, t.Language, t.Source)
		l.Words = append([]string{v.shown(t)}, l.Words...)
		if t.ChangeType != article.Added {
			l.Words = append(l.Words, fmt.Sprintf("%s, revision %d", t.ChangeType, t.Revision))
		}
		if t.Backfilled {
			l.Words = append(l.Words, "from the archive")
		}
		if t.DuplicateOf != nil {
			l.Words = append(l.Words, "a repeat")
		}
		lines = append(lines, l)
	}
	return lines
}

// Odd are the texts of odd length.
func (v view) Odd() (lines []line) {
	for _, list := range [][]Body{v.Bodies.Shortest, v.Bodies.Longest} {
		for _, b := range list {
			l := v.line(b.Title, b.URL, b.Language, b.Source)
			l.Words = append([]string{plural(b.Characters, "character", "characters")}, l.Words...)
			lines = append(lines, l)
		}
	}
	return lines
}

func (v view) line(title, url, language, source string) line {
	t := speak(language)
	return line{tongue: t, Title: cmp.Or(title, "(no title)"), Href: link(url), Words: []string{v.Name(source), t.Name}}
}

// shown is a title's time: of its publication, else of when it was seen.
func (v view) shown(t Title) string {
	const minute = ", 15:04"
	at, layout, said := t.PublishedAt, "2 Jan", ""
	if at == nil {
		at, said = &t.FirstSeenAt, "seen "
	}
	local := at.In(v.zone)
	if local.Year() != v.From.In(v.zone).Year() {
		layout += " 2006"
	}
	if t.PublishedAt == nil || !t.DayOnly {
		layout += minute
	}
	return said + local.Format(layout)
}

// Moment is a time in the drop's zone.
func (v view) Moment(t time.Time) string { return t.In(v.zone).Format("2 Jan 2006, 15:04") }
