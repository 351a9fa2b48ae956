// Package disk asks the file system how much room there is, and makes sure that
// what was written will outlast a power cut.
package disk

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Free is how many bytes a process without privileges may still write below dir.
func Free(dir string) (int64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, fmt.Errorf("how much room is in %s: %w", dir, err)
	}
	return int64(s.Bavail) * int64(s.Bsize), nil //nolint:unconvert // the types differ by system
}

// Sync returns when everything written to the file system of dir is on the disk.
func Sync(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := syncfs(f); err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	return nil
}
