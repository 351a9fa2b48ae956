package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"path"
	"path/filepath"

	"attache/internal/article"
	"attache/internal/disk"
	"attache/internal/store"
	"attache/sinks"
)

// folder is where a revision's files wait in the spool.
func folder(date string, rev int) string { return fmt.Sprintf("drop-%s-r%d", date, rev) }

// spoolName is the file in the folder that is to be the object under key. The last
// parts of a revision's keys differ: they hold the digest, or say json or html.
func spoolName(dir, key string) string { return filepath.Join(dir, path.Base(key)) }

// intended fixes the bytes of a revision, unless they are. Bytes that the spool has
// lost are made anew, as long as no manifest has told anyone of them.
func (p *Pipeline) intended(ctx context.Context, d *store.Drop) error {
	if d.Manifest != nil {
		m, err := sinks.ParseManifest(d.Manifest)
		if err != nil {
			return err
		}
		whole, err := p.inSpool(*d, m)
		if err != nil || whole {
			return err
		}
		there, err := p.manifest(ctx, sinks.ManifestKey(d.Date, m.Rev))
		if err != nil || there != nil {
			return err
		}
		p.log(ctx).Warn("files of a drop are lost or damaged in the spool; making them again", "drop", d.Date, "folder", filepath.Join(p.Spool, d.Path))
		if err := p.recant(ctx, *d); err != nil {
			return err
		}
	}
	return p.intend(ctx, d)
}

// inSpool looks whether every file is in the spool as it was made.
func (p *Pipeline) inSpool(d store.Drop, m sinks.Manifest) (bool, error) {
	for _, f := range m.Named() {
		sum, err := digest(spoolName(filepath.Join(p.Spool, d.Path), f.Key))
		switch {
		case os.IsNotExist(err):
			return false, nil
		case err != nil:
			return false, err
		case sum != f.SHA256:
			return false, nil
		}
	}
	return true, nil
}

// intend writes a revision's files to the spool and fixes its manifest in the store.
func (p *Pipeline) intend(ctx context.Context, d *store.Drop) error {
	d.Path = folder(d.Date, d.Rev)
	dir := filepath.Join(p.Spool, d.Path)
	if err := os.RemoveAll(dir); err != nil { // of an attempt that fixed nothing
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	a, err := p.account(ctx, d)
	if err != nil {
		return err
	}
	rows, done, err := p.rows(ctx, *d)
	if err != nil {
		return err
	}
	if rows, err = p.told(ctx, *d, rows); err == nil {
		err = a.write(dir, rows)
	}
	done()
	if err != nil {
		return err
	}
	for _, f := range a.manifest.Files {
		if f.Format == sinks.FormatParquet && !p.Embedded {
			a.manifest.Entries = append(a.manifest.Entries, sinks.CopyEntry{URL: p.Bucket.URL(f.Key), Mandatory: true, Meta: sinks.CopyMeta{ContentLength: f.Bytes}})
		}
	}
	if d.Manifest, err = a.manifest.Marshal(); err != nil {
		return err
	}
	if err := disk.Sync(dir); err != nil {
		return err
	}
	return p.Store.Intend(ctx, d.Date, d.Rev, d.Manifest, d.Path)
}

// write makes the revision's files, each under the name its key ends in, and
// completes the manifest by what they hold. A day without news has files without rows:
// readers that want one find one.
func (a *account) write(dir string, rows iter.Seq2[[]byte, error]) error {
	m := &a.manifest
	lines, err := sinks.WriteJSONL(filepath.Join(dir, "rows.jsonl.gz"), a.tallied(rows))
	if err != nil {
		return err
	}
	m.Rows = lines.Rows
	if err := a.both(dir, lines); err != nil {
		return err
	}
	if err := a.reject(dir); err != nil {
		return err
	}
	return a.report(dir)
}

// both keeps the rows in both formats: the columns are made of the lines.
func (a *account) both(dir string, lines sinks.File) error {
	m := &a.manifest
	f, err := os.Open(lines.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	columns, err := sinks.WriteParquet(filepath.Join(dir, "rows.parquet"), sinks.ReadJSONL(f, maxRow))
	if err != nil {
		return err
	}
	if err := a.file(columns, sinks.ParquetKey(m.DropDate, m.Rev, 0, columns.SHA256), sinks.FormatParquet); err != nil {
		return err
	}
	return a.file(lines, sinks.JSONLKey(m.DropDate, m.Rev, 0, lines.SHA256), sinks.FormatJSONL)
}

func (a *account) file(f sinks.File, key, format string) error {
	named := sinks.ManifestFile{Key: key, Bytes: f.Bytes, SHA256: f.SHA256, Rows: f.Rows, Format: format, Oldest: a.span.oldest, Newest: a.span.newest}
	a.manifest.Files = append(a.manifest.Files, named)
	return os.Rename(f.Path, spoolName(filepath.Dir(f.Path), key))
}

// reject keeps what was quarantined while the drop was open.
func (a *account) reject(dir string) error {
	if len(a.rejects) == 0 {
		return nil
	}
	f, err := sinks.WriteJSONL(filepath.Join(dir, "rejects.jsonl.gz"), func(yield func([]byte, error) bool) {
		for _, r := range a.rejects {
			if line, err := json.Marshal(r); !yield(line, err) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	key := sinks.RejectsKey(a.manifest.DropDate, a.manifest.Rev, 0, f.SHA256)
	a.manifest.Rejects = &sinks.ManifestFile{Key: key, Bytes: f.Bytes, SHA256: f.SHA256, Rows: f.Rows, Format: sinks.FormatJSONL}
	return os.Rename(f.Path, spoolName(dir, key))
}

// report keeps how good the drop is, for programs and for people.
func (a *account) report(dir string) error {
	r := a.tally.Report()
	for format, encode := range map[string]func() ([]byte, error){sinks.FormatJSON: r.JSON, sinks.FormatHTML: r.HTML} {
		text, err := encode()
		if err != nil {
			return err
		}
		key := sinks.QualityKey(a.manifest.DropDate, a.manifest.Rev, format)
		if err := writeFile(spoolName(dir, key), text); err != nil {
			return err
		}
		a.manifest.Reports = append(a.manifest.Reports, sinks.ManifestFile{Key: key, Bytes: int64(len(text)), SHA256: article.SHA256(string(text)), Format: format})
	}
	return nil
}

// writeFile has text on the disk when it returns.
func writeFile(path string, text []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(text); err != nil {
		return err
	}
	return f.Sync()
}
