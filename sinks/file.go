package sinks

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// File is a finished file on disk.
type File struct {
	Path   string
	SHA256 string // lower-case hex, of the bytes on disk
	Bytes  int64
	Rows   int64
}

// writeFile makes a file of what write gives, which says how many rows that is. The
// file appears under its name only when it is whole and fsynced; on error nothing
// is left but what stood there before. One writer a path.
func writeFile(path string, write func(io.Writer) (rows int64, err error)) (file File, err error) {
	temp := path + ".tmp"
	f, err := os.OpenFile(temp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return File{}, err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(temp)
			file, err = File{}, fmt.Errorf("write %s: %w", path, err)
		}
	}()
	file.Path = path
	h := sha256.New()
	size := &counter{}
	disk := bufio.NewWriterSize(f, 256<<10)
	if file.Rows, err = write(io.MultiWriter(h, size, disk)); err != nil {
		return file, err
	}
	if err = errors.Join(disk.Flush(), f.Sync(), f.Close()); err != nil {
		return file, err
	}
	if err = os.Rename(temp, path); err != nil {
		return file, err
	}
	file.SHA256, file.Bytes = hex.EncodeToString(h.Sum(nil)), size.n
	return file, syncDir(filepath.Dir(path))
}

// syncDir makes a rename in dir survive a loss of power.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// counter counts what is written to it.
type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}
