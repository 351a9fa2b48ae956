package sinks

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/klauspost/compress/zstd"
)

// ParquetSchemaVersion says which version of the schema the rows of a file are in.
// It reads the footer only, and fails when names, types, ids or nulls of the columns are
// not those declared for that version.
func ParquetSchemaVersion(f io.ReaderAt, size int64) (string, error) {
	footer, err := parquetFooter(f, size)
	if err != nil {
		return "", err
	}
	return footerVersion(footer)
}

// ReadParquet gives the rows of a file of size bytes that [WriteParquet] made, in this
// version of the schema or an earlier one, as the JSON that was written. A row is
// valid until the next. It ends at the first error: bytes that are no such file, other
// columns than declared, damage, a row of more than maxRow bytes, statistics, page
// indexes or Bloom filters by which another reader would not find a value that is there.
//
// The pages are read without the library that wrote them: what this reads, others
// can. It knows the layout that WriteParquet makes and no other.
func ReadParquet(f io.ReaderAt, size int64, maxRow int) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		r := parquetReader{file: f}
		err := r.open(size, maxRow)
		if err != nil {
			yield(nil, err)
			return
		}
		defer r.unpack.Close()
		for n := 1; ; n++ {
			switch row, err := r.next(); {
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				yield(nil, fmt.Errorf("row %d: %w", n, err))
				return
			case !yield(row, nil):
				return
			}
		}
	}
}

type parquetReader struct {
	file   io.ReaderAt
	size   int64
	unpack *zstd.Decoder
	groups []any // not yet begun
	left   int64 // rows of the group begun last
	total  int64 // rows of the groups not yet begun, as the footer has it
	*printer
}

func (r *parquetReader) open(size int64, maxRow int) error {
	footer, err := parquetFooter(r.file, size)
	if err != nil {
		return err
	}
	version, err := footerVersion(footer)
	if err != nil {
		return err
	}
	columns, _, err := columnsOf(version)
	if err != nil {
		return err
	}
	r.size, r.groups, r.total, r.printer = size, footer.list(4), footer.int(3), newPrinter(columns, maxRow)
	r.unpack, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecodeAllCapLimit(true), zstd.WithDecoderLowmem(true))
	return err
}

// next is the next row; io.EOF when there is none.
func (r *parquetReader) next() ([]byte, error) {
	for r.left == 0 {
		for _, l := range r.leaves {
			if more, err := l.peek(); more || err != nil {
				return nil, cmp.Or(err, errLevels)
			}
		}
		if len(r.groups) == 0 {
			if r.total != 0 {
				return nil, errors.New("there are not as many rows as the footer says")
			}
			return nil, io.EOF
		}
		group, _ := r.groups[0].(thrift)
		r.groups, r.left, r.leaves = r.groups[1:], max(group.int(3), 0), r.leaves[:0]
		r.total -= r.left
		if err := r.begin(r.columns, group.list(1), new(int)); err != nil {
			return nil, err
		}
	}
	r.left--
	return r.print()
}

// begin gives each column its leaf, at the start of its part of the row group.
func (r *parquetReader) begin(columns []*column, chunks []any, held *int) error {
	for _, c := range columns {
		if c.fields != nil {
			if err := r.begin(c.fields, chunks, held); err != nil {
				return err
			}
			continue
		}
		if c.first >= len(chunks) {
			return errLevels
		}
		chunk, _ := chunks[c.first].(thrift)
		meta := chunk.sub(3)
		l := &leaf{from: r.file, unpack: r.unpack, held: held, kind: c.Type, rep: c.rep, def: c.def, missing: meta.int(5), at: meta.int(9)}
		if dictionary := meta.int(11); dictionary != 0 {
			l.at = dictionary
		}
		if l.end = l.at + meta.int(7); l.at < 0 || l.end < l.at || l.end > r.size || meta.int(4) != codecZstd {
			return fmt.Errorf("column %s is not where, or not packed as, attache writes it", c.Name)
		}
		var err error
		if l.claims, err = l.readClaims(chunk, r.size); err != nil {
			return fmt.Errorf("column %s: %w", c.Name, err)
		}
		r.leaves = append(r.leaves, l)
	}
	return nil
}
