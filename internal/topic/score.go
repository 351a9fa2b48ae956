package topic

import (
	"math"
	"slices"

	"attache/internal/article"
)

// place is where in the article a term stands.
type place uint8

const (
	inTitle place = iota
	inLede
	inBody
	places
)

func (p place) String() string { return [...]string{"title", "lede", "body"}[p] }

// tally is what a stretch of text holds; the weights of its terms added up.
type tally struct {
	defence, alone, together, partner, against float64 // alone and together: acts
	countries                                  []string
	bodies                                     int
}

// solo are the acts an army also does by itself: they need two parties named.
var solo = []string{"exercise", "patrol", "training", "arms", "border", "war_legacy", "exhibition"}

func (t *tally) add(m meaning) {
	switch m.kind {
	case defence:
		t.defence += m.weight
	case act:
		if slices.Contains(solo, m.label) {
			t.alone += m.weight
		} else {
			t.together += m.weight
		}
	case country:
		if !slices.Contains(t.countries, m.label) {
			t.countries = append(t.countries, m.label)
		}
	case body:
		t.bodies = 1
	case partner:
		t.partner += m.weight
	case against:
		t.against += m.weight
	}
}

func (t *tally) parties() float64 {
	return float64(len(t.countries)+t.bodies) + min(t.partner, 1)
}

// scene is how fully the stretch shows defence establishments dealing with one
// another, 0 to 1: a defence term, an act and two parties make it full. One party
// is nearly enough for a visit or talks, whose host may be left unsaid.
func (t *tally) scene() float64 {
	two := min(t.parties()/2, 1)
	one := two
	if two >= 0.5 && two < 1 {
		one, two = 0.75, 0.3
	}
	return min(t.defence, 1) * max(min(t.together, 1)*one, min(t.alone, 1)*two)
}

// reading gathers what one article says.
type reading struct {
	*tongue
	head, whole tally // title with lede; everything
	in          [places]tally
	scenes      float64 // sum over the sentences of the body
	sentences   int     // of the body
	acts        weighed
	countries   weighed
	signals     []article.Signal
	seen        map[string]bool
}

func newReading(t *tongue) *reading {
	return &reading{tongue: t, acts: weighed{}, countries: weighed{}, signals: []article.Signal{}, seen: map[string]bool{}}
}

// read takes in the text of one place.
func (r *reading) read(p place, text string) {
	text, words := split(text)
	terms := r.terms(words)
	var sentence tally
	end := func() {
		if p == inBody {
			r.scenes += sentence.scene()
			r.sentences++
		}
		sentence = tally{}
	}
	for i, next := 0, 0; i < len(words); i++ {
		if words[i].sentence && i > 0 {
			end()
		}
		for ; next < len(terms) && terms[next].first == i; next++ {
			m := terms[next]
			sentence.add(m.meaning)
			r.in[p].add(m.meaning)
			r.whole.add(m.meaning)
			if p != inBody {
				r.head.add(m.meaning)
			}
			r.note(p, m.meaning, text[words[i].start:words[m.last-1].end])
		}
	}
	if len(words) > 0 {
		end()
	}
}

// note keeps a term for the record.
func (r *reading) note(p place, m meaning, text string) {
	switch m.kind {
	case act:
		if m.label == "" {
			break
		}
		r.acts[m.label] += m.weight * float64(3-p)
	case country:
		r.countries[m.label] += m.weight * float64(3-p)
	}
	kind := [...]string{defence: "defence", act: "act", country: "country", body: "country", partner: "country", against: "against"}[m.kind]
	if key := kind + fold(text); !r.seen[key] {
		r.seen[key] = true
		r.signals = append(r.signals, article.Signal{Kind: kind, Text: text, Place: p.String()})
	}
}

// score weighs the scenes of the title, the lede and the body, and what is named
// anywhere, against what points to another subject; an article without a scene
// gets 0. The weights were rounded by hand from a logistic fit. Three decimals
// make the answer the same on every processor.
func (r *reading) score() float64 {
	if r.whole.scene() == 0 {
		return 0
	}
	n := float64(max(r.sentences, 1))
	acts := r.whole.alone + r.whole.together
	support := r.in[inTitle].scene() + 2*r.in[inLede].scene() + 2*r.head.scene() + 2*r.scenes/n +
		r.whole.scene() + min(r.whole.parties(), 2)/2 + min(acts, 2)/2
	against := 2*min(r.in[inTitle].against, 2) + min(r.in[inLede].against, 3) + 1.5*min(r.in[inBody].against/n, 2)
	return math.Round(1000/(1+math.Exp(4+against-support))) / 1000
}
