// Package trees adds up small decision trees: what a thing's traits, as numbers,
// say for or against it. They are learned from labelled examples and kept as text.
package trees

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Forest is a list of trees over named traits.
type Forest struct {
	traits []string
	trees  [][]node
}

// node is a split or, where trait is negative, a leaf. The nodes of a tree stand
// in a list, each before what is under it: a split's left side follows it.
type node struct {
	trait int
	at    float64 // the left side is up to here; a leaf's value
	right int     // where the right side begins
}

// Sum is what all trees say to x, the values of the traits in order: above zero
// for, below against.
func (f *Forest) Sum(x []float64) (sum float64) {
	for _, t := range f.trees {
		i := 0
		for t[i].trait >= 0 {
			if x[t[i].trait] <= t[i].at {
				i++
			} else {
				i = t[i].right
			}
		}
		sum += t[i].at
	}
	return sum
}

// String has a tree a line, node by node: trait:value for a split, the value of a leaf.
func (f *Forest) String() string {
	var b strings.Builder
	for _, t := range f.trees {
		for i, n := range t {
			if i > 0 {
				b.WriteByte(' ')
			}
			if n.trait >= 0 {
				b.WriteString(f.traits[n.trait] + ":")
			}
			b.WriteString(strconv.FormatFloat(n.at, 'g', 4, 64))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Parse reads what String wrote. Empty lines and those that begin with # are passed over.
func Parse(text string, traits []string) (*Forest, error) {
	f := &Forest{traits: traits}
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		var t []node
		rest, err := f.read(&t, fields)
		if err != nil {
			return nil, fmt.Errorf("%.60q is no tree: %w", line, err)
		}
		if len(rest) > 0 {
			return nil, fmt.Errorf("%.60q is more than a tree", line)
		}
		f.trees = append(f.trees, t)
	}
	return f, nil
}

// read takes one node and what is under it off the fields.
func (f *Forest) read(t *[]node, fields []string) ([]string, error) {
	if len(fields) == 0 {
		return nil, errors.New("it ends early")
	}
	name, value, split := strings.Cut(fields[0], ":")
	n := node{trait: -1}
	if split {
		if n.trait = slices.Index(f.traits, name); n.trait < 0 {
			return nil, fmt.Errorf("there is no trait %q", name)
		}
	} else {
		value = name
	}
	var err error
	if n.at, err = strconv.ParseFloat(value, 64); err != nil {
		return nil, err
	}
	i := len(*t)
	*t = append(*t, n)
	if fields = fields[1:]; !split {
		return fields, nil
	}
	if fields, err = f.read(t, fields); err != nil {
		return nil, err
	}
	(*t)[i].right = len(*t)
	return f.read(t, fields)
}
