package sinks

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/klauspost/compress/gzip"
)

// JSONLType is the content type of a .jsonl.gz object. It is stored as a gzip
// file, without a content encoding, so that no client unpacks it unasked.
const JSONLType = "application/gzip"

// gzipLevel packs text about 3.6 to 1 at 100 MB/s a core.
const gzipLevel = 6

// WriteJSONL writes rows, each one JSON text without a line feed, as gzipped
// lines to path. The file appears under its name only when it is whole and
// fsynced; on error nothing is left but what stood there before. One writer a path.
//
// The gzip header carries no time and no name: one build of attache makes the
// same bytes of the same rows. Another build may not, so what was frozen is put
// again as it is, never made again.
func WriteJSONL(path string, rows iter.Seq2[[]byte, error]) (File, error) {
	return writeFile(path, func(w io.Writer) (n int64, err error) {
		pack, err := gzip.NewWriterLevel(w, gzipLevel)
		if err != nil {
			return 0, err
		}
		for row, err := range rows {
			if err != nil {
				return n, err
			}
			if len(row) == 0 || bytes.IndexByte(row, '\n') >= 0 {
				return n, fmt.Errorf("row %d is empty or has a line feed in it", n+1)
			}
			if _, err := pack.Write(row); err != nil {
				return n, err
			}
			if _, err := pack.Write([]byte{'\n'}); err != nil {
				return n, err
			}
			n++
		}
		return n, pack.Close()
	})
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
