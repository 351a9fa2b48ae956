package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"attache/internal/article"
	"attache/internal/schema"
	"attache/internal/store"
	"attache/sinks"
)

// Seal makes next the open day and then seals every closed day that is not, and
// every further revision that was asked for: its files, the manifest as the commit,
// and everything read back. It gives what was sealed now, oldest first. A day that was cut
// off while sealing goes on with the very bytes it began with. That the open day is not
// over by S3's clock is an error, so that it is tried again. Live parts that sealed days
// made superfluous long enough ago go, and what was taken down goes from the captures.
func (p *Pipeline) Seal(ctx context.Context, next string) ([]sinks.Manifest, error) {
	ctx = p.sealLogging(ctx)
	early := p.advance(ctx, next)
	if early != nil && !errors.Is(early, errEarly) {
		return nil, early
	}
	if err := p.learn(ctx); err != nil {
		return nil, errors.Join(early, err)
	}
	sealed, err := p.sealAll(ctx)
	if ctx.Err() != nil {
		return sealed, err
	}
	taken, takeErr := p.takeDownAsked(ctx)
	if taken {
		var some []sinks.Manifest
		some, err = p.sealAll(ctx)
		sealed = append(sealed, some...)
	}
	return sealed, errors.Join(early, err, takeErr, p.tidy(ctx))
}

// mostPasses bounds how often Seal begins anew: a day that another attache seals
// again each time is left for the next call.
const mostPasses = 5

// sealAll seals what is to be sealed, oldest day first. The trouble of one day does
// not keep the others from it, but a day is not sealed before the one ahead of it was.
func (p *Pipeline) sealAll(ctx context.Context) (sealed []sinks.Manifest, failed error) {
	for range mostPasses {
		drops, err := p.Store.Drops(ctx)
		if err != nil {
			return sealed, err
		}
		failed = nil
		done := 0
		for _, d := range drops {
			if d.Closed.IsZero() || !d.Sealed.IsZero() {
				continue
			}
			m, err := p.seal(ctx, d)
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("seal %s: %w", d.Date, err))
				if ctx.Err() != nil || errors.Is(err, sinks.ErrUnreachable) || errors.Is(err, sinks.ErrNoBucket) {
					return sealed, failed
				}
				continue
			}
			sealed = append(sealed, m)
			done++
		}
		if done == 0 {
			break
		}
	}
	return sealed, failed
}

func (p *Pipeline) seal(ctx context.Context, d store.Drop) (sinks.Manifest, error) {
	if err := p.intended(ctx, &d); err != nil {
		return sinks.Manifest{}, err
	}
	m, err := sinks.ParseManifest(d.Manifest)
	if err != nil {
		return m, err
	}
	key := sinks.ManifestKey(d.Date, m.Rev)
	there, err := p.manifest(ctx, key)
	if err != nil {
		return m, err
	}
	if there != nil && !bytes.Equal(there, d.Manifest) {
		return p.adopt(ctx, d, there)
	}
	p.sealing(Sealing{Drop: d.Date, Stage: Landing})
	if err := p.LandCaptures(ctx); errors.Is(err, sinks.ErrConflict) {
		p.log(ctx).Error("captures of other bytes are in S3 under the name of ours, which stay on this disk", "error", err)
	} else if err != nil { // what its rows point at comes first
		return m, err
	}
	if err := p.putSchema(ctx, m.SchemaVersion); err != nil {
		return m, err
	}
	if err := p.putFiles(ctx, d, m.Data()); err != nil {
		return m, err
	}
	if _, err := p.Bucket.PutBytes(ctx, key, d.Manifest, "application/json"); errors.Is(err, sinks.ErrConflict) {
		there, readErr := p.manifest(ctx, key) // another was faster
		if readErr != nil || there == nil {
			return m, errors.Join(err, readErr)
		}
		return p.adopt(ctx, d, there)
	} else if err != nil {
		return m, err
	}
	return m, p.conclude(ctx, d, m)
}

