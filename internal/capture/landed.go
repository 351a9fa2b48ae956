package capture

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Segment is one that is closed, and will not change.
type Segment struct {
	Key   string // of its object in the bucket
	Path  string
	Bytes int64
}

// Closed are the segments to be landed, oldest first. Those that are due are
// closed for it.
func (s *Store) Closed() ([]Segment, error) {
	lost := s.shut(s.due)
	var all []Segment
	err := segments(s.dir, closed, func(path string) error {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		below, err := filepath.Rel(s.dir, path)
		if err != nil {
			return err
		}
		all = append(all, Segment{Key: prefix + filepath.ToSlash(below), Path: path, Bytes: info.Size()})
		return nil
	})
	slices.SortFunc(all, func(a, b Segment) int { // names begin with the time
		return cmp.Or(cmp.Compare(filepath.Base(a.Path), filepath.Base(b.Path)), cmp.Compare(a.Key, b.Key))
	})
	return all, errors.Join(lost, err)
}

// Waiting is how much is closed and has not landed, bytes, and since when the oldest of it
// is closed; zero when nothing waits. What is still written to does not wait. Unlike
// [Store.Closed] it closes nothing.
func (s *Store) Waiting() (bytes int64, since time.Time, err error) {
	err = segments(s.dir, closed, func(path string) error {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) { // it has just landed
			return nil
		}
		if err != nil {
			return err
		}
		bytes += info.Size()
		if at := info.ModTime(); since.IsZero() || at.Before(since) {
			since = at
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) { // likewise, with its folder
		err = nil
	}
	return bytes, since, err
}

// Remove deletes a segment that has landed, and the folders it leaves empty.
// Without the segment there is nothing to do.
func (s *Store) Remove(g Segment) error {
	path, err := pathOf(s.dir, g.Key)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for folder := filepath.Dir(path); folder != s.dir; folder = filepath.Dir(folder) {
		if os.Remove(folder) != nil { // not empty
			break
		}
	}
	return nil
}
