package pipeline

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"time"

	"attache/internal/store"
	"attache/sinks"
)

// freeze fixes what the source has stored since its last batch: the bytes are in
// the spool, fsynced, before the store says that they are frozen.
func (p *Pipeline) freeze(ctx context.Context, run, source string) error {
	if p.Bucket == nil {
		return nil
	}
	return p.Store.Freeze(ctx, source, func(date string, rows iter.Seq2[[]byte, error]) (store.Batch, error) {
		file, err := sinks.WriteJSONL(filepath.Join(p.Spool, "live-"+date+"-"+run+".jsonl.gz"), rows)
		if err != nil {
			return store.Batch{}, err
		}
		return store.Batch{Key: sinks.LiveKey(date, run, file.SHA256), Path: filepath.Base(file.Path), SHA256: file.SHA256, Bytes: file.Bytes, Rows: file.Rows}, nil
	})
}

// pause is how long after a failed landing the next one may try: runs that end
// together report one trouble once each, and do not wait for it in turn.
const pause = time.Minute

// Land puts every frozen batch that has not landed, oldest first, and lets its
// spool file go once the object is proved. When S3 fails the rest stays where it is
// and lands with a later run; what is wrong with one batch does not stop the others.
func (p *Pipeline) Land(ctx context.Context) error {
	if p.Bucket == nil {
		return nil
	}
	t := p.turns()
	t.landing.Lock()
	defer t.landing.Unlock()
	// A clock that was put back must not make the pause longer.
	if since := p.Now().Sub(t.failedAt); t.failure != nil && since >= 0 && since < pause {
		return t.failure
	}
	err := p.land(ctx)
	if ctx.Err() == nil { // a caller that gave up says nothing about S3
		t.failure, t.failedAt = err, p.Now()
	}
	return err
}

func (p *Pipeline) land(ctx context.Context) error {
	batches, err := p.Store.Frozen(ctx)
	if err != nil {
		return err
	}
	var own error // of single batches, which must not hold up the others
	left := 0
	for i, b := range batches {
		path, err := p.spooled(ctx, b.Path, b.SHA256, p.Store.BatchRows(ctx, b))
		if err != nil {
			own, left = errors.Join(own, err), left+1
			continue
		}
		_, err = p.Bucket.Put(ctx, sinks.Object{Key: b.Key, Path: path, SHA256: b.SHA256, Bytes: b.Bytes, ContentType: sinks.JSONLType})
		switch {
		case errors.Is(err, sinks.ErrConflict):
			own, left = errors.Join(own, err), left+1
			continue
		case err != nil:
			return &Unlanded{Batches: left + len(batches) - i, Err: errors.Join(own, err)}
		}
		if err := p.settled(); err != nil {
			return err
		}
		if err := p.Store.Landed(ctx, b); err != nil {
			return err
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	captures := p.landCaptures(ctx, false)
	if own != nil {
		return errors.Join(&Unlanded{Batches: left, Err: own}, captures)
	}
	return captures
}

// Unlanded says that records wait in the store for S3.
type Unlanded struct {
	Batches int
	Err     error
}

func (u *Unlanded) Error() string {
	return fmt.Sprintf("%v (batches of records that wait in the store and land with the next run: %d)", u.Err, u.Batches)
}

func (u *Unlanded) Unwrap() error { return u.Err }
