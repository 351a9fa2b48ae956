// Package topic decides whether an article is about defence diplomacy and says why.
//
// It looks for terms of a lexicon: defence, acts (a visit, an exercise, …),
// countries and international bodies, and words that point to another subject.
// A stretch of text with a defence term, an act and two parties is a scene; the
// score says how much of the title, the lede and the body is such scenes.
//
// docs/TOPIC.md tells how, with what figures, and where it fails; the labelled
// set it is measured on is not here, so name the folder that holds topic/open.jsonl:
//
//	ATTACHE_SHARED=… go test ./internal/topic -run 'OpenSet|Labels' -v
package topic

import (
	"errors"
	"strings"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"attache/internal/article"
)

// Text is what is judged. Body holds paragraphs, a blank line between two; its
// first stands in for a missing Lede. Language is BCP 47; one without a lexicon,
// or none, is guessed from the script.
type Text struct{ Title, Lede, Body, Language string }

// Decision is the answer with its reasons. The lists are never nil.
type Decision struct {
	Score     float64          // 0…1
	Threshold float64          // that was to be reached
	Match     bool             // Score reached it
	Acts      []string         // of the vocabulary Acts, sorted
	Countries []string         // ISO 3166-1 alpha-2, sorted
	Signals   []article.Signal // each term once, at its first place, in the order of the text
}

// Options of a Decider. The zero value is good.
type Options struct {
	Threshold float64 // Score from which an article matches, above 0 up to 1; 0 means 0.5
	Dir       string  // folder with the operator's own <language>.yaml; "" for none
}

// Decider judges texts. It is safe for concurrent use.
type Decider struct {
	threshold float64
	tongues   map[string]func() *tongue
}

// New loads the lexicons. What an operator's file says is added to the built-in
// one of the same language, or stands instead of it when it says "replace: true".
func New(o Options) (*Decider, error) {
	if o.Threshold == 0 {
		o.Threshold = 0.5
	}
	if !(o.Threshold > 0 && o.Threshold <= 1) {
		return nil, errors.New("topic threshold: use a number above 0 up to 1")
	}
	tongues, err := load(o.Dir)
	if err != nil {
		return nil, err
	}
	return &Decider{o.Threshold, tongues}, nil
}

// Decide judges t. The same text always gets the same answer, at a cost linear
// in its length.
func (d *Decider) Decide(t Text) Decision { return d.decide(d.read(t)) }

func (d *Decider) decide(r *reading) Decision {
	score := r.score()
	return Decision{
		Score: score, Threshold: d.threshold, Match: score >= d.threshold,
		Acts: r.acts(), Countries: r.countries(), Signals: r.signals(),
	}
}

// At is d with another threshold; 0 leaves it as it is.
func (d *Decider) At(threshold float64) *Decider {
	if threshold == 0 {
		return d
	}
	return &Decider{threshold, d.tongues}
}

func (d *Decider) read(t Text) *reading {
	if strings.TrimSpace(t.Lede) == "" {
		t.Lede, t.Body = lede(t.Body)
	}
	return d.tongue(t).read(strings.TrimSpace(t.Title), t.Lede, t.Body)
}

// lede cuts the first paragraph off, and of a long one no more than two sentences.
func lede(body string) (first, rest string) {
	first, rest, _ = strings.Cut(strings.TrimSpace(body), "\n")
	sentences := 0
	for _, w := range split(first).words {
		if !w.sentence {
			continue
		}
		if sentences++; sentences > 2 {
			first = norm.NFC.String(strings.ToValidUTF8(first, " ")) // what the word's place counts in
			return first[:w.start], first[w.start:] + "\n" + rest
		}
	}
	return first, rest
}

// tongue picks the lexicon: of the language said, else of the script seen.
func (d *Decider) tongue(t Text) *tongue {
	if tag, err := language.Parse(t.Language); err == nil {
		base, _ := tag.Base()
		if l := d.tongues[base.String()]; l != nil {
			return l()
		}
	}
	guess := "en"
	for _, r := range t.Title + t.Lede {
		switch {
		case unicode.Is(unicode.Han, r):
			guess = "zh"
		case unicode.Is(unicode.Arabic, r):
			guess = "ar"
		case unicode.Is(unicode.Cyrillic, r):
			guess = "ru"
		case strings.ContainsRune("ơƠưƯđĐ", r), r >= 'Ạ' && r <= 'ỹ':
			guess = "vi"
		default:
			continue
		}
		break
	}
	return d.tongues[guess]()
}
