package sinks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"unicode/utf8"
)

// maxRow bounds one record, bytes; a page is cut off long before.
const maxRow = 64 << 20

// checker checks files of one manifest and remembers what must hold across them.
type checker struct {
	manifest Manifest
	seen     map[[16]byte]struct{} // article revisions, hashed
	sources  map[string]int64
	whole    bool // every file so far could be read row by row
}

func newChecker(m Manifest) *checker {
	return &checker{manifest: m, seen: map[[16]byte]struct{}{}, sources: map[string]int64{}, whole: true}
}

// file reads one file to its end. The error is for ctx alone: what the service
// cannot give is a finding.
func (c *checker) file(ctx context.Context, b *Bucket, want ManifestFile) (FileReport, error) {
	got := FileReport{Key: want.Key, Status: FileOK}
	body, err := b.Get(ctx, want.Key)
	if err != nil {
		c.whole = false
		got.Status, got.Detail = FileUnreadable, err.Error()
		if errors.Is(err, ErrNotFound) {
			got.Status = FileMissing
		}
		return got, ctx.Err()
	}
	defer func() { _ = body.Close() }()

	h, size := sha256.New(), &counter{}
	stream := io.TeeReader(body, io.MultiWriter(h, size))
	badRow, unpackErr := c.rows(stream, want, &got.Rows)
	_, err = io.Copy(io.Discard, stream) // what unpacking left
	got.Bytes = size.n
	if err != nil {
		c.whole = false
		got.Status, got.Detail = FileUnreadable, err.Error()
		return got, ctx.Err()
	}
	got.SHA256 = hex.EncodeToString(h.Sum(nil))
	c.whole = c.whole && unpackErr == nil && badRow == ""
	switch {
	case got.SHA256 != want.SHA256 || got.Bytes != want.Bytes:
		got.Status, got.Detail = FileSHADiffers, fmt.Sprintf("%d bytes with sha256 %s, expected %d with %s", got.Bytes, got.SHA256, want.Bytes, want.SHA256)
	case unpackErr != nil:
		got.Status, got.Detail = FileUnreadable, unpackErr.Error()
	case got.Rows != want.Rows:
		got.Status, got.Detail = FileRowsDiffer, fmt.Sprintf("%d rows, expected %d", got.Rows, want.Rows)
	case badRow != "":
		got.Status, got.Detail = FileBadRows, badRow
	}
	return got, nil
}

// rows counts and checks the rows of a file. bad names the first that is wrong;
// err is why the file does not unpack.
func (c *checker) rows(r io.Reader, want ManifestFile, n *int64) (bad string, err error) {
	if want.Format != FormatJSONL {
		return "", fmt.Errorf("format %q is not known to this attache", want.Format)
	}
	for row, err := range ReadJSONL(r, maxRow) {
		if err != nil {
			return bad, err
		}
		*n++
		if wrong := c.row(row); wrong != "" && bad == "" {
			bad = fmt.Sprintf("row %d: %s", *n, wrong)
		}
	}
	return bad, nil
}

// row says what is wrong with a row; nothing when it is well.
func (c *checker) row(row []byte) string {
	var r struct {
		ArticleID     string `json:"article_id"`
		Revision      int    `json:"revision"`
		Source        string `json:"source"`
		SchemaVersion string `json:"schema_version"`
	}
	switch err := json.Unmarshal(row, &r); {
	case err != nil:
		return err.Error()
	case !utf8.Valid(row):
		return "not UTF-8"
	case r.SchemaVersion != c.manifest.SchemaVersion:
		return fmt.Sprintf("schema_version %q, expected %q", r.SchemaVersion, c.manifest.SchemaVersion)
	case r.ArticleID == "" || r.Source == "" || r.Revision < 1:
		return "article_id, source or revision is missing"
	}
	c.sources[r.Source]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", r.ArticleID, r.Revision))
	id := [16]byte(sum[:16])
	if _, twice := c.seen[id]; twice {
		return fmt.Sprintf("%s revision %d is there twice", r.ArticleID, r.Revision)
	}
	c.seen[id] = struct{}{}
	return ""
}

// sourcesDiffer compares the rows per source with the manifest's, if all were read.
func (c *checker) sourcesDiffer() (problems []string) {
	if !c.whole {
		return nil
	}
	claimed := map[string]int64{}
	for id, s := range c.manifest.Sources {
		claimed[id] = s.Rows
	}
	ids := maps.Clone(claimed)
	maps.Copy(ids, c.sources)
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		if c.sources[id] != claimed[id] {
			problems = append(problems, fmt.Sprintf("source %s has %d rows, the manifest says %d", id, c.sources[id], claimed[id]))
		}
	}
	return problems
}
