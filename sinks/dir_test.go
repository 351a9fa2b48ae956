package sinks

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// folder holds files by key.
func folder(t *testing.T, keys ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, key := range keys {
		path := filepath.Join(dir, filepath.FromSlash(key))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(key), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestDir(t *testing.T) {
	t.Parallel()
	dir := folder(t, "v1/a/x", "v1/a/b/c", "v1/a.b", "v1/ab", "v1/a/.x.sgwtmp.17", "secret", ".sgwtmp/7")
	outside := folder(t, "x")
	if err := errors.Join(os.Symlink(filepath.Join(outside, "x"), filepath.Join(dir, "v1", "link")), os.Symlink(outside, filepath.Join(dir, "v1", "out")),
		os.Symlink("ab", filepath.Join(dir, "v1", "within")), syscall.Mkfifo(filepath.Join(dir, "v1", "pipe"), 0o600)); err != nil {
		t.Fatal(err)
	}
	d, err := OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if d.String() != dir {
		t.Error(d.String())
	}
	for prefix, want := range map[string][]string{
		"v1/":      {"v1/a.b", "v1/a/b/c", "v1/a/x", "v1/ab"},
		"v1/a":     {"v1/a.b", "v1/a/b/c", "v1/a/x", "v1/ab"},
		"v1/a/":    {"v1/a/b/c", "v1/a/x"},
		"v1/a/b/c": {"v1/a/b/c"},
		"v1/none/": nil,
		"v1/ab/":   nil, // a file, no folder
		"../":      nil,
		"/":        nil,
		"v1//":     nil,
	} {
		var keys []string
		all, err := d.List(t.Context(), prefix)
		for _, o := range all {
			if keys = append(keys, o.Key); o.Bytes != int64(len(o.Key)) {
				t.Errorf("%s has %d bytes", o.Key, o.Bytes)
			}
		}
		if err != nil || !slices.Equal(keys, want) {
			t.Errorf("under %q: %q, %v; want %q", prefix, keys, err, want)
		}
	}
	r, err := d.Get(t.Context(), "v1/a/b/c")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if text, err := io.ReadAll(r); err != nil || string(text) != "v1/a/b/c" {
		t.Errorf("%q, %v", text, err)
	}
	for _, key := range []string{"v1/none", "v1/a", "v1/ab/c", "v1/link", "v1/within", "v1/out/x", "v1/pipe", "../x", "/etc/hosts", "v1//ab", ""} {
		if _, err := d.Get(t.Context(), key); err == nil || key != "v1/out/x" && !errors.Is(err, ErrNotFound) {
			t.Errorf("%q: %v", key, err)
		}
	}
}

func TestDirEndsWithItsContext(t *testing.T) {
	t.Parallel()
	d, err := OpenDir(folder(t, "v1/a"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := d.Get(ctx, "v1/a")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cancel()
	_, getErr := d.Get(ctx, "v1/a")
	_, listErr := d.List(ctx, "v1/")
	_, readErr := io.ReadAll(r)
	for _, err := range []error{getErr, listErr, readErr} {
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

func TestOpenDirSaysWhichFolder(t *testing.T) {
	t.Parallel()
	dir := folder(t, "v1/a", "file", "other/x")
	for path, says := range map[string]string{
		dir + "/v1":    "name the one it lies in, " + dir,
		dir + "/v1/":   "name the one it lies in, " + dir,
		dir + "/other": "name the folder in which v1/ lies",
		dir + "/none":  "no such file",
		dir + "/file":  "not a directory",
	} {
		if d, err := OpenDir(path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, %v; want %q", path, d, err, says)
		}
	}
}
