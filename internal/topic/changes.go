package topic

import (
	"slices"
	"strings"
)

// Change is something that would make the decision the other one.
type Change struct {
	What  string   `json:"what"`            // "a threshold of", "without", or what would have to be added, and where
	Texts []string `json:"texts,omitempty"` // the words to do without
	Score float64  `json:"score"`           // that the article would have
}

// mostWords is how many different words a change may do without.
const mostWords = 12

func (d *Decider) changes(r *reading, match bool) []Change {
	if match {
		return d.spoiling(r)
	}
	return d.mending(r)
}

// spoiling finds words without which a match would be none: those that count most,
// or all of one kind, without which nothing is a scene, when these are fewer.
func (d *Decider) spoiling(r *reading) []Change {
	best := Change{"without", d.weightiest(r), 0}
	for _, kinds := range [][]kind{{defence}, {act}, {country, body, partner}} {
		words := r.words(kinds...)
		if best.Texts == nil || len(words) < len(best.Texts) {
			best.Texts = words
		}
	}
	best.Score = r.withoutWords(best.Texts).score()
	return []Change{best}
}

// weightiest drops the word that counts most, again and again; nil when that gets nowhere.
func (d *Decider) weightiest(r *reading) (dropped []string) {
	score := r.score()
	for len(dropped) < mostWords {
		least, word := score, ""
		for _, w := range r.words(defence, act, country, body, partner) {
			if s := r.withoutWords([]string{w}).score(); s < least {
				least, word = s, w
			}
		}
		if word == "" {
			return nil
		}
		dropped, r, score = append(dropped, word), r.withoutWords([]string{word}), least
		if score < d.threshold {
			return dropped
		}
	}
	return nil
}

// mending finds the fewest things that would make an article a match.
func (d *Decider) mending(r *reading) []Change {
	out := []Change{}
	try := func(what string, texts []string, changed *reading) {
		if score := changed.score(); score >= d.threshold {
			out = append(out, Change{what, texts, score})
		}
	}
	words := r.words(against)
	try("without", words, r.without(func(t term) bool { return t.kind == against }))
	for n, found := 1, len(out); n <= 3 && len(out) == found; n++ {
		for _, a := range additions {
			if len(a.what) != n {
				continue
			}
			for p := range inBody {
				if r.texts[p] != "" {
					try(strings.Join(a.what, " and ")+" in the "+p.String(), nil, r.with(p, a.meanings))
				}
			}
		}
	}
	if len(out) == 0 {
		for p := range inBody {
			if r.texts[p] != "" {
				all := additions[len(additions)-1]
				try(strings.Join(all.what, " and ")+" in the "+p.String()+", without", words,
					r.with(p, all.meanings).without(func(t term) bool { return t.kind == against }))
			}
		}
	}
	return out
}

// additions are what an article may lack, one thing, two or all three.
var additions = func() (out []addition) {
	things := []addition{
		{[]string{"a defence term"}, []meaning{{defence, "", 1}}},
		{[]string{"an act (a visit, talks, …)"}, []meaning{{act, "", 1}}},
		{[]string{"two parties"}, []meaning{{country, "one", 1}, {country, "another", 1}}},
	}
	for _, pick := range []int{1, 2, 4, 3, 5, 6, 7} {
		var a addition
		for i, t := range things {
			if pick&(1<<i) != 0 {
				a.what, a.meanings = append(a.what, t.what...), append(a.meanings, t.meanings...)
			}
		}
		out = append(out, a)
	}
	return out
}()

type addition struct {
	what     []string
	meanings []meaning
}

// words are the different texts of terms of some kinds, in order.
func (r *reading) words(kinds ...kind) []string {
	out := []string{}
	for _, t := range r.terms {
		if w := strings.ToLower(t.text); slices.Contains(kinds, t.kind) && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// withoutWords is r less what some words say, but for what they say against.
func (r *reading) withoutWords(words []string) *reading {
	return r.without(func(t term) bool { return t.kind != against && slices.Contains(words, strings.ToLower(t.text)) })
}

// without is r less the terms that drop names.
func (r *reading) without(drop func(term) bool) *reading {
	left := *r
	left.terms = slices.DeleteFunc(slices.Clone(r.terms), drop)
	return &left
}

// with is r with more terms in its title or lede.
func (r *reading) with(p place, more []meaning) *reading {
	grown := *r
	grown.terms = slices.Clone(r.terms)
	for _, m := range more {
		grown.terms = append(grown.terms, term{meaning: m, place: p, sentence: -1})
	}
	return &grown
}
