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

// spoiling finds the words without which a match would be none, those that count most first.
func (d *Decider) spoiling(r *reading) []Change {
	left, dropped := r, []string{}
	for range mostWords {
		least, word := left.score(), ""
		for _, t := range left.terms {
			key := strings.ToLower(t.text)
			if t.kind == against || slices.Contains(dropped, key) {
				continue
			}
			if score := left.without(func(t term) bool { return strings.ToLower(t.text) == key }).score(); score < least {
				least, word = score, key
			}
		}
		if word == "" {
			return []Change{}
		}
		dropped = append(dropped, word)
		left = left.without(func(t term) bool { return strings.ToLower(t.text) == word })
		if least < d.threshold {
			return []Change{{"without", dropped, least}}
		}
	}
	return []Change{}
}

// mending finds the fewest things that would make an article a match.
func (d *Decider) mending(r *reading) []Change {
	out := []Change{}
	try := func(what string, texts []string, changed *reading) {
		if score := changed.score(); score >= d.threshold {
			out = append(out, Change{what, texts, score})
		}
	}
	words := []string{}
	for _, t := range r.terms {
		if w := strings.ToLower(t.text); t.kind == against && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
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
