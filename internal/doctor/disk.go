package doctor

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"attache/internal/disk"
)

// Disk judges the space that is free where dir is, or is to be: below least, bytes, there
// is little; below stop attache takes nothing in.
func Disk(dir string, least, stop int64) Finding {
	for ; ; dir = filepath.Dir(dir) {
		free, err := disk.Free(dir)
		if errors.Is(err, fs.ErrNotExist) && dir != filepath.Dir(dir) {
			continue
		}
		if err != nil {
			return failed("disk", err)
		}
		return space(dir, free, least, stop)
	}
}

func space(dir string, free, least, stop int64) Finding {
	size := func(n int64) string { return humanize.IBytes(uint64(max(0, n))) }
	switch {
	case free < stop:
		return fail("disk", "make room, or move the data folder, or lower disk.stop: nothing is taken in", "%s free at %s, less than disk.stop (%s)", size(free), dir, size(stop))
	case free < least:
		return warn("disk", "make room, or move the data folder: below disk.stop nothing is taken in", "%s free at %s, less than disk.warn (%s)", size(free), dir, size(least))
	}
	return fine("disk", "%s free at %s", size(free), dir)
}

// Waiting judges the files below dir that wait for S3: those whose name ends in suffix.
func Waiting(check, dir, suffix string, now time.Time) Finding {
	var files int
	var bytes uint64
	var oldest time.Duration
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(d.Name(), suffix) {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		files++
		bytes += uint64(max(0, info.Size()))
		oldest = max(oldest, now.Sub(info.ModTime()))
		return nil
	})
	switch {
	case errors.Is(err, fs.ErrNotExist): // none yet, or one that landed while we looked
	case err != nil:
		return failed(check, err)
	}
	if files == 0 {
		return fine(check, "nothing waits")
	}
	return waiting(check, oldest, "%d files, %s, wait; the oldest for %s", files, humanize.IBytes(bytes), ago(oldest))
}
