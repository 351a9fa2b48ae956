package story

import "slices"

// sample is a set of hashes, or the smallest of a large one. Whatever two
// samples hold up to the lower of their cuts are fair samples of both sets, so
// shares counted there are estimates of those in the sets, and exact when both
// are whole. (Bottom-k or KMV sketches; Broder, "On the resemblance and
// containment of documents", 1997.)
type sample struct {
	hashes []uint32 // ascending, none twice
	cut    uint32   // every hash of the set up to here is in hashes
}

// collector makes a sample in memory of a few times size, in linear time.
type collector struct {
	sample
	size int
}

func collect(size int) collector {
	return collector{sample{nil, ^uint32(0)}, size}
}

func (c *collector) add(h uint32) {
	if h > c.cut {
		return
	}
	if c.hashes = append(c.hashes, h); len(c.hashes) >= 8*c.size {
		c.shrink()
	}
}

func (c *collector) shrink() {
	slices.Sort(c.hashes)
	c.hashes = slices.Compact(c.hashes)
	if len(c.hashes) > c.size {
		c.hashes = c.hashes[:c.size]
		c.cut = c.hashes[c.size-1]
	}
}

func (c *collector) done() sample {
	c.shrink()
	return sample{slices.Clip(c.hashes), c.cut}
}

// overlap counts up to the lower cut: what only a has, what both have, what
// only b has.
func overlap(a, b sample) (left, both, right int) {
	x, y := a.upTo(b.cut), b.upTo(a.cut)
	for len(x) > 0 && len(y) > 0 {
		switch {
		case x[0] < y[0]:
			left, x = left+1, x[1:]
		case x[0] > y[0]:
			right, y = right+1, y[1:]
		default:
			both, x, y = both+1, x[1:], y[1:]
		}
	}
	return left + len(x), both, right + len(y)
}

func (s sample) upTo(cut uint32) []uint32 {
	n, found := slices.BinarySearch(s.hashes, cut)
	if found {
		n++
	}
	return s.hashes[:n]
}
