package plug

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// drivers are those Debian's kernels have as modules, in the order they need each other.
// The file system, ext4, is built in.
var drivers = []string{"virtio_ring", "virtio", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci", "virtio_blk", "failover", "net_failover", "virtio_net"}

// initrd packs the first file system of the machine: the program, which is its /init, and
// the drivers of the kernel that was unpacked in dir. It is a cpio archive of the "newc" form
// (Linux, Documentation/driver-api/early-userspace/buffer-format.rst).
func initrd(dir, program string) ([]byte, error) {
	var b bytes.Buffer
	add := func(name string, mode int, data []byte) {
		fmt.Fprintf(&b, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s\x00", 0, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name)+1, 0, name)
		pad := func() { b.Write(make([]byte, -b.Len()&3)) }
		pad()
		b.Write(data)
		pad()
	}
	text, err := os.ReadFile(program)
	if err != nil {
		return nil, err
	}
	add("init", 0o100755, text)
	for _, folder := range []string{"dev", "proc", "data", "tmp", "drivers"} {
		add(folder, 0o040755, nil)
	}
	var found []string
	if err := filepath.WalkDir(filepath.Join(dir, "lib", "modules"), func(path string, _ os.DirEntry, err error) error {
		found = append(found, path)
		return err
	}); err != nil {
		return nil, err
	}
	for n, name := range drivers {
		at := slices.IndexFunc(found, func(path string) bool {
			base, _, module := strings.Cut(filepath.Base(path), ".ko")
			return module && base == name
		})
		if at < 0 {
			continue // built in, or the machine says that it has no network
		}
		if text, err = os.ReadFile(found[at]); err != nil {
			return nil, err
		}
		add(fmt.Sprintf("drivers/%02d-%s", n, filepath.Base(found[at])), 0o100644, text)
	}
	add("TRAILER!!!", 0, nil)
	return b.Bytes(), nil
}