// conclude is what is left when the manifest is there: the reports, of which only one
// sealer can have the names; the pointer; the files of the revision before; the proof.
func (p *Pipeline) conclude(ctx context.Context, d store.Drop, m sinks.Manifest) error {
	if err := p.putFiles(ctx, d, m.Reports); err != nil {
		return err
	}
	if err := p.point(ctx, m, newer); err != nil {
		return err
	}
	if err := p.prove(ctx, m, sinks.Superseded); err != nil {
		return err
	}
	if m.Rev > 0 {
		if err := p.supersede(ctx, m); err != nil {
			return err
		}
		if err := p.prove(ctx, m); err != nil {
			return err
		}
	}
	if err := p.settled(); err != nil {
		return err
	}
	if err := p.Store.Sealed(ctx, d.Date, m.Rev); err != nil {
		return err
	}
	return os.RemoveAll(filepath.Join(p.Spool, folder(d.Date, m.Rev)))
}

// prove reads the drop back. A stray is nothing we put, a schema that is not ours was
// left, and what a chain of manifests leads to is another day's; the kinds named may
// be there besides.
func (p *Pipeline) prove(ctx context.Context, m sinks.Manifest, besides ...sinks.Kind) error {
	p.sealing(Sealing{Drop: m.DropDate, Stage: Proving})
	report, err := sinks.Verify(ctx, p.Bucket, m.DropDate)
	if err != nil {
		return err
	}
	for _, f := range report.Findings {
		switch {
		case f.Kind == sinks.Stray, slices.Contains(besides, f.Kind):
		case f.Kind == sinks.BadSchema && f.Key == sinks.SchemaKey(m.SchemaVersion):
		case f.Kind == sinks.BadChain:
			p.log(ctx).Error("another manifest than this drop's is damaged; attache drop verify --all says which, attache drop repair mends it", "drop", m.DropDate, "finding", f.String())
		default:
			return fmt.Errorf("what was read back differs from what was put: %s", f)
		}
	}
	return nil
}

// manifest reads what is there under a manifest's key; nil when nothing is.
func (p *Pipeline) manifest(ctx context.Context, key string) ([]byte, error) {
	body, err := p.Bucket.Get(ctx, key)
	if errors.Is(err, sinks.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(io.LimitReader(body, maxManifest))
}

// putFiles lands files of a revision from the spool. One that is not in the spool
// any more must be in S3, where the proof looks for it.
func (p *Pipeline) putFiles(ctx context.Context, d store.Drop, files []sinks.ManifestFile) error {
	for _, f := range files {
		path := spoolName(filepath.Join(p.Spool, d.Path), f.Key)
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		object := sinks.Object{Key: f.Key, Path: path, SHA256: f.SHA256, Bytes: f.Bytes, ContentType: contentType(f.Format)}
		if _, err := p.Bucket.Put(ctx, object); err != nil {
			return err
		}
	}
	return nil
}

func contentType(format string) string {
	switch format {
	case sinks.FormatParquet:
		return sinks.ParquetType
	case sinks.FormatJSON:
		return "application/json"
	case sinks.FormatHTML:
		return "text/html; charset=utf-8"
	default:
		return sinks.JSONLType
	}
}

// putSchema lands the JSON Schema of the rows, once a version. Other bytes under its key
// are left, and found by verify: they do not keep a day from being sealed.
func (p *Pipeline) putSchema(ctx context.Context, version string) error {
	if version != article.SchemaVersion {
		return nil // begun by an earlier attache, which put its own
	}
	_, err := p.Bucket.PutBytes(ctx, sinks.SchemaKey(version), schema.JSON(), "application/schema+json")
	if errors.Is(err, sinks.ErrConflict) {
		p.log(ctx).Error("the schema in S3 is not ours; it was left as it is", "error", err)
		return nil
	}
	return err
}

// maxManifest bounds what is read of a manifest, bytes.
const maxManifest = 16 << 20

// point makes [sinks.LatestKey] lead to a drop, where it is newer than the one it led to.
func (p *Pipeline) point(ctx context.Context, m sinks.Manifest, newer func(l, old sinks.Latest) bool) error {
	l := sinks.Latest{DropDate: m.DropDate, Rev: m.Rev, Manifest: sinks.ManifestKey(m.DropDate, m.Rev), Rows: m.Rows}
	body, err := json.Marshal(l)
	if err != nil {
		return err
	}
	_, err = p.Bucket.Advance(ctx, sinks.LatestKey, append(body, '\n'), func(text []byte) bool {
		var old sinks.Latest
		return json.Unmarshal(text, &old) != nil || newer(l, old)
	})
	return err
}

// newer: the pointer moves forward only.
func newer(l, old sinks.Latest) bool {
	return old.DropDate < l.DropDate || old.DropDate == l.DropDate && old.Rev < l.Rev
}
