package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
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
// spool file go once the object is proved. On an error the rest stays where it is
// and lands with a later run.
func (p *Pipeline) Land(ctx context.Context) error {
	if p.Bucket == nil {
		return nil
	}
	p.landing.Lock()
	defer p.landing.Unlock()
	if p.failure != nil && p.Now().Sub(p.failedAt) < pause {
		return p.failure
	}
	if p.failure = p.land(ctx); p.failure != nil {
		p.failedAt = p.Now()
	}
	return p.failure
}

func (p *Pipeline) land(ctx context.Context) error {
	batches, err := p.Store.Frozen(ctx)
	if err != nil {
		return err
	}
	for i, b := range batches {
		path := filepath.Join(p.Spool, b.Path)
		_, err := p.Bucket.Put(ctx, sinks.Object{Key: b.Key, Path: path, SHA256: b.SHA256, Bytes: b.Bytes, ContentType: sinks.JSONLType})
		if err != nil {
			return &Unlanded{Batches: len(batches) - i, Err: err}
		}
		if err := p.Store.Landed(ctx, b); err != nil {
			return err
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Unlanded says that records wait in the store for S3.
type Unlanded struct {
	Batches int
	Err     error
}

func (u *Unlanded) Error() string {
	return fmt.Sprintf("%v (%d batches of records wait in the store and land with the next run)", u.Err, u.Batches)
}

func (u *Unlanded) Unwrap() error { return u.Err }
