package sinks

import (
	"context"
	"slices"
	"strings"
)

// Revisions gives every revision of every drop that has a manifest, lowest first, by
// date.
func Revisions(ctx context.Context, o Objects) (map[string][]int, error) {
	objects, err := o.List(ctx, manifestRoot)
	if err != nil {
		return nil, err
	}
	found := map[string][]int{}
	for _, object := range objects {
		date, _, _ := strings.Cut(strings.TrimPrefix(object.Key, manifestRoot+"drop_date="), "/")
		if rev, ok := manifestRev(date, object.Key); ok && isDate(date) {
			found[date] = append(found[date], rev)
		}
	}
	for _, revs := range found {
		slices.Sort(revs)
	}
	return found, nil
}
