package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"attache/internal/article"
	"attache/internal/store"
	"attache/sinks"
)

// Latest is what v1/_latest.json holds: where the newest sealed drop is.
type Latest struct {
	DropDate string `json:"drop_date"`
	Rev      int    `json:"rev"`
	Manifest string `json:"manifest"`
	Rows     int64  `json:"rows"`
}

// Seal makes next the open day and then seals every closed day that is not: its
// rows from the store, the manifest as the commit, and everything read back. It
// gives what was sealed now, oldest first. A day that was cut off while sealing
// goes on with the very bytes it began with.
func (p *Pipeline) Seal(ctx context.Context, next string) ([]sinks.Manifest, error) {
	if err := p.Store.Advance(ctx, next); err != nil {
		return nil, err
	}
	drops, err := p.Store.Drops(ctx)
	if err != nil {
		return nil, err
	}
	var sealed []sinks.Manifest
	var failed error
	for _, d := range drops {
		if d.Closed.IsZero() || !d.Sealed.IsZero() {
			continue
		}
		m, err := p.seal(ctx, d)
		switch {
		case errors.Is(err, sinks.ErrConflict): // this day's own trouble
			failed = errors.Join(failed, fmt.Errorf("seal %s: %w", d.Date, err))
		case err != nil:
			return sealed, errors.Join(failed, fmt.Errorf("seal %s: %w", d.Date, err))
		default:
			sealed = append(sealed, m)
		}
	}
	return sealed, failed
}

func (p *Pipeline) seal(ctx context.Context, d store.Drop) (sinks.Manifest, error) {
	if d.Manifest == nil {
		if err := p.intend(ctx, &d); err != nil {
			return sinks.Manifest{}, err
		}
	}
	m, err := sinks.ParseManifest(d.Manifest)
	if err != nil {
		return m, err
	}
	key := sinks.ManifestKey(d.Date, m.Rev)
	if err := p.unclaimed(ctx, key, d.Manifest); err != nil {
		return m, err
	}
	if err := p.LandCaptures(ctx); err != nil { // what its rows point at comes first
		return m, err
	}
	for _, f := range m.Files {
		path, err := p.spooled(d.Path, f.SHA256, p.Store.Rows(ctx, d.Date))
		if err != nil {
			return m, err
		}
		object := sinks.Object{Key: f.Key, Path: path, SHA256: f.SHA256, Bytes: f.Bytes, ContentType: sinks.JSONLType}
		if _, err := p.Bucket.Put(ctx, object); err != nil {
			return m, err
		}
	}
	if _, err := p.Bucket.PutBytes(ctx, key, d.Manifest, "application/json"); err != nil {
		return m, err
	}
	if err := p.latest(ctx, Latest{DropDate: d.Date, Rev: m.Rev, Manifest: key, Rows: m.Rows}); err != nil {
		return m, err
	}
	report, err := sinks.Verify(ctx, p.Bucket, d.Date)
	if err != nil {
		return m, err
	}
	if !report.OK {
		return m, fmt.Errorf("what was read back differs from what was put: %v %v", report.Problems, report.Files)
	}
	if err := p.settled(); err != nil {
		return m, err
	}
	if err := p.Store.Sealed(ctx, d.Date); err != nil {
		return m, err
	}
	if d.Path == "" {
		return m, nil
	}
	return m, os.Remove(filepath.Join(p.Spool, d.Path))
}

// unclaimed looks whether another store has sealed the day here, before a data
// object of ours could stand beside its: readers would see the day twice.
func (p *Pipeline) unclaimed(ctx context.Context, key string, manifest []byte) error {
	body, err := p.Bucket.Get(ctx, key)
	if errors.Is(err, sinks.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer body.Close()
	theirs, err := io.ReadAll(io.LimitReader(body, int64(len(manifest))+1))
	if err != nil {
		return err
	}
	if !bytes.Equal(theirs, manifest) {
		return fmt.Errorf("%w: %s is there already, from another data folder; give this one an s3.prefix of its own, or work with the folder that sealed it", sinks.ErrConflict, key)
	}
	return nil
}

// intend writes the day's rows to the spool and fixes its manifest in the store.
func (p *Pipeline) intend(ctx context.Context, d *store.Drop) error {
	sources, err := p.Store.RowsBySource(ctx, d.Date)
	if err != nil {
		return err
	}
	m := sinks.Manifest{
		Version:       sinks.ManifestVersion,
		SchemaVersion: article.SchemaVersion,
		DropDate:      d.Date,
		Zone:          p.Zone.String(),
		Window:        sinks.Window{From: d.Opened, To: d.Closed},
		Producer:      p.Producer,
		SealedAt:      p.Now(),
		Sources:       map[string]sinks.SourceCount{},
		Running:       d.Running,
	}
	for source, n := range sources {
		m.Sources[source] = sinks.SourceCount{Rows: n}
		m.Rows += n
	}
	if !d.Running {
		m.Gaps = []sinks.Gap{{Window: m.Window, Note: "no run of any source started while this drop was open"}}
	}
	gaps, err := p.Store.Gaps(ctx, d.Opened, d.Closed)
	if err != nil {
		return err
	}
	for _, g := range gaps {
		note := fmt.Sprintf("%s listed things in this time that its lists no longer showed when attache looked again; attache backfill may find them", g.Source)
		m.Gaps = append(m.Gaps, sinks.Gap{Window: sinks.Window{From: g.From, To: g.To}, Note: note})
	}
	if m.Rows > 0 {
		file, err := sinks.WriteJSONL(filepath.Join(p.Spool, "drop-"+d.Date+"-r0.jsonl.gz"), p.Store.Rows(ctx, d.Date))
		if err != nil {
			return err
		}
		d.Path = filepath.Base(file.Path)
		m.Files = []sinks.ManifestFile{{Key: sinks.JSONLKey(d.Date, 0, 0, file.SHA256), Bytes: file.Bytes, SHA256: file.SHA256, Rows: file.Rows, Format: sinks.FormatJSONL}}
	}
	if d.Manifest, err = m.Marshal(); err != nil {
		return err
	}
	return p.Store.Intend(ctx, d.Date, d.Manifest, d.Path)
}

// latest moves the pointer to the newest drop, forward only.
func (p *Pipeline) latest(ctx context.Context, l Latest) error {
	body, err := json.Marshal(l)
	if err != nil {
		return err
	}
	_, err = p.Bucket.Advance(ctx, sinks.LatestKey, append(body, '\n'), func(old []byte) bool {
		var have Latest
		return json.Unmarshal(old, &have) != nil || have.DropDate < l.DropDate || have.DropDate == l.DropDate && have.Rev < l.Rev
	})
	return err
}
