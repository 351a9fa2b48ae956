package topic

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// meaning is what a term says when it is found.
type meaning struct {
	kind   kind
	label  string // act, ISO code or reason against
	weight float64
}

type kind uint8

const (
	defence kind = iota
	act
	country
	body    // an international body
	partner // words that stand for another party: "the two countries"
	against // comes after defence and act: find relies on it
	near    // makes the country next to it a mere place: "off Taiwan"
	ignored // hides the terms in it: "日本报", names of news agencies
	kinds
)

// matcher finds terms in the words of a page. A term is a chain of pieces, each
// for the automaton: it ends after a word that stands for many ("military*"), and
// the next piece begins with the next word.
type matcher struct {
	*automaton
	pieces map[int32][]piece // by the state in which they are read
	chains int               // pieces that others follow, counted
}

// piece is a run of words of a term.
type piece struct {
	words int
	open  bool   // the last word may go on
	upper uint16 // which words must have a capital, by bits
	after int    // number of the piece before, from 1; 0 for none
	id    int    // number of this one, when another follows; else 0
	meaning
}

const maxWords = 12 // of a term

func newMatcher() *matcher {
	return &matcher{automaton: newAutomaton(), pieces: map[int32][]piece{}}
}

// add enters a term as a lexicon writes it: "defen*" stands for every word that
// begins so, "Mỹ" only for a capitalised word, and a "~" at the end halves the weight.
func (m *matcher) add(term string, mean meaning) error {
	text, half := strings.CutSuffix(strings.TrimSpace(term), "~")
	if half {
		mean.weight /= 2
	}
	p := split(text)
	if len(p.words) == 0 || len(p.words) > maxWords {
		return fmt.Errorf("term %q: write 1 to %d words", term, maxWords)
	}
	after, first := 0, 0
	for i, w := range p.words {
		rest, open := strings.CutPrefix(p.text[w.end:], "*")
		if r, _ := utf8.DecodeRuneInString(rest); open && inWord(r) {
			return fmt.Errorf("term %q: * ends a word", term)
		}
		last := i == len(p.words)-1
		if !open && !last {
			continue
		}
		next := piece{words: i + 1 - first, open: open, after: after}
		for j := first; j <= i; j++ {
			if p.words[j].upper {
				next.upper |= 1 << (j - first)
			}
		}
		state := m.automaton.add(p.runes[p.words[first].from:w.to])
		if last {
			next.meaning = mean
		} else {
			next.id = m.chain(state, next)
		}
		if !slices.Contains(m.pieces[state], next) {
			m.pieces[state] = append(m.pieces[state], next)
		}
		after, first = next.id, i+1
	}
	return nil
}

// chain numbers a piece that others follow, the same piece always alike.
func (m *matcher) chain(state int32, p piece) int {
	for _, q := range m.pieces[state] {
		if p.id = q.id; q.id != 0 && p == q {
			return q.id
		}
	}
	m.chains++
	return m.chains
}

// found is a term in its place: from one word to before another.
type found struct {
	first, last int
	meaning
}

// all calls hit for every term that stands in p, wherever terms overlap.
func (m *matcher) all(p *page, hit func(found)) {
	type progress struct{ next, first int }
	chains := make([]progress, m.chains+1) // by piece: the word the next one must begin with
	state := int32(0)
	for i, w := range p.words {
		for at := w.from; at <= w.to; at++ {
			state = m.step(state, p.runes[at])
			end := at + 1
			if at == w.to {
				break // the space after a word ends no piece
			}
			for s := state; s != 0; s = m.next[s] {
				if !m.ends[s] {
					continue
				}
				for _, piece := range m.pieces[s] {
					first := i + 1 - piece.words
					if first < 0 || !piece.open && end != w.to || !m.fits(p, piece, first, end, s) {
						continue
					}
					begin := first
					if piece.after != 0 {
						if first == 0 || p.words[first].sentence || chains[piece.after].next != first {
							continue
						}
						begin = chains[piece.after].first
					}
					if piece.id != 0 {
						chains[piece.id] = progress{i + 1, begin}
					} else {
						hit(found{begin, i + 1, piece.meaning})
					}
				}
			}
		}
	}
}

