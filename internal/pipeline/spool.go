package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"regexp"

	"attache/sinks"
)

// spoolFile matches the names freeze gives, the folders of intend, and files that
// were never finished or of which one should be gone.
var spoolFile = regexp.MustCompile(`^(live-.+\.jsonl\.gz|drop-[-0-9]+(-r[0-9]+)?(\.jsonl\.gz)?|.+\.tmp)$`)

// Sweep removes what in the spool no waiting batch and no unsealed drop names:
// a process that was killed just before it named one, or just after it was done
// with one, leaves it behind. Call it before the first run; nothing else may work
// on the spool meanwhile.
func (p *Pipeline) Sweep(ctx context.Context) error {
	batches, err := p.Store.Frozen(ctx)
	if err != nil {
		return err
	}
	drops, err := p.Store.Drops(ctx)
	if err != nil {
		return err
	}
	named := map[string]bool{}
	for _, b := range batches {
		named[b.Path] = true
	}
	for _, d := range drops {
		if d.Sealed.IsZero() {
			named[d.Path] = true
		}
	}
	files, err := os.ReadDir(p.Spool)
	if err != nil {
		return err
	}
	for _, f := range files {
		if spoolFile.MatchString(f.Name()) && !named[f.Name()] {
			err = errors.Join(err, os.RemoveAll(filepath.Join(p.Spool, f.Name())))
		}
	}
	return err
}

// spooled gives the path of a spool file that holds the bytes it was frozen with.
// A lost or damaged one is written again from its rows, which the store keeps; it
// is refused if other bytes come out, since the first may be in S3 already.
func (p *Pipeline) spooled(ctx context.Context, name, sha string, rows iter.Seq2[[]byte, error]) (string, error) {
	path := filepath.Join(p.Spool, name)
	have, err := digest(path)
	if err == nil && have == sha {
		return path, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	p.log(ctx).Warn("a spool file is lost or damaged; writing it again from the store", "file", path)
	again, err := sinks.WriteJSONL(path, rows)
	if err != nil {
		return "", err
	}
	if again.SHA256 != sha {
		return "", fmt.Errorf("spool file %s was lost, and this attache packs its rows into other bytes (sha256 %s, not %s): put the file back, or let the version that wrote it land it", path, again.SHA256, sha)
	}
	return path, nil
}

// digest is the lower-case hex sha256 of a file.
func digest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
