package view

import (
	"context"
	"errors"

	"attache/sinks"
)

// Drops gives the manifests of sealed days, oldest first: the newest most of those
// before a day, or of all when before is empty; most 0 is no limit. More is the day before
// which there are others, or empty. Manifests that are damaged are left out, and the
// error, which is [sinks.ErrDamaged], names them all.
func Drops(ctx context.Context, from sinks.Objects, before string, most int) (manifests []sinks.Manifest, more string, err error) {
	dates, err := sinks.Sealed(ctx, from)
	if err != nil {
		return nil, "", err
	}
	for len(dates) > 0 && before != "" && dates[len(dates)-1] >= before {
		dates = dates[:len(dates)-1]
	}
	if most > 0 && len(dates) > most {
		dates = dates[len(dates)-most:]
		more = dates[0]
	}
	manifests = []sinks.Manifest{}
	var damaged error // of single days
	for _, date := range dates {
		m, err := sinks.ReadManifest(ctx, from, date)
		if errors.Is(err, sinks.ErrDamaged) {
			damaged = errors.Join(damaged, err)
			continue
		}
		if err != nil {
			return manifests, more, err
		}
		manifests = append(manifests, m)
	}
	return manifests, more, damaged
}
