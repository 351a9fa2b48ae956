// Package audit looks at what the topic decision kept out, and tries another
// decision on what was decided before. It changes nothing.
package audit

import (
	"cmp"
	"context"
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"attache/internal/article"
	"attache/internal/store"
)

// Store is what it needs of the store.
type Store interface {
	Judgements(ctx context.Context, source string, from, to time.Time) iter.Seq2[store.Judgement, error]
	Last(ctx context.Context, source, from, to string, let *int) iter.Seq2[*article.Record, error]
}

// Out is what was kept out in a period.
type Out struct {
	Sources []Counts          `json:"sources"`
	Shown   []store.Judgement `json:"shown"` // the nearest misses first, or a random sample
}

// Counts are one source's, of articles.
type Counts struct {
	Source string `json:"source"`
	Titles int    `json:"by_title"` // by their title alone
	Read   int    `json:"read"`
	Nil    int    `json:"score_0"`      // of those read: nothing in them spoke for it
	Low    int    `json:"score_low"`    // less than a tenth of the threshold
	Middle int    `json:"score_middle"` // less than half of it
	High   int    `json:"score_high"`   // half of it or more
}

func (c *Counts) add(j *store.Judgement) {
	if j.Score == nil {
		c.Titles++
		return
	}
	c.Read++
	switch s := *j.Score; {
	case s == 0:
		c.Nil++
	case s < j.Threshold/10:
		c.Low++
	case s < j.Threshold/2:
		c.Middle++
	default:
		c.High++
	}
}

// Nearest counts what was kept out in [from, to), and shows at most n of it, those
// nearest to their threshold first. What was not visited has no score, and is not shown.
func Nearest(ctx context.Context, s Store, source string, from, to time.Time, n int) (Out, error) {
	return count(ctx, s, source, from, to, func(shown []store.Judgement, j *store.Judgement) []store.Judgement {
		if j.Score == nil {
			return shown
		}
		at, _ := slices.BinarySearchFunc(shown, j, func(a store.Judgement, b *store.Judgement) int {
			return cmp.Or(cmp.Compare(*b.Score/b.Threshold, *a.Score/a.Threshold), -1) // after its equals: the older first
		})
		if at == n {
			return shown
		}
		return slices.Insert(shown[:min(len(shown), n-1)], at, *j)
	})
}

// Sample is Nearest, but shows n at random, each as likely as any other, what was not
// visited included. The same seed shows the same.
func Sample(ctx context.Context, s Store, source string, from, to time.Time, n int, seed uint64) (Out, error) {
	dice, met := rand.New(rand.NewPCG(seed, seed)), 0
	return count(ctx, s, source, from, to, func(shown []store.Judgement, j *store.Judgement) []store.Judgement {
		met++
		if len(shown) < n {
			return append(shown, *j)
		}
		if i := dice.IntN(met); i < n {
			shown[i] = *j
		}
		return shown
	})
}

func count(ctx context.Context, s Store, source string, from, to time.Time, show func([]store.Judgement, *store.Judgement) []store.Judgement) (Out, error) {
	o := Out{Sources: []Counts{}, Shown: []store.Judgement{}}
	for j, err := range s.Judgements(ctx, source, from, to) {
		if err != nil {
			return o, err
		}
		if n := len(o.Sources); n == 0 || o.Sources[n-1].Source != j.Source {
			o.Sources = append(o.Sources, Counts{Source: j.Source})
		}
		o.Sources[len(o.Sources)-1].add(&j)
		o.Shown = show(o.Shown, &j)
	}
	return o, nil
}
