package topic

// Explanation is a decision with all it rests on.
type Explanation struct {
	Decision
	Title, Lede, Body string // as they were read: NFC, the lede cut off a body without one
	Terms             []Term // every one that was found, in the order of the text
	Parts             []Part // what the score adds up from; none for an article without a scene
	Bias              float64
	Changes           []Change // each would flip the decision; the least first
}

// Term is something a lexicon knows, where it stands.
type Term struct {
	Kind   string  `json:"kind"`            // defence, act, country or against, as in signals
	Label  string  `json:"label,omitempty"` // which act, which country, against for which reason
	Place  string  `json:"place"`           // title, lede or body
	Start  int     `json:"start"`           // bytes of that place's text
	End    int     `json:"end"`
	Text   string  `json:"text"`
	Weight float64 `json:"weight"` // 0 for a country that is a mere place
}

// Part is one feature of an article.
type Part struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"`  // 0 for nothing of it
	Weight float64 `json:"weight"` // Value times Weight is added up
}

// names of the features, for people.
var names = [features]string{
	"scene in the title", "scene in the lede", "scene in title and lede together", "parties in title and lede",
	"sentences of the body that are scenes", "scene anywhere", "parties anywhere", "acts anywhere",
	"other subjects in the title", "other subjects in the lede", "other subjects in the body",
}

// Explain is Decide with its reasons.
func (d *Decider) Explain(t Text) Explanation {
	r := d.read(t)
	e := Explanation{
		Decision: d.decide(r), Bias: bias,
		Title: r.texts[inTitle], Lede: r.texts[inLede], Body: r.texts[inBody],
		Terms: []Term{}, Parts: []Part{},
	}
	for _, t := range r.terms {
		e.Terms = append(e.Terms, Term{t.name(), t.label, t.place.String(), t.start, t.end, t.text, t.weight})
	}
	if f, ok := r.measure(); ok {
		for i, x := range f {
			e.Parts = append(e.Parts, Part{names[i], x, weights[i]})
		}
	}
	e.Changes = d.changes(r, e.Match)
	return e
}
