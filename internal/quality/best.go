package quality

import "slices"

// best keeps the first of what it is given, at most limit, in an order.
type best[T any] struct {
	limit int
	order func(a, b T) int
	items []T
}

func (b *best[T]) add(item T) {
	if len(b.items) == b.limit && b.order(item, b.items[b.limit-1]) >= 0 {
		return
	}
	at, _ := slices.BinarySearchFunc(b.items, item, b.order)
	b.items = slices.Insert(b.items, at, item)
	b.items = b.items[:min(len(b.items), b.limit)]
}

// list is never nil: JSON shows an empty list as [].
func (b *best[T]) list() []T { return append([]T{}, b.items...) }
