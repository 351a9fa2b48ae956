package quality

import "math/bits"

// Spread says how numbers lie. Quantiles above 255 are within 0.4 % of a value
// that was counted; minimum and maximum are exact.
type Spread struct {
	Count  int64 `json:"count"`
	Min    int64 `json:"min"`
	P10    int64 `json:"p10"`
	Median int64 `json:"median"`
	P90    int64 `json:"p90"`
	Max    int64 `json:"max"`
}

// histogram counts numbers in at most 7,300 buckets, each no wider than 1/128 of
// what it holds. A negative number counts as 0.
type histogram struct {
	buckets  map[int]int64
	n        int64
	min, max int64
}

func (h *histogram) add(v int64) {
	v = max(v, 0)
	if h.n == 0 {
		h.buckets, h.min, h.max = map[int]int64{}, v, v
	}
	h.n++
	h.min, h.max = min(h.min, v), max(h.max, v)
	h.buckets[bucket(v)]++
}

// spread is nil when nothing was counted.
func (h *histogram) spread() *Spread {
	if h.n == 0 {
		return nil
	}
	return &Spread{Count: h.n, Min: h.min, P10: h.quantile(10), Median: h.quantile(50), P90: h.quantile(90), Max: h.max}
}

// quantile is the smallest counted number that percent of them do not exceed.
func (h *histogram) quantile(percent int64) int64 {
	rank := max(1, (h.n*percent+99)/100)
	for b := bucket(h.min); ; b++ {
		if rank -= h.buckets[b]; rank <= 0 {
			return min(max(middle(b), h.min), h.max)
		}
	}
}

// bucket numbers buckets so that each power of two from 2^8 on has 128 of one width.
func bucket(v int64) int {
	e := max(0, bits.Len64(uint64(v))-8)
	return e<<7 + int(v>>e)
}

func middle(b int) int64 {
	if b < 256 {
		return int64(b)
	}
	e := b>>7 - 1
	low := int64(b-e<<7) << e
	return low + int64(1)<<e/2
}
