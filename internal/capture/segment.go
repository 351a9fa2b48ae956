package capture

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"attache/internal/warc"
)

const (
	prefix = "v1/raw/" // of the segments' keys in the bucket; the folder mirrors what follows
	closed = ".warc.gz"
	opened = closed + ".open" // while it is written to
)

// file is what a segment needs of an *os.File.
type file interface {
	WriteAt(p []byte, at int64) (int, error)
	Truncate(size int64) error
	Sync() error
	Close() error
}

func create(path string) (file, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
}

// segment is a file that grows by whole records.
type segment struct {
	file   file
	key    string
	path   string // without .open
	opened time.Time
	head   int64 // size without a capture
	size   int64 // of what is whole
	safe   int64 // of what is on disk for good
	torn   bool  // something half written lies behind
}

// begin creates a segment. Its name, which references bear, is fixed now.
func (s *Store) begin(source string) (*segment, error) {
	now := s.o.Now().UTC()
	id, err := ulid.New(ulid.Timestamp(now), rand.Reader)
	if err != nil {
		return nil, err
	}
	key := fmt.Sprintf("%ssource=%s/fetch_date=%s/%s-%s%s", prefix, source, day(now), now.Format("20060102T150405Z"), id, closed)
	path, err := pathOf(s.dir, key)
	if err != nil {
		return nil, err
	}

	s.mu.Lock() // Remove takes empty folders away
	defer s.mu.Unlock()
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	f, err := s.create(path + ".open")
	if err != nil {
		return nil, err
	}
	g := &segment{file: f, key: key, path: path, opened: now}
	_, err = g.append(warc.AppendInfo(nil, filepath.Base(path), s.o.Producer, now))
	for at := folder; err == nil; at = filepath.Dir(at) { // the file's name must outlast a power cut too
		if err = syncDir(at); at == s.dir {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(path+".open"))
	}
	g.head = g.size
	return g, nil
}

// pathOf is where the segment of a key is kept.
func pathOf(dir, key string) (string, error) {
	below, ok := strings.CutPrefix(key, prefix)
	if !ok || !filepath.IsLocal(below) || !strings.HasSuffix(below, closed) {
		return "", fmt.Errorf("%q is no segment of captures", key)
	}
	return filepath.Join(dir, filepath.FromSlash(below)), nil
}

// append writes one exchange, or nothing.
func (g *segment) append(packed []byte) (at int64, err error) {
	if err := g.mend(); err != nil {
		return 0, err
	}
	if _, err := g.file.WriteAt(packed, g.size); err != nil {
		g.torn = true
		return 0, errors.Join(err, g.mend())
	}
	at = g.size
	g.size += int64(len(packed))
	return at, nil
}

// mend cuts off what is half written.
func (g *segment) mend() error {
	if !g.torn {
		return nil
	}
	err := g.file.Truncate(g.size)
	g.torn = err != nil
	return err
}

func (g *segment) sync() error {
	if g.safe == g.size {
		return nil
	}
	err := g.file.Sync()
	if err == nil {
		g.safe = g.size
	}
	return err
}

// shut closes the segment, whole and safe. One that cannot be made so stays open
// by its name, for recovery to look at; one without a capture goes.
func (g *segment) shut() error {
	if g.size == g.head {
		return errors.Join(g.file.Close(), os.Remove(g.path+".open"))
	}
	if err := errors.Join(g.mend(), g.sync(), g.file.Close()); err != nil {
		return err
	}
	return rename(g.path)
}

// rename gives a closed segment its name.
func rename(path string) error {
	if err := os.Rename(path+".open", path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// segments calls each for every file in dir whose name ends so.
func segments(dir, suffix string, each func(path string) error) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, suffix) {
			return err
		}
		return each(path)
	})
}
