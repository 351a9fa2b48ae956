package capture

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"attache/internal/warc"
)

// recover closes what the last process left open.
func (s *Store) recover() error {
	return segments(s.dir, opened, func(path string) error {
		if err := mend(path); err != nil {
			return fmt.Errorf("recover %s: %w", path, err)
		}
		return nil
	})
}

// mend cuts an open segment at its last whole record and closes it. One without a
// capture goes.
func mend(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	size, members, err := warc.Whole(f)
	if err != nil {
		return errors.Join(err, f.Close())
	}
	if members < 2 { // its own head is the first
		return errors.Join(f.Close(), os.Remove(path))
	}
	if err := errors.Join(f.Truncate(size), f.Sync(), f.Close()); err != nil {
		return err
	}
	return rename(strings.TrimSuffix(path, ".open"))
}
