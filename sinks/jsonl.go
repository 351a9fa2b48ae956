package sinks

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/gzip"
)

// JSONLType is the content type of a .jsonl.gz object. It is stored as a gzip
// file, without a content encoding, so that no client unpacks it unasked.
const JSONLType = "application/gzip"

// gzipLevel packs text about 3.6 to 1 at 100 MB/s a core.
const gzipLevel = 6

// File is a finished file on disk.
type File struct {
	Path   string
	SHA256 string // lower-case hex, of the bytes on disk
	Bytes  int64
	Rows   int64
}

// WriteJSONL writes rows, each one JSON text without a line feed, as gzipped
// lines to path. The file appears under its name only when it is whole and
// fsynced; on error nothing is left but what stood there before. One writer a path.
//
// The gzip header carries no time and no name: one build of attache makes the
// same bytes of the same rows. Another build may not, so what was frozen is put
// again as it is, never made again.
func WriteJSONL(path string, rows iter.Seq2[[]byte, error]) (file File, err error) {
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
	pack, err := gzip.NewWriterLevel(io.MultiWriter(h, size, disk), gzipLevel)
	if err != nil {
		return file, err
	}
	for row, rowErr := range rows {
		if rowErr != nil {
			return file, rowErr
		}
		if len(row) == 0 || bytes.IndexByte(row, '\n') >= 0 {
			return file, fmt.Errorf("row %d is empty or has a line feed in it", file.Rows+1)
		}
		if _, err = pack.Write(row); err == nil {
			_, err = pack.Write([]byte{'\n'})
		}
		if err != nil {
			return file, err
		}
		file.Rows++
	}
	if err = errors.Join(pack.Close(), disk.Flush()); err != nil {
		return file, err
	}
	if err = errors.Join(f.Sync(), f.Close()); err != nil {
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

// ReadJSONL gives the rows of a .jsonl.gz file, without their line feeds. A row is
// valid until the next. It ends at the first error: bytes that are no gzip, an
// end in mid-row, a row of more than maxRow bytes.
func ReadJSONL(r io.Reader, maxRow int) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		unpack, err := gzip.NewReader(r)
		if err != nil {
			yield(nil, fmt.Errorf("not a gzip file: %w", err))
			return
		}
		lines := bufio.NewReaderSize(unpack, 64<<10)
		var row []byte
		for n := 1; ; n++ {
			row = row[:0]
			for more := true; more; {
				var piece []byte
				piece, err = lines.ReadSlice('\n')
				row = append(row, piece...)
				if more = errors.Is(err, bufio.ErrBufferFull); len(row) > maxRow+1 {
					yield(nil, fmt.Errorf("row %d is longer than %d bytes", n, maxRow))
					return
				}
			}
			switch {
			case errors.Is(err, io.EOF) && len(row) == 0:
				return
			case errors.Is(err, io.EOF):
				yield(nil, fmt.Errorf("row %d has no end", n))
				return
			case err != nil:
				yield(nil, fmt.Errorf("row %d: %w", n, err))
				return
			}
			if !yield(row[:len(row)-1], nil) {
				return
			}
		}
	}
}
