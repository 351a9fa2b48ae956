package sinks

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Report is what a verification found. It is plain data for JSON and tables.
type Report struct {
	OK       bool         `json:"ok"` // every file ok, no strays, no problems
	Date     string       `json:"drop_date"`
	Rev      int          `json:"rev"`
	Manifest string       `json:"manifest"` // its key
	Rows     int64        `json:"rows"`     // as the manifest says
	Files    []FileReport `json:"files"`    // in the manifest's order
	Strays   []string     `json:"strays"`   // keys of the drop that its newest manifest does not name
	Problems []string     `json:"problems"` // of the drop as a whole
}

// FileReport is what became of one file of the manifest.
type FileReport struct {
	Key    string     `json:"key"`
	Status FileStatus `json:"status"`
	Detail string     `json:"detail"` // empty when ok
	Bytes  int64      `json:"bytes"`  // as found
	SHA256 string     `json:"sha256"` // as found; empty when the object could not be read to its end
	Rows   int64      `json:"rows"`   // as found
}

// FileStatus is the gravest thing that is wrong with a file.
type FileStatus string

// The states of a file, gravest first but for the first.
const (
	FileOK         FileStatus = "ok"
	FileMissing    FileStatus = "missing"
	FileSHADiffers FileStatus = "sha_differs"
	FileUnreadable FileStatus = "unreadable" // the service cannot give it, or it does not unpack
	FileRowsDiffer FileStatus = "rows_differ"
	FileBadRows    FileStatus = "bad_rows" // not JSON, another schema, or twice the same revision
)

// Verify reads the newest manifest of a drop and then every byte it names: each
// file is hashed and its rows are counted and checked to be JSON of the manifest's
// schema version, each article revision once. It also looks for objects of the
// drop that the manifest does not name.
//
// Damage is in the Report, a file the service cannot give included. The error is
// for what stopped the whole: manifests or listings that cannot be had, ctx, or, as
// [ErrNotFound], a drop that is not sealed. Files are streamed; memory grows by about
// 50 bytes a row. While a new revision is being sealed its files count as strays.
func Verify(ctx context.Context, b *Bucket, date string) (Report, error) {
	r := Report{Date: date, Files: []FileReport{}, Strays: []string{}, Problems: []string{}}
	key, rev, err := newestManifest(ctx, b, date)
	if err != nil {
		return r, err
	}
	r.Manifest, r.Rev = key, rev
	m, err := readManifest(ctx, b, key)
	switch {
	case errors.Is(err, errBadManifest):
		r.Problems = append(r.Problems, err.Error())
		return r, nil
	case err != nil:
		return r, err
	case m.DropDate != date || m.Rev != rev:
		r.Problems = append(r.Problems, fmt.Sprintf("the manifest under %s says it is %s r%d", key, m.DropDate, m.Rev))
	}
	r.Rows = m.Rows

	c := newChecker(m)
	for _, f := range m.Files {
		found, err := c.file(ctx, b, f)
		if err != nil {
			return r, err
		}
		r.Files = append(r.Files, found)
	}
	r.Problems = append(r.Problems, c.sourcesDiffer()...)
	if r.Strays, err = strays(ctx, b, m, date); err != nil {
		return r, err
	}
	r.OK = len(r.Strays) == 0 && len(r.Problems) == 0 &&
		!slices.ContainsFunc(r.Files, func(f FileReport) bool { return f.Status != FileOK })
	return r, nil
}

// newestManifest finds the highest revision.
func newestManifest(ctx context.Context, b *Bucket, date string) (string, int, error) {
	objects, err := b.List(ctx, ManifestPrefix(date))
	if err != nil {
		return "", 0, err
	}
	newest := -1
	for _, o := range objects {
		if rev, ok := manifestRev(date, o.Key); ok {
			newest = max(newest, rev)
		}
	}
	if newest < 0 {
		return "", 0, &failure{ErrNotFound, fmt.Sprintf("the drop of %s has no manifest in bucket %q: it is not sealed", date, b.name)}
	}
	return ManifestKey(date, newest), newest, nil
}

var errBadManifest = errors.New("the manifest is damaged")

// maxManifest bounds what is read of a manifest, bytes.
const maxManifest = 16 << 20

func readManifest(ctx context.Context, b *Bucket, key string) (Manifest, error) {
	body, err := b.Get(ctx, key)
	if err != nil {
		return Manifest{}, err
	}
	defer func() { _ = body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(body, maxManifest))
	if err != nil {
		return Manifest{}, err
	}
	m, err := ParseManifest(raw)
	if err != nil {
		return m, fmt.Errorf("%w: %w", errBadManifest, err)
	}
	return m, nil
}

// strays lists the drop's data objects that m does not name.
func strays(ctx context.Context, b *Bucket, m Manifest, date string) ([]string, error) {
	named := map[string]bool{}
	for _, f := range m.Files {
		named[f.Key] = true
	}
	objects, err := b.List(ctx, JSONLPrefix(date))
	if err != nil {
		return nil, err
	}
	found := []string{}
	for _, o := range objects {
		if !named[o.Key] {
			found = append(found, o.Key)
		}
	}
	return found, nil
}

// Sealed gives the dates of the drops that have a manifest, oldest first.
func Sealed(ctx context.Context, b *Bucket) ([]string, error) {
	objects, err := b.List(ctx, manifestRoot)
	if err != nil {
		return nil, err
	}
	var dates []string
	for _, o := range objects {
		date, _, ok := strings.Cut(strings.TrimPrefix(o.Key, manifestRoot+"drop_date="), "/")
		if ok && !slices.Contains(dates, date) {
			dates = append(dates, date)
		}
	}
	slices.Sort(dates)
	return dates, nil
}

// ReadManifest gives the newest manifest of a drop; [ErrNotFound] when it is not sealed.
func ReadManifest(ctx context.Context, b *Bucket, date string) (Manifest, error) {
	key, _, err := newestManifest(ctx, b, date)
	if err != nil {
		return Manifest{}, err
	}
	return readManifest(ctx, b, key)
}
