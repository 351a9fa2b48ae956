package doctor

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/dustin/go-humanize"
)

// The least free space of the data folder, bytes. Below the lower, a day's captures
// and the drop made of it may not fit.
const (
	warnFree = 2 << 30
	failFree = 512 << 20
)

// Disk judges the space that is free where dir is, or is to be.
func Disk(dir string) Finding {
	for ; ; dir = filepath.Dir(dir) {
		var st syscall.Statfs_t
		err := syscall.Statfs(dir, &st)
		if errors.Is(err, fs.ErrNotExist) && dir != filepath.Dir(dir) {
			continue
		}
		if err != nil {
			return failed("disk", err)
		}
		return space(dir, st.Bavail*uint64(st.Bsize))
	}
}

func space(dir string, free uint64) Finding {
	const do = "make room, or move the data folder: without room nothing new is kept"
	switch {
	case free < failFree:
		return fail("disk", do, "%s free at %s", humanize.IBytes(free), dir)
	case free < warnFree:
		return warn("disk", do, "%s free at %s", humanize.IBytes(free), dir)
	}
	return fine("disk", "%s free at %s", humanize.IBytes(free), dir)
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
