package topic

import (
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
	ignored // hides the terms in it: "日本报", names of news agencies
	kinds
)

// matcher finds terms in words, the longest at each place and none inside
// another. Its cost is linear in the text: each word is looked up a bounded
// number of times, and no term is longer than maxWords.
type matcher struct {
	exact, stems map[string]int32    // pattern word → id; capitalised ones under "^"
	next         []map[int32]int32   // state, id → state
	means        map[int32][]meaning // final state → meanings
}

const (
	maxWords = 12 // of a term
	maxStem  = 24 // runes of a stem
)

func newMatcher() *matcher {
	return &matcher{exact: map[string]int32{}, stems: map[string]int32{}, next: []map[int32]int32{{}}, means: map[int32][]meaning{}}
}

// add enters a term as a lexicon writes it: "defen*" stands for every word that
// begins so, "Mỹ" only for a capitalised word, and a "~" at the end halves the weight.
func (m *matcher) add(term string, mean meaning) error {
	text, half := strings.CutSuffix(strings.TrimSpace(term), "~")
	if half {
		mean.weight /= 2
	}
	text, words := split(text)
	if len(words) == 0 || len(words) > maxWords {
		return fmt.Errorf("term %q: write 1 to %d words", term, maxWords)
	}
	state := int32(0)
	for _, w := range words {
		table, key := m.exact, strings.TrimPrefix(w.key, "ال")
		if utf8.RuneCountInString(key) < 3 {
			key = w.key
		}
		if rest, stem := strings.CutPrefix(text[w.end:], "*"); stem {
			table = m.stems
			if r, _ := utf8.DecodeRuneInString(rest); inWord(r) {
				return fmt.Errorf("term %q: * ends a word", term)
			}
			if utf8.RuneCountInString(key) > maxStem {
				return fmt.Errorf("term %q: a stem has at most %d letters", term, maxStem)
			}
		}
		if w.upper {
			key = "^" + key
		}
		id, ok := table[key]
		if !ok {
			id = int32(len(m.exact) + len(m.stems))
			table[key] = id
		}
		to, ok := m.next[state][id]
		if !ok {
			to = int32(len(m.next))
			m.next = append(m.next, map[int32]int32{})
			m.next[state][id] = to
		}
		state = to
	}
	if !slices.Contains(m.means[state], mean) {
		m.means[state] = append(m.means[state], mean)
	}
	return nil
}

// find calls hit for every term in words, from first to last (exclusive), in
// the order of the text. Of one kind no two overlap: the longest of the leftmost
// counts. A term of kind ignored hides all others in it, and a defence term or an
// act hides what speaks against in it ("foreign and defence ministers").
func (m *matcher) find(words []word, hit func(first, last int, mean meaning)) {
	ids := make([][]int32, len(words))
	for i, w := range words {
		ids[i] = m.ids(w)
	}
	var until [kinds]int // where the last term of each kind ended
	for i := range words {
		var best [kinds]struct {
			last  int
			state int32
		}
		m.follow(words, ids, i, i, 0, func(last int, state int32) {
			for _, mean := range m.means[state] {
				if b := &best[mean.kind]; last > b.last {
					b.last, b.state = last, state
				}
			}
		})
		until[ignored] = max(until[ignored], best[ignored].last)
		for k := range ignored {
			b := best[k]
			if b.last == 0 || i < until[k] || i < until[ignored] {
				continue
			}
			if k == against && max(until[defence], until[act]) > b.last {
				continue
			}
			until[k] = b.last
			for _, mean := range m.means[b.state] {
				if mean.kind == k {
					hit(i, b.last, mean)
				}
			}
		}
	}
}

// follow calls end for each term that begins at the word from, whichever way
// the words are read.
func (m *matcher) follow(words []word, ids [][]int32, from, at int, state int32, end func(last int, state int32)) {
	if m.means[state] != nil {
		end(at, state)
	}
	if at == len(words) || at > from && words[at].sentence {
		return
	}
	for _, id := range ids[at] {
		if to, ok := m.next[state][id]; ok {
			m.follow(words, ids, from, at+1, to, end)
		}
	}
}

// ids lists the pattern words that w may stand for.
func (m *matcher) ids(w word) (out []int32) {
	look := func(table map[string]int32, key string) {
		if id, ok := table[key]; ok {
			out = append(out, id)
		}
		if !w.upper {
			return
		}
		if id, ok := table["^"+key]; ok {
			out = append(out, id)
		}
	}
	bare(w.key, func(key string) {
		look(m.exact, key)
		n := 0
		for i := range key {
			if n > 1 {
				look(m.stems, key[:i])
			}
			if n++; n > maxStem {
				return
			}
		}
		look(m.stems, key)
	})
	return out
}

// found is a term in its place.
type found struct {
	first, last int
	meaning
}

// terms finds what counts in words. In a language with lone names a one-word
// country right after a capitalised word that is no term itself is taken for a
// person's name: "Trần Đức", but "quân đội Đức".
func (t *tongue) terms(words []word) []found {
	var out []found
	named := 0 // end of the last term
	t.find(words, func(first, last int, m meaning) {
		if t.loneNames && m.kind == country && last == first+1 && first > named &&
			words[first].upper && words[first].joined && words[first-1].upper {
			return
		}
		named = max(named, last)
		out = append(out, found{first, last, m})
	})
	return out
}
