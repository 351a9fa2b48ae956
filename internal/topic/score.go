package topic

import (
	"math"
	"slices"
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
		if m.weight > 0 && !slices.Contains(t.countries, m.label) {
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
		one, two = 0.75, 0.25
	}
	return min(t.defence, 1) * max(min(t.together, 1)*one, min(t.alone, 1)*two)
}

// feature is one of the numbers the score is made of, 0 for nothing.
type feature uint8

const (
	titleScene feature = iota
	ledeScene
	headScene   // of title and lede together
	headParties // two are 1
	bodyScenes  // share of the sentences of the body
	anyScene    // in the article as a whole
	anyParties  // two are 1
	anyActs     // two are 1
	titleAgainst
	ledeAgainst
	bodyAgainst // per sentence
	features
)

// weights of the features, and what must be outweighed. They were fitted on the
// open set and rounded to quarters (docs/TOPIC.md says how they are fitted again);
// quarters keep the sum exact, so that every machine gives the same score.
var (
	weights = [features]float64{
		titleScene: 1, ledeScene: 2.25, headScene: 3.5, headParties: 1.25, bodyScenes: 2.75, anyScene: 1.25, anyParties: 1.25, anyActs: 1.5,
		titleAgainst: -2, ledeAgainst: -1.25, bodyAgainst: -2,
	}
	bias = -6.0
)

// measure reduces a reading to the features. An article without a scene has none.
func (r *reading) measure() (f [features]float64, ok bool) {
	var in [places]tally
	var head, whole, sentence tally
	scenes, at := 0.0, -1
	for _, t := range r.terms {
		if t.sentence != at {
			scenes, sentence, at = scenes+sentence.scene(), tally{}, t.sentence
		}
		in[t.place].add(t.meaning)
		whole.add(t.meaning)
		if t.place == inBody {
			sentence.add(t.meaning)
		} else {
			head.add(t.meaning)
		}
	}
	scenes += sentence.scene()
	if r.texts[inTitle] == "" { // the lede stands in for it
		in[inTitle] = in[inLede]
	}
	if whole.scene() == 0 {
		return f, false
	}
	n := float64(max(r.sentences, 1))
	f = [features]float64{
		titleScene: in[inTitle].scene(), ledeScene: in[inLede].scene(),
		headScene: head.scene(), headParties: min(head.parties(), 2) / 2,
		bodyScenes: quantised(scenes / n), anyScene: whole.scene(),
		anyParties: min(whole.parties(), 2) / 2, anyActs: min(whole.alone+whole.together, 2) / 2,
		titleAgainst: min(in[inTitle].against, 2), ledeAgainst: min(in[inLede].against, 3), bodyAgainst: quantised(min(in[inBody].against/n, 2)),
	}
	return f, true
}

// quantised leaves a share with six binary places.
func quantised(x float64) float64 { return math.Round(x*64) / 64 }

// score weighs the features, 0 to 1, with three decimals.
func (r *reading) score() float64 {
	f, ok := r.measure()
	if !ok {
		return 0
	}
	sum := bias
	for i, x := range f {
		sum += weights[i] * x
	}
	return math.Round(1000/(1+math.Exp(-sum))) / 1000
}
