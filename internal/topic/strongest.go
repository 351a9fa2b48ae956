package topic

import (
	"cmp"
	"slices"

	"attache/internal/article"
)

// Strongest gives at most n of the signals, those of the title before those of the
// lede and of the body, and at one place defence before acts, what speaks against,
// and countries.
func (d Decision) Strongest(n int) []article.Signal {
	places := []string{inTitle.String(), inLede.String(), inBody.String()}
	kinds := []string{"defence", "act", "against", "country"}
	list := slices.Clone(d.Signals)
	slices.SortStableFunc(list, func(a, b article.Signal) int {
		return cmp.Or(slices.Index(places, a.Place)-slices.Index(places, b.Place), slices.Index(kinds, a.Kind)-slices.Index(kinds, b.Kind))
	})
	return list[:min(n, len(list))]
}
