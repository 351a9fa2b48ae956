package sinks

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// maxManifest bounds what is read of a manifest, bytes.
const maxManifest = 16 << 20

// Sealed gives the dates of the drops that have a manifest, oldest first.
func Sealed(ctx context.Context, o Objects) ([]string, error) {
	objects, err := o.List(ctx, manifestRoot)
	if err != nil {
		return nil, err
	}
	var dates []string // the listing has them in order
	for _, object := range objects {
		date, _, _ := strings.Cut(strings.TrimPrefix(object.Key, manifestRoot+"drop_date="), "/")
		if _, ok := manifestRev(date, object.Key); ok && isDate(date) && (len(dates) == 0 || dates[len(dates)-1] != date) {
			dates = append(dates, date)
		}
	}
	return dates, nil
}

// ReadManifest gives the newest manifest of a drop; [ErrNotFound] when it is not sealed.
func ReadManifest(ctx context.Context, o Objects, date string) (Manifest, error) {
	revs, err := revisions(ctx, o, date)
	if err != nil {
		return Manifest{}, err
	}
	m, _, err := ReadRevision(ctx, o, date, revs[len(revs)-1])
	return m, err
}

// ReadRevision gives the manifest of one revision of a drop, and the link by which
// the one after it names it; [ErrNotFound] when there is none, [ErrDamaged] when it
// is no manifest or that of something else.
func ReadRevision(ctx context.Context, o Objects, date string, rev int) (Manifest, Link, error) {
	m, link, _, err := readRevision(ctx, o, date, rev)
	return m, link, err
}

// readRevision gives the manifest's bytes as well.
func readRevision(ctx context.Context, o Objects, date string, rev int) (m Manifest, link Link, raw []byte, err error) {
	key := ManifestKey(date, rev)
	body, err := o.Get(ctx, key)
	if err != nil {
		return m, link, nil, err
	}
	defer func() { _ = body.Close() }()
	raw, err = io.ReadAll(io.LimitReader(body, maxManifest+1))
	if err != nil {
		return m, link, nil, err
	}
	link = Link{DropDate: date, Rev: rev, SHA256: digest(raw)}
	m, err = ParseManifest(raw)
	switch {
	case len(raw) > maxManifest:
		err = fmt.Errorf("it is larger than %d bytes", maxManifest)
	case err == nil && (m.DropDate != date || m.Rev != rev):
		err = fmt.Errorf("it says it is that of %s r%d", m.DropDate, m.Rev)
	}
	if err != nil {
		return Manifest{}, link, raw, &damaged{key, err}
	}
	return m, link, raw, nil
}

// ErrDamaged is a manifest that was not written by attache as it stands.
var ErrDamaged = errors.New("the manifest is damaged")

type damaged struct {
	key   string
	cause error
}

func (d *damaged) Error() string        { return d.key + ": " + d.cause.Error() }
func (d *damaged) Is(target error) bool { return target == ErrDamaged }

// revisions lists the manifests of a drop, lowest first, one at least.
func revisions(ctx context.Context, o Objects, date string) ([]int, error) {
	objects, err := o.List(ctx, ManifestPrefix(date))
	if err != nil {
		return nil, err
	}
	var revs []int
	for _, object := range objects {
		if rev, ok := manifestRev(date, object.Key); ok {
			revs = append(revs, rev)
		}
	}
	if len(revs) == 0 {
		return nil, &failure{ErrNotFound, fmt.Sprintf("the drop of %s has no manifest in %s: it is not sealed", date, o)}
	}
	slices.Sort(revs)
	return revs, nil
}

// isDate reports a drop's date.
func isDate(date string) bool {
	_, err := time.Parse(time.DateOnly, date)
	return err == nil
}

func (l Link) String() string { return fmt.Sprintf("%s r%d", l.DropDate, l.Rev) }