// fits reports whether the piece read in state s up to end begins where a word
// does, or after the particles written onto an Arabic word, has its capitals and
// stays within a sentence.
func (m *matcher) fits(p *page, piece piece, first, end int, s int32) bool {
	w := p.words[first]
	switch skip := end - m.depth[s] - w.from; {
	case skip < 0 || skip > 2:
		return false
	case skip > 0:
		if w.to-w.from-skip < 3 {
			return false
		}
		for _, r := range p.runes[w.from : w.from+skip] {
			if !isParticle(r) {
				return false
			}
		}
	}
	for j := range piece.words {
		if j > 0 && p.words[first+j].sentence || piece.upper&(1<<j) != 0 && !p.words[first+j].upper {
			return false
		}
	}
	return true
}

// find gives the terms that count in p, in the order of the text. Of one kind no
// two overlap: the leftmost counts, and the longest of those that begin together.
// A term of kind ignored hides those that begin in it, and a defence term or an act
// hides what speaks against in it ("foreign and defence ministers").
func (m *matcher) find(p *page) []found {
	var every []found
	m.all(p, func(f found) { every = append(every, f) })
	slices.SortStableFunc(every, func(x, y found) int {
		return cmp.Or(cmp.Compare(x.first, y.first), cmp.Compare(y.last, x.last), cmp.Compare(x.kind, y.kind), cmp.Compare(x.label, y.label), cmp.Compare(y.weight, x.weight))
	})
	var out []found
	var until [kinds]int // where the last term of each kind ended
	for i := 0; i < len(every); {
		var longest [kinds]int
		group := every[i:]
		for n, f := range group {
			if f.first != every[i].first {
				group = group[:n]
				break
			}
			longest[f.kind] = max(longest[f.kind], f.last)
		}
		i += len(group)
		hides := max(longest[ignored], 0)
		before := until
		for n, f := range group {
			switch {
			case n > 0 && f.last == group[n-1].last && f.kind == group[n-1].kind && f.label == group[n-1].label: // by another spelling
			case f.kind == ignored, f.last < longest[f.kind], f.first < before[f.kind], f.first < before[ignored], f.last <= hides:
			case f.kind == against && max(until[defence], until[act], longest[defence], longest[act]) > f.last:
			default:
				until[f.kind] = f.last
				out = append(out, f)
			}
		}
		until[ignored] = max(until[ignored], hides)
	}
	return out
}

// terms finds what counts in p. Names of people that are also countries' do not:
// in a language with lone names a one-word country right after a capitalised word
// that is no term itself ("Trần Đức", but "quân đội Đức"); and where the lexicon
// says so, one right before such a word too ("Jordan Peterson").
func (t *tongue) terms(p *page) []found {
	every := t.find(p)
	covered := make([]bool, len(p.words)+1)
	for _, f := range every {
		if f.kind != country || f.last > f.first+1 {
			for i := f.first; i < f.last; i++ {
				covered[i] = true
			}
		}
	}
	named, beside := 0, -1 // where the last term, and the last near, ended
	out := every[:0]
	for _, f := range every {
		switch {
		case f.kind == near:
			beside = f.last
			if last := len(out) - 1; t.postposed && last >= 0 && out[last].kind == country && out[last].last == f.first {
				out[last].weight = 0
			}
			continue
		case f.kind == country && t.isName(p, f, covered, named):
			continue
		case f.kind == country && f.first == beside && !t.postposed:
			f.weight = 0
		}
		named = max(named, f.last)
		out = append(out, f)
	}
	return out
}

// isName reports whether a country found is part of a person's name; the last
// term before it ended at named.
func (t *tongue) isName(p *page, f found, covered []bool, named int) bool {
	i := f.first
	if f.last != i+1 || !p.words[i].upper {
		return false
	}
	before := i > named && p.words[i].joined && p.words[i-1].upper && !covered[i-1]
	after := f.last < len(p.words) && p.words[f.last].joined && p.words[f.last].upper && !covered[f.last]
	return t.loneNames && before || t.names[p.key(i)] && (before || after) && !p.capitals()
}
