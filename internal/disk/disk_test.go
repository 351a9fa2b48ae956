package disk_test

import (
	"os"
	"path/filepath"
	"testing"

	"attache/internal/disk"
)

func TestFreeAndSync(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if free, err := disk.Free(dir); free <= 0 || err != nil {
		t.Errorf("%d bytes, %v", free, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a"), []byte("news"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := disk.Sync(dir); err != nil {
		t.Error(err)
	}
	for _, gone := range []func(string) error{disk.Sync, func(d string) error { _, err := disk.Free(d); return err }} {
		if gone(filepath.Join(dir, "none")) == nil {
			t.Error("a folder that is not there was fine")
		}
	}
}
