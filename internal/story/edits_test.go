package story_test

import (
	"fmt"
	"html"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"attache/internal/story"
)

// edit is what becomes of a text on its way to another page, and what the
// result is to the text. Where it gives no text, it does not fit this one.
type edit struct {
	name string
	make func(t text, r *rand.Rand) (text, story.Verdict)
}

var edits = []edit{
	{"another dateline", func(t text, _ *rand.Rand) (text, story.Verdict) {
		return t.with(append([]string{datelines[t.Language] + t.Body[0]}, t.Body[1:]...)), story.Duplicate
	}},
	{"another signature", func(t text, r *rand.Rand) (text, story.Verdict) {
		return t.with(append(t.copy(), fmt.Sprintf("(AFP, %02d:%02d, 21/11/2026)", r.IntN(24), r.IntN(60)))), story.Duplicate
	}},
	{"lines broken elsewhere", func(t text, _ *rand.Rand) (text, story.Verdict) {
		return t.with(strings.Split(wrap(strings.Join(t.Body, " "), 60), "\n")), story.Duplicate
	}},
	{"one paragraph", func(t text, _ *rand.Rand) (text, story.Verdict) {
		return text{Language: t.Language, Body: []string{t.Lede + " " + strings.Join(t.Body, " ")}}, story.Duplicate
	}},
	{"entities left", func(t text, _ *rand.Rand) (text, story.Verdict) {
		return t.each(func(s string) string {
			n := 0
			return strings.ReplaceAll(html.EscapeString(strings.Map(func(c rune) rune {
				if n++; c == ' ' && n%5 == 0 {
					return '\u00a0'
				}
				return c
			}, s)), "\u00a0", "&nbsp;")
		}), story.Duplicate
	}},
	{"other characters", func(t text, _ *rand.Rand) (text, story.Verdict) {
		change := strings.NewReplacer("“", `"`, "”", `"`, "«", `"`, "»", `"`, "’", "'", "–", "-", "—", "-", "ò", "o\u0300", "oà", "òa", "oá", "óa", "uỷ", "ủy",
			"أ", "ا", "إ", "ا", "ي", "ی", "ё", "е", "，", ",", "0", "０", "1", "１", "·", "•")
		return t.each(func(s string) string { return norm.NFD.String(change.Replace(s)) }), story.Duplicate
	}},
	{"one character in a hundred mistyped", func(t text, r *rand.Rand) (text, story.Verdict) {
		return t.each(func(s string) string {
			return strings.Map(func(c rune) rune {
				if unicode.IsLetter(c) && r.IntN(100) == 0 {
					return c + 1
				}
				return c
			}, s)
		}), story.Duplicate
	}},
	{"boilerplate added", func(t text, _ *rand.Rand) (text, story.Verdict) {
		return t.with(append(t.copy(), "Follow us for the latest news, share this page with your friends and write to the editors at news@paper.example.")), story.Duplicate
	}},
	{"first paragraph dropped", func(t text, _ *rand.Rand) (text, story.Verdict) { return t.drop(0) }},
	{"last paragraph dropped", func(t text, _ *rand.Rand) (text, story.Verdict) { return t.drop(len(t.Body) - 1) }},
	{"lede dropped", func(t text, _ *rand.Rand) (text, story.Verdict) {
		return text{Language: t.Language, Body: t.Body}, cut(t.Lede, t)
	}},
	{"first half", func(t text, _ *rand.Rand) (text, story.Verdict) {
		if len(t.Body) < 2 {
			return text{}, story.None
		}
		return t.with(t.Body[:len(t.Body)/2]), story.Same
	}},
	{"every other sentence", func(t text, _ *rand.Rand) (text, story.Verdict) {
		var kept []string
		for i, s := range sentences.FindAllString(strings.Join(t.Body, " "), -1) {
			if i%2 == 0 {
				kept = append(kept, s)
			}
		}
		return t.with(kept), story.Same
	}},
	{"background added", func(t text, r *rand.Rand) (text, story.Verdict) {
		other := t.another(r)
		return t.with(append(t.copy(), other.Body[:(len(other.Body)+1)/2]...)), story.Same
	}},
	{"two stories on one page", func(t text, r *rand.Rand) (text, story.Verdict) {
		other := t.another(r)
		return t.with(append(append(t.copy(), other.Lede), other.Body...)), story.Same
	}},
	{"one figure of many corrected", func(t text, _ *rand.Rand) (text, story.Verdict) {
		if len(figures.FindAllString(t.String(), -1)) < 5 {
			return text{}, story.None
		}
		return t.figures(1), story.Same
	}},
	{"the same form, other figures", func(t text, _ *rand.Rand) (text, story.Verdict) {
		if len(figures.FindAllString(t.String(), -1)) < 3 {
			return text{}, story.None
		}
		return t.figures(-1), story.None
	}},
}

var (
	figures   = regexp.MustCompile(`\d+`)
	sentences = regexp.MustCompile(`(?s).+?(?:[.!?](?:\s|$)|[。！？]|$)`)
	datelines = map[string]string{
		"vi": "Hà Nội (TTXVN 21/11) - ", "en": "HANOI, Nov. 21 (Reuters) – ", "zh": "新华社河内11月21日电 ", "ar": "( وكالات - 21 نوفمبر 2026 ) ",
		"fr": "Hanoï, 21 novembre (AFP) – ", "es": "Hanói, 21 nov (EFE).- ", "ru": "Ханой, 21 ноября (ТАСС) – ",
	}
)

func (t text) copy() []string { return append([]string(nil), t.Body...) }

func (t text) with(body []string) text {
	return text{Language: t.Language, Lede: t.Lede, Body: body}
}

func (t text) each(change func(string) string) text {
	out := text{Language: t.Language, Lede: change(t.Lede)}
	for _, p := range t.Body {
		out.Body = append(out.Body, change(p))
	}
	return out
}

func (t text) String() string { return t.Lede + "\n" + strings.Join(t.Body, "\n") }

// drop takes a paragraph away.
func (t text) drop(i int) (text, story.Verdict) {
	if len(t.Body) < 2 {
		return text{}, story.None
	}
	return t.with(append(append([]string(nil), t.Body[:i]...), t.Body[i+1:]...)), cut(t.Body[i], t)
}

// cut is what is left of t to t: the same text, unless more than a quarter is gone.
func cut(part string, t text) story.Verdict {
	if 4*utf8.RuneCountInString(part) > utf8.RuneCountInString(t.String()) {
		return story.Same
	}
	return story.Duplicate
}

// another is some other text of the language.
func (t text) another(r *rand.Rand) text {
	for {
		if o := t.shelf[r.IntN(len(t.shelf))]; o.ID != t.ID {
			return o
		}
	}
}

// figures adds to the last n figures of t, or to all of them.
func (t text) figures(n int) text {
	skip := 0
	if n > 0 {
		skip = len(figures.FindAllString(t.String(), -1)) - n
	}
	return t.each(func(s string) string {
		return figures.ReplaceAllStringFunc(s, func(f string) string {
			if skip--; skip >= 0 {
				return f
			}
			v, _ := strconv.Atoi(f)
			return strconv.Itoa(v + 3)
		})
	})
}

// wrap breaks lines at spaces, or anywhere in text without them.
func wrap(s string, width int) string {
	var b strings.Builder
	n := 0
	for _, c := range s {
		if n++; n >= width && (c == ' ' || unicode.Is(unicode.Han, c)) {
			b.WriteByte('\n')
			n = 0
			if c == ' ' {
				continue
			}
		}
		b.WriteRune(c)
	}
	return b.String()
}
