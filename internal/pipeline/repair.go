package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"attache/internal/article"
	"attache/internal/store"
	"attache/sinks"
)

// Repair makes a sealed day whole again and says, step by step, what it does; unless
// really, what it would do. Manifests get back the bytes they were sealed with, objects that
// no manifest names go, and files that are missing or damaged make a further revision
// of the day, from the store or from the format that is whole. Nothing to do gives no
// steps.
func (p *Pipeline) Repair(ctx context.Context, date string, really bool) (steps []string, err error) {
	ctx = p.sealLogging(ctx)
	drops, err := p.Store.Drops(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(drops, func(d store.Drop) bool { return d.Date == date && !d.Closed.IsZero() })
	if i < 0 {
		return nil, fmt.Errorf("the drop of %s is not of this data folder, or is open; repair it with the folder that sealed it", date)
	}
	r := &repair{Pipeline: p, drop: drops[i], really: really}
	if r.drop.Sealed.IsZero() {
		if err := r.unsealed(ctx); err != nil {
			return r.steps, err
		}
	}
	if err := r.manifests(ctx); err != nil {
		return r.steps, err
	}
	if len(r.steps) > 0 && !really {
		r.step("look at its files, which the manifest names")
		return r.steps, nil
	}
	if err := r.files(ctx); err != nil {
		return r.steps, err
	}
	return r.steps, r.pointer(ctx)
}

type repair struct {
	*Pipeline
	drop   store.Drop
	really bool
	steps  []string
}

func (r *repair) step(format string, args ...any) {
	r.steps = append(r.steps, fmt.Sprintf(format, args...))
}

// unsealed is for a day whose seal does not come to its end.
func (r *repair) unsealed(ctx context.Context) error {
	if r.drop.Manifest == nil {
		return fmt.Errorf("the drop of %s is not sealed yet; attache drop seal does it, or says why not", r.drop.Date)
	}
	r.step("end the seal of r%d, and seal the day once more", r.drop.Rev)
	if !r.really {
		return nil
	}
	if err := r.settlePending(ctx); err != nil {
		return err
	}
	open, err := r.Store.OpenDate(ctx)
	if err != nil {
		return err
	}
	if _, err := r.Seal(ctx, open); err != nil {
		return err
	}
	drops, err := r.Store.Drops(ctx)
	if err != nil {
		return err
	}
	for _, d := range drops {
		if d.Date == r.drop.Date {
			r.drop = d
		}
	}
	return nil
}

// pointer mends [sinks.LatestKey] where it leads nowhere.
func (r *repair) pointer(ctx context.Context) error {
	have, err := sinks.ReadLatest(ctx, r.Bucket)
	switch {
	case err == nil:
		if _, _, err = sinks.ReadRevision(ctx, r.Bucket, have.DropDate, have.Rev); err == nil {
			return nil
		}
	case !errors.Is(err, sinks.ErrDamaged) && !errors.Is(err, sinks.ErrNotFound):
		return err
	}
	dates, err := sinks.Sealed(ctx, r.Bucket)
	if err != nil || len(dates) == 0 {
		return err
	}
	m, err := sinks.ReadManifest(ctx, r.Bucket, dates[len(dates)-1])
	if err != nil {
		return err
	}
	r.step("let %s lead to r%d of %s", sinks.LatestKey, m.Rev, m.DropDate)
	if !r.really {
		return nil
	}
	return r.point(ctx, m, func(sinks.Latest, sinks.Latest) bool { return true })
}

// manifests puts back what the store knows was sealed.
func (r *repair) manifests(ctx context.Context) error {
	for rev := range r.drop.Rev + 1 {
		key := sinks.ManifestKey(r.drop.Date, rev)
		text, err := r.Store.Manifest(ctx, r.drop.Date, rev)
		if err != nil {
			return err
		}
		there, err := r.manifest(ctx, key)
		if err != nil {
			return err
		}
		switch {
		case bytes.Equal(there, text):
			continue
		case there == nil:
			r.step("put back %s", key)
			if r.really {
				_, err = r.Bucket.PutBytes(ctx, key, text, "application/json")
			}
		default:
			r.step("put back %s as it was sealed, in place of what is there", key)
			if r.really {
				err = r.restore(ctx, key, text, there)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// restore puts the bytes a manifest was sealed with over others.
func (r *repair) restore(ctx context.Context, key string, text, there []byte) error {
	path := spoolName(r.Spool, key+".tmp")
	if err := writeFile(path, text); err != nil {
		return err
	}
	defer func() { _ = os.Remove(path) }()
	object := sinks.Object{Key: key, Path: path, SHA256: article.SHA256(string(text)), Bytes: int64(len(text)), ContentType: "application/json"}
	return r.Bucket.Replace(ctx, object, article.SHA256(string(there)))
}

// files mends what the manifests name, and removes what they do not.
func (r *repair) files(ctx context.Context) error {
	report, err := sinks.Verify(ctx, r.Bucket, r.drop.Date)
	if err != nil {
		return err
	}
	damaged := ""
	var unmended error
	for _, f := range report.Findings {
		switch f.Kind {
		case sinks.Missing, sinks.Differs, sinks.Unreadable, sinks.BadRows, sinks.RowsDiffer:
			if damaged == "" {
				damaged = fmt.Sprintf("damage: %s %s", f.Key, f.Kind)
			}
		case sinks.Stray, sinks.Superseded:
			r.step("remove %s, which no manifest names", f.Key)
			if r.really {
				if err := r.Bucket.Remove(ctx, f.Key); err != nil {
					return err
				}
			}
		case sinks.BadSchema:
			r.step("put the schema in its place, if nothing is there")
			if r.really {
				if err := r.putSchema(ctx, article.SchemaVersion); err != nil {
					return err
				}
			}
		default:
			unmended = errors.Join(unmended, fmt.Errorf("not to be mended here: %s", f))
		}
	}
	if damaged != "" {
		if err := r.possible(ctx); err != nil {
			return errors.Join(err, unmended)
		}
		r.step("seal the day as r%d (%s), and remove the files of r%d", r.drop.Rev+1, damaged, r.drop.Rev)
		if r.really {
			if err := r.revise(ctx, damaged); err != nil {
				return err
			}
		}
	}
	return unmended
}

// possible fails when nothing is left that a further revision could be made of.
func (r *repair) possible(ctx context.Context) error {
	next := r.drop
	next.Rev++
	_, done, err := r.rows(ctx, next)
	done()
	return err
}

// revise seals the day once more.
func (r *repair) revise(ctx context.Context, reason string) error {
	if _, err := r.Store.Revise(ctx, r.drop.Date, reason); err != nil {
		return err
	}
	open, err := r.Store.OpenDate(ctx)
	if err != nil {
		return err
	}
	_, err = r.Seal(ctx, open)
	return err
}
