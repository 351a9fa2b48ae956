package sinks

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// Dir is a folder that holds a copy of a bucket, or of the prefix in it that
// attache writes to: what the embedded S3 keeps its objects in, or what a sync
// brought elsewhere. Only regular files are objects, and no link leads out of
// the folder. Safe for concurrent use.
type Dir struct {
	path string
	root *os.Root
}

// OpenDir opens the folder in which v1/ lies.
func OpenDir(dir string) (*Dir, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	if info, err := root.Stat("v1"); err == nil && info.IsDir() {
		return &Dir{dir, root}, nil
	}
	_ = root.Close()
	if whole, err := filepath.Abs(dir); err == nil && filepath.Base(whole) == "v1" {
		return nil, fmt.Errorf("%s is the folder v1 itself: name the one it lies in, %s", dir, filepath.Dir(whole))
	}
	return nil, fmt.Errorf("%s holds no folder v1: name the folder in which v1/ lies, as it does at the bucket's prefix", dir)
}

// Close ends the use of the folder. Objects that are open stay readable.
func (d *Dir) Close() error { return d.root.Close() }

// String is the folder as it was named.
func (d *Dir) String() string { return d.path }

// Get opens the file that is the object.
func (d *Dir) Get(ctx context.Context, key string) (io.ReadCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", key, context.Cause(ctx))
	}
	info, err := d.root.Lstat(filepath.FromSlash(key))
	switch {
	case !fs.ValidPath(key), errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR), err == nil && !info.Mode().IsRegular():
		return nil, fmt.Errorf("read %s in %s: %w", key, d.path, ErrNotFound)
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	f, err := d.root.Open(filepath.FromSlash(key))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	return &file{f, ctx}, nil
}

// List names every object whose key begins with prefix, sorted by key. What the
// embedded S3 left when it was killed in the middle of an overwrite is no object.
func (d *Dir) List(ctx context.Context, prefix string) ([]ObjectInfo, error) {
	var all []ObjectInfo
	from := path.Dir(prefix + "x")
	if !fs.ValidPath(from) {
		return nil, nil
	}
	err := fs.WalkDir(d.root.FS(), from, func(key string, e fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR): // removed meanwhile, or never there
			return nil
		case err != nil:
			return err
		case !e.Type().IsRegular() || !strings.HasPrefix(key, prefix) || temporaryName(e.Name()):
			return nil
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			all = append(all, ObjectInfo{Key: key, Bytes: info.Size()})
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", prefix, err)
	}
	slices.SortFunc(all, func(x, y ObjectInfo) int { return cmp.Compare(x.Key, y.Key) })
	return all, nil
}

// temporaryName is how versitygw 1.8 calls a file before it becomes the object.
func temporaryName(name string) bool {
	return strings.HasPrefix(name, ".") && strings.Contains(name, ".sgwtmp.")
}

// file ends with its context.
type file struct {
	*os.File
	ctx context.Context
}

func (f *file) Read(p []byte) (int, error) {
	if f.ctx.Err() != nil {
		return 0, context.Cause(f.ctx)
	}
	return f.File.Read(p)
}
