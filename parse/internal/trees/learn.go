package trees

import (
	"math"
	"slices"
)

// Example is a thing with its traits.
type Example struct {
	Traits []float64
	Holds  float64 // how far it is what is asked for: 0 to 1
	Weight float64
}

// The shape of what is learned: small trees, many of them, each correcting a
// little of what those before it got wrong. More trees or larger ones did not
// do better on pages of sites left out.
const (
	manyTrees  = 100
	leaves     = 6
	rate       = 0.12
	manyValues = 32  // a trait's values are told apart this finely
	least      = 0.3 // weight on either side of a split
	caution    = 0.5 // weight by which a leaf is drawn to zero
)

// Learn grows a forest on the examples, by gradient boosting of the logistic loss.
func Learn(traits []string, examples []Example) *Forest {
	f := &Forest{traits: traits}
	g := grower{
		examples: examples, cuts: make([][]float64, len(traits)), level: make([][]uint8, len(traits)),
		pull: make([]float64, len(examples)), bend: make([]float64, len(examples)),
	}
	for t := range traits {
		g.grade(t)
	}
	sums := make([]float64, len(examples))
	all := make([]int, len(examples))
	for i := range all {
		all[i] = i
	}
	for range manyTrees {
		for i, e := range examples {
			p := 1 / (1 + math.Exp(-sums[i]))
			g.pull[i], g.bend[i] = e.Weight*(e.Holds-p), e.Weight*max(p*(1-p), 0.01)
		}
		one := &Forest{trees: [][]node{g.grow(all)}}
		for i, e := range examples {
			sums[i] += one.Sum(e.Traits)
		}
		f.trees = append(f.trees, one.trees[0])
	}
	return f
}

// grower grows one tree after another on the same examples.
type grower struct {
	examples   []Example
	cuts       [][]float64 // by trait: where it may be split
	level      [][]uint8   // by trait and example: between which cuts it lies
	pull, bend []float64   // slope and curvature of each example's loss
}

// grade finds where a trait may be split: at values that part the examples evenly.
func (g *grower) grade(t int) {
	values := make([]float64, len(g.examples))
	for i, e := range g.examples {
		values[i] = e.Traits[t]
	}
	slices.Sort(values)
	for k := 1; k < manyValues; k++ {
		if v := values[k*(len(values)-1)/manyValues]; v < values[len(values)-1] && !slices.Contains(g.cuts[t], v) {
			g.cuts[t] = append(g.cuts[t], v)
		}
	}
	g.level[t] = make([]uint8, len(g.examples))
	for i, e := range g.examples {
		at, _ := slices.BinarySearch(g.cuts[t], e.Traits[t])
		g.level[t][i] = uint8(at) // there are fewer than manyValues cuts
	}
}

// branch is a leaf of a growing tree and the best split of it.
type branch struct {
	members     []int
	gain        float64
	trait, cut  int
	left, right *branch
}

func (g *grower) grow(all []int) []node {
	root := g.branch(all)
	open := []*branch{root}
	for len(open) < leaves {
		best := slices.MaxFunc(open, func(a, b *branch) int {
			if a.gain < b.gain {
				return -1
			}
			return 1
		})
		if best.gain <= 0 {
			break
		}
		var left, right []int
		for _, i := range best.members {
			if int(g.level[best.trait][i]) <= best.cut {
				left = append(left, i)
			} else {
				right = append(right, i)
			}
		}
		best.left, best.right = g.branch(left), g.branch(right)
		open = append(slices.DeleteFunc(open, func(b *branch) bool { return b == best }), best.left, best.right)
	}
	return g.list(nil, root)
}

func (g *grower) list(t []node, b *branch) []node {
	if b.left == nil {
		pull, bend := g.total(b.members)
		return append(t, node{trait: -1, at: rate * pull / (bend + caution)})
	}
	i := len(t)
	t = append(t, node{trait: b.trait, at: g.cuts[b.trait][b.cut]})
	t = g.list(t, b.left)
	t[i].right = len(t)
	return g.list(t, b.right)
}

func (g *grower) total(members []int) (pull, bend float64) {
	for _, i := range members {
		pull += g.pull[i]
		bend += g.bend[i]
	}
	return pull, bend
}

// branch finds the best split of its members, none if it gains nothing.
func (g *grower) branch(members []int) *branch {
	b := &branch{members: members}
	pull, bend := g.total(members)
	for t, cuts := range g.cuts {
		var pulls, bends [manyValues]float64
		for _, i := range members {
			pulls[g.level[t][i]] += g.pull[i]
			bends[g.level[t][i]] += g.bend[i]
		}
		var p, d float64
		for c := range cuts {
			p += pulls[c]
			d += bends[c]
			if d < least || bend-d < least {
				continue
			}
			gain := p*p/(d+caution) + (pull-p)*(pull-p)/(bend-d+caution) - pull*pull/(bend+caution)
			if gain > b.gain {
				b.gain, b.trait, b.cut = gain, t, c
			}
		}
	}
	return b
}
