package quality

import (
	"cmp"
	"slices"
)

// counts counts what rows say. Rows may be hostile: of more than limit different
// keys, those met last are not counted.
type counts[K comparable] struct {
	limit int
	n     map[K]int64
}

func countUpTo[K comparable](limit int) counts[K] {
	return counts[K]{limit: limit, n: map[K]int64{}}
}

func (c *counts[K]) add(key K) {
	if _, known := c.n[key]; known || len(c.n) < c.limit {
		c.n[key]++
	}
}

// top gives the most frequent keys, made by item; equally frequent ones by order.
func top[K comparable, T any](c counts[K], most int, order func(a, b K) int, item func(K, int64) T) []T {
	keys := make([]K, 0, len(c.n))
	for k := range c.n {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b K) int { return cmp.Or(cmp.Compare(c.n[b], c.n[a]), order(a, b)) })
	list := make([]T, 0, min(most, len(keys)))
	for _, k := range keys[:min(most, len(keys))] {
		list = append(list, item(k, c.n[k]))
	}
	return list
}
