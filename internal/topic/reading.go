package topic

import (
	"slices"
	"strings"

	"attache/internal/article"
)

// term is something a lexicon knows, found in an article.
type term struct {
	meaning
	place      place
	sentence   int    // counted through the article
	start, end int    // bytes of the place's text in NFC
	text       string // as it stands there
}

// reading is what was found in an article.
type reading struct {
	terms     []term
	sentences int // of the body
	texts     [places]string
}

// read finds the terms of an article.
func (t *tongue) read(title, lede, body string) *reading {
	r := &reading{}
	sentence := 0
	for p, text := range [places]string{title, lede, body} {
		page := split(text)
		r.texts[p] = page.text
		terms := t.terms(page)
		for i, w := range page.words {
			if w.sentence {
				sentence++
				if place(p) == inBody {
					r.sentences++
				}
			}
			for ; len(terms) > 0 && terms[0].first == i; terms = terms[1:] {
				f := terms[0]
				r.terms = append(r.terms, term{
					f.meaning, place(p), sentence, w.start, page.words[f.last-1].end, page.quote(f.first, f.last),
				})
			}
		}
	}
	return r
}

// weighed counts what an article is about: 3 for the title, 2 for the lede, 1
// for each time in the body, times the weight of the term.
type weighed map[string]float64

// ship labels the defence terms that are warships.
const ship = "ship"

// countries lists those in the title or lede, or twice in the body; a mere place counts nowhere.
func (r *reading) countries() []string { return r.common(country) }

// acts lists those in the title or lede, or twice in the body. A warship in
// title or lede makes a visit there a port call too.
func (r *reading) acts() []string {
	out := r.common(act)
	ships := slices.ContainsFunc(r.terms, func(t term) bool { return t.label == ship && t.place != inBody })
	visits := slices.ContainsFunc(r.terms, func(t term) bool { return t.label == "visit" && t.weight == 1 && t.place != inBody })
	if ships && visits && !slices.Contains(out, "port_call") {
		out = append(out, "port_call")
		slices.Sort(out)
	}
	return out
}

func (r *reading) common(k kind) []string {
	w := weighed{}
	for _, t := range r.terms {
		if t.kind == k && t.label != "" {
			w[t.label] += t.weight * float64(places-t.place)
		}
	}
	return w.atLeast(2)
}

// signals are the terms for the record, each once, at its first place.
func (r *reading) signals() []article.Signal {
	out := []article.Signal{}
	seen := map[article.Signal]bool{}
	for _, t := range r.terms {
		s := article.Signal{Kind: t.name(), Text: strings.ToLower(t.text)}
		if !seen[s] {
			seen[s] = true
			out = append(out, article.Signal{Kind: t.name(), Text: t.text, Place: t.place.String()})
		}
	}
	return out
}

// name is the kind as records give it.
func (m meaning) name() string {
	return [...]string{defence: "defence", act: "act", country: "country", body: "country", partner: "country", against: "against"}[m.kind]
}

func (w weighed) atLeast(least float64) []string {
	out := []string{}
	for name, n := range w {
		if n >= least {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
