package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"attache/internal/store"
	"attache/sinks"
)

// adopt takes the manifest that another attache has put for a revision of a drop,
// from a copied data folder or one of its own, for ours: a drop has one. Our own
// objects go, and rows of ours that the drop does not hold go into the open drop:
// late, once, and not lost. A drop that is not whole is not adopted.
func (p *Pipeline) adopt(ctx context.Context, d store.Drop, theirs []byte) (sinks.Manifest, error) {
	m, err := sinks.ParseManifest(theirs)
	if err != nil {
		return m, fmt.Errorf("%w: what is there under %s is no manifest: %w", sinks.ErrConflict, sinks.ManifestKey(d.Date, d.Rev), err)
	}
	if err := p.prove(ctx, d.Date, true); err != nil {
		return m, fmt.Errorf("%w: another attache has sealed the day, and its drop is not whole; attache drop verify says more: %w", sinks.ErrConflict, err)
	}
	if d.Manifest != nil {
		ours, err := sinks.ParseManifest(d.Manifest)
		if err != nil {
			return m, err
		}
		if err := p.discard(ctx, ours, m.Named()); err != nil {
			return m, err
		}
	}
	held, err := p.held(ctx, m)
	if err != nil {
		return m, err
	}
	late, err := p.Store.Adopt(ctx, d.Date, d.Rev, theirs, func(id string, revision int) bool { return !held[revisionKey(id, revision)] })
	if err != nil {
		return m, err
	}
	log := p.Log.Warn
	if late > 0 {
		log = p.Log.Error
	}
	log("another attache has sealed this day in the same place; its drop stands", "drop", d.Date, "rev", d.Rev, "by", m.Producer, "rows", m.Rows, "our_rows_put_into_the_open_drop", late,
		"what_to_do", "give each data folder an s3.prefix of its own")
	if err := p.Store.Sealed(ctx, d.Date, d.Rev); err != nil {
		return m, err
	}
	return m, os.RemoveAll(filepath.Join(p.Spool, folder(d.Date, d.Rev)))
}

// held gives the revisions of articles that a drop holds.
func (p *Pipeline) held(ctx context.Context, m sinks.Manifest) (map[[16]byte]bool, error) {
	held := make(map[[16]byte]bool, m.Rows)
	if m.Rows == 0 {
		return held, nil
	}
	var trouble error
	for _, f := range m.Files {
		file, err := p.fetched(ctx, f)
		if err != nil {
			trouble = errors.Join(trouble, err)
			continue
		}
		err = enter(held, file, f)
		return held, errors.Join(err, file.Close(), os.Remove(file.Name()))
	}
	return nil, trouble
}

func enter(held map[[16]byte]bool, file *os.File, f sinks.ManifestFile) error {
	for row, err := range read(file, f) {
		if err != nil {
			return err
		}
		var r struct {
			ArticleID string `json:"article_id"`
			Revision  int    `json:"revision"`
		}
		if err := json.Unmarshal(row, &r); err != nil {
			return err
		}
		held[revisionKey(r.ArticleID, r.Revision)] = true
	}
	return nil
}

// revisionKey stands for a revision of an article, in little room.
func revisionKey(id string, revision int) [16]byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", id, revision))
	return [16]byte(sum[:16])
}

// discard removes the objects of a manifest of ours that was never put, but those
// that another names as well.
func (p *Pipeline) discard(ctx context.Context, ours sinks.Manifest, but []sinks.ManifestFile) error {
	keep := map[string]bool{}
	for _, f := range but {
		keep[f.Key] = true
	}
	for _, f := range ours.Named() {
		if !keep[f.Key] {
			if err := p.Bucket.Remove(ctx, f.Key); err != nil {
				return err
			}
		}
	}
	return nil
}
