package capture

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"attache/internal/warc"
)

// maxBlock is the largest record that is read. The transport's limits keep what
// is written far below it.
const maxBlock = 1 << 30

// Fetch opens an object of the bucket at an offset.
type Fetch func(key string, offset int64) (io.ReadCloser, error)

// Read is the capture ref points at: from the segment here, open or closed, else
// through fetch.
func (s *Store) Read(ref warc.Ref, fetch Fetch) (warc.Exchange, error) {
	return Read(s.dir, ref, fetch)
}

// Read does the same beside a process that has dir open.
func Read(dir string, ref warc.Ref, fetch Fetch) (warc.Exchange, error) {
	e, err := read(dir, ref, fetch)
	if err != nil {
		return e, fmt.Errorf("the capture at %d of %s: %w", ref.Offset, ref.Segment, err)
	}
	return e, nil
}

func read(dir string, ref warc.Ref, fetch Fetch) (warc.Exchange, error) {
	in, err := open(dir, ref, fetch)
	if err != nil {
		return warc.Exchange{}, err
	}
	defer in.Close()
	record, err := warc.NewReader(in, maxBlock).Next()
	if errors.Is(err, io.EOF) {
		err = errors.New("the segment ends before it")
	}
	if err != nil {
		return warc.Exchange{}, err
	}
	return record.Exchange()
}

func open(dir string, ref warc.Ref, fetch Fetch) (io.ReadCloser, error) {
	path, err := pathOf(dir, ref.Segment)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{path, path + ".open", path} { // it may be closed in between
		f, err := os.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if _, err := f.Seek(ref.Offset, io.SeekStart); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		return f, nil
	}
	return fetch(ref.Segment, ref.Offset)
}
