package topic

import (
	"cmp"
	"slices"
)

// automaton finds all of many strings in one pass over a text (Aho and Corasick,
// 1975): at each rune it is in the state of the longest prefix of a string that
// ends there. Its cost is linear in the text and the number of finds.
type automaton struct {
	children map[edge]int32 // while strings are added
	edges    []edge         // then: sorted by from, rune
	first    []int32        // state → index of its first edge
	to       []int32        // along edges
	root     []int32        // by rune, for those of the basic plane
	fail     []int32        // state → state of the longest proper suffix
	next     []int32        // state → nearest state along fail where a string ends, 0 for none
	ends     []bool
	depth    []int // runes read from the root
}

type edge struct {
	from int32
	r    rune
}

func newAutomaton() *automaton {
	return &automaton{children: map[edge]int32{}, ends: []bool{false}, depth: []int{0}}
}

// add enters a string and returns the state in which it has been read.
func (a *automaton) add(s []rune) int32 {
	state := int32(0)
	for _, r := range s {
		to, ok := a.children[edge{state, r}]
		if !ok {
			to = int32(len(a.ends))
			a.children[edge{state, r}] = to
			a.ends, a.depth = append(a.ends, false), append(a.depth, a.depth[state]+1)
		}
		state = to
	}
	a.ends[state] = true
	return state
}

// freeze makes the automaton ready; nothing is added after it.
func (a *automaton) freeze() {
	n := len(a.ends)
	a.edges = make([]edge, 0, len(a.children))
	for e := range a.children {
		a.edges = append(a.edges, e)
	}
	slices.SortFunc(a.edges, func(x, y edge) int {
		return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.r, y.r))
	})
	a.first, a.to, a.root = make([]int32, n+1), make([]int32, len(a.edges)), make([]int32, 1<<16)
	for i, e := range a.edges {
		a.to[i] = a.children[e]
		a.first[e.from+1]++
		if e.from == 0 && e.r < 1<<16 {
			a.root[e.r] = a.to[i]
		}
	}
	for s := range n {
		a.first[s+1] += a.first[s]
	}
	a.children = nil
	a.fail, a.next = make([]int32, n), make([]int32, n)
	for queue := []int32{0}; len(queue) > 0; queue = queue[1:] {
		s := queue[0]
		for i := a.first[s]; i < a.first[s+1]; i++ {
			to := a.to[i]
			queue = append(queue, to)
			if s != 0 {
				a.fail[to] = a.step(a.fail[s], a.edges[i].r)
			}
			if f := a.fail[to]; a.ends[f] {
				a.next[to] = f
			} else {
				a.next[to] = a.next[f]
			}
		}
	}
}

// step reads one rune.
func (a *automaton) step(state int32, r rune) int32 {
	for ; state != 0; state = a.fail[state] {
		lo, hi := a.first[state], a.first[state+1]
		for hi-lo > 4 { // a few children at most are the rule
			if mid := (lo + hi) / 2; a.edges[mid].r <= r {
				lo = mid
			} else {
				hi = mid
			}
		}
		for ; lo < hi; lo++ {
			if a.edges[lo].r == r {
				return a.to[lo]
			}
		}
	}
	if r < 1<<16 {
		return a.root[r]
	}
	return 0
}
