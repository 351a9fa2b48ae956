package daemon

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// digest is of the contents of files; times and inodes say nothing of them, and a
// file that is renamed into place has both new.
type digest [sha256.Size]byte

// maxWatched bounds what is read of one file, bytes.
const maxWatched = 4 << 20

// digestOf reads files, and the YAML files of folders. One that cannot be read counts
// as such: it may be on its way.
func digestOf(paths []string) (d digest) {
	h := sha256.New() // to which writing never fails
	for _, path := range paths {
		files := []string{path}
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			files = files[:0]
			for _, pattern := range []string{"*.yaml", "*.yml"} {
				names, _ := filepath.Glob(filepath.Join(escaped(path), pattern)) // the pattern is sound
				files = append(files, names...)
			}
			slices.Sort(files)
		}
		_, _ = fmt.Fprintf(h, "%q %d\n", path, len(files))
		for _, name := range files {
			_, _ = fmt.Fprintf(h, "%q ", name)
			if err := copyInto(h, name); err != nil {
				_, _ = io.WriteString(h, "unreadable")
			}
		}
	}
	h.Sum(d[:0])
	return d
}

// escaped is a folder's name that a pattern takes for itself.
func escaped(dir string) string {
	var out []rune
	for _, r := range dir {
		if slices.Contains([]rune(`*?[\`), r) {
			out = append(out, '\\')
		}
		out = append(out, r)
	}
	return string(out)
}

func copyInto(w io.Writer, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	n, err := io.Copy(w, io.LimitReader(f, maxWatched))
	_, _ = fmt.Fprintf(w, " %d\n", n)
	return err
}
