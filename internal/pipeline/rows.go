package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"attache/internal/article"
	"attache/internal/store"
	"attache/sinks"
)

// maxRow bounds one record, bytes; a page is cut off long before.
const maxRow = 64 << 20

// rows gives what a revision of a drop holds. That of a first one is in the store.
// A further one holds what the one before did, without what was taken down since: from
// the store while it has every text, else from the files of the one before that
// are whole. Call done when the rows are read.
func (p *Pipeline) rows(ctx context.Context, d store.Drop) (rows iter.Seq2[[]byte, error], done func(), err error) {
	done = func() {}
	if d.Rev == 0 {
		return p.Store.Rows(ctx, d.Date), done, nil
	}
	text, err := p.Store.Manifest(ctx, d.Date, d.Rev-1)
	if err != nil {
		return nil, done, err
	}
	before, err := sinks.ParseManifest(text)
	if err != nil {
		return nil, done, err
	}
	if n, err := p.Store.WholeRows(ctx, d.Date); err != nil {
		return nil, done, err
	} else if n == before.Rows {
		return p.Store.Rows(ctx, d.Date), done, nil
	}
	down, err := p.takenDown(ctx) // those of the revision before are known: see heed
	if err != nil {
		return nil, done, err
	}
	var trouble error
	for _, f := range before.Files {
		file, err := p.fetched(ctx, f)
		if err != nil {
			trouble = errors.Join(trouble, err)
			continue
		}
		done = func() { _ = file.Close(); _ = os.Remove(file.Name()) }
		return redacted(read(file, f), down), done, nil
	}
	if before.Rows == 0 {
		return func(func([]byte, error) bool) {}, done, nil
	}
	return nil, done, fmt.Errorf("the store does not hold all %d rows of %s any more, and no file of r%d can be read; put one back from a copy of the bucket: %w", before.Rows, d.Date, before.Rev, trouble)
}

// fetched copies a file of a drop to the spool, if it is what its manifest says.
func (p *Pipeline) fetched(ctx context.Context, f sinks.ManifestFile) (_ *os.File, err error) {
	body, err := p.Bucket.Get(ctx, f.Key)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	file, err := os.Create(filepath.Join(p.Spool, "fetched.tmp"))
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, file.Close(), os.Remove(file.Name()))
		}
	}()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(file, h), io.LimitReader(body, f.Bytes+1))
	if err != nil {
		return nil, err
	}
	if n != f.Bytes || hex.EncodeToString(h.Sum(nil)) != f.SHA256 {
		return nil, fmt.Errorf("%s is damaged", f.Key)
	}
	_, err = file.Seek(0, io.SeekStart)
	return file, err
}

func read(file *os.File, f sinks.ManifestFile) iter.Seq2[[]byte, error] {
	if f.Format == sinks.FormatParquet {
		return sinks.ReadParquet(file, f.Bytes, maxRow)
	}
	return sinks.ReadJSONL(file, maxRow)
}

// takenDown gives why articles must not be kept, by their ids.
func (p *Pipeline) takenDown(ctx context.Context) (map[string]string, error) {
	list, err := p.Store.Takedowns(ctx, store.AllTakedowns)
	if err != nil {
		return nil, err
	}
	down := make(map[string]string, len(list))
	for _, t := range list {
		down[t.ArticleID] = t.Reason
	}
	return down, nil
}

// redacted hands rows on, those of articles that were taken down as tombstones.
func redacted(rows iter.Seq2[[]byte, error], down map[string]string) iter.Seq2[[]byte, error] {
	if len(down) == 0 {
		return rows
	}
	return func(yield func([]byte, error) bool) {
		for row, err := range rows {
			if err == nil {
				row, err = tombstone(row, down)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

func tombstone(row []byte, down map[string]string) ([]byte, error) {
	var r article.Record
	if err := json.Unmarshal(row, &r); err != nil {
		return nil, err
	}
	reason, ok := down[r.ArticleID]
	if !ok {
		return row, nil
	}
	r.Redact(reason)
	return r.JSON()
}
