package sinks

import (
	"fmt"
	"io"
	"iter"

	"github.com/parquet-go/parquet-go"

	"attache/internal/schema"
)

// ParquetType is the content type of a .parquet object.
//
// https://www.iana.org/assignments/media-types/application/vnd.apache.parquet
const ParquetType = "application/vnd.apache.parquet"

// schemaKey is the entry of a file's metadata that holds the version of its rows.
const schemaKey = "attache.schema_version"

// A row group is what a writer and a reader hold in memory: it ends after so many
// rows, or so many bytes of JSON.
const (
	groupRows  = 20_000
	groupBytes = 16 << 20
)

// pageBytes is the size of a page before packing; a larger row has one of its own.
const pageBytes = 1 << 20

// maxParquetRow bounds one row of a file, bytes of JSON.
const maxParquetRow = 16 << 20

// sortedBy is the order of a drop's rows; a null comes first.
var sortedBy = []string{"source", "published_at", "article_id", "revision"}

// WriteParquet writes rows, each as [article.Record.JSON] gives it, to path under the
// contract of [WriteJSONL]: one build makes the same bytes of the same rows. They
// must come in the order of a drop: by source, published_at with null first,
// article_id and revision.
//
// A row with a key or a value that the schema does not have is an error, and so is
// one that lacks something: nothing of a row gets lost. Memory does not grow with
// the number of rows.
func WriteParquet(path string, rows iter.Seq2[[]byte, error]) (File, error) {
	return writeFile(path, func(to io.Writer) (int64, error) { return writeRows(to, rows) })
}

func writeRows(to io.Writer, rows iter.Seq2[[]byte, error]) (n int64, err error) {
	columns, err := schema.Parquet(schema.Version)
	if err != nil {
		return 0, err
	}
	s, err := newScanner(schema.Version)
	if err != nil {
		return 0, err
	}
	pages, err := newPagePacker()
	if err != nil {
		return 0, err
	}
	w := parquet.NewGenericWriter[any](to, append(parquetOptions(columns), parquet.Compression(pages))...)
	order := newSorted(columns)
	var one [1]parquet.Row
	held, heldBytes := 0, 0
	for row, err := range rows {
		if err != nil {
			return n, err
		}
		if len(row) > maxParquetRow {
			return n, fmt.Errorf("row %d has %d bytes, more than the %d it may have", n+1, len(row), maxParquetRow)
		}
		if one[0], err = s.scan(row, one[0][:0]); err != nil {
			return n, fmt.Errorf("row %d is no record of schema version %s: %w", n+1, schema.Version, err)
		}
		if !order.holds(s.values) {
			return n, fmt.Errorf("row %d comes too late: rows are to be in order of %v", n+1, sortedBy)
		}
		if held == groupRows || held > 0 && heldBytes+len(row) > groupBytes {
			if err := w.Flush(); err != nil {
				return n, err
			}
			held, heldBytes = 0, 0
		}
		if _, err := w.WriteRows(one[:]); err != nil {
			return n, err
		}
		n, held, heldBytes = n+1, held+1, heldBytes+len(row)
	}
	return n, w.Close()
}

// parquetOptions are how files are laid out, but for how pages are packed: by what
// every reader knows.
func parquetOptions(columns *parquet.Schema) []parquet.WriterOption {
	const bitsPerValue = 10 // one look-up in a hundred is in vain
	sorting := make([]parquet.SortingColumn, len(sortedBy))
	for i, name := range sortedBy {
		sorting[i] = parquet.NullsFirst(parquet.Ascending(name))
	}
	return []parquet.WriterOption{
		columns,
		parquet.KeyValueMetadata(schemaKey, schema.Version),
		parquet.DefaultEncoding(&parquet.Plain),
		parquet.DataPageVersion(1),
		parquet.PageBufferSize(pageBytes),
		parquet.DataPageStatistics(false), // the page index has them, once
		parquet.SortingWriterConfig(parquet.SortingColumns(sorting...)),
		parquet.BloomFilters(
			parquet.SplitBlockFilter(bitsPerValue, "article_id"),
			parquet.SplitBlockFilter(bitsPerValue, "url"),
			parquet.SplitBlockFilter(bitsPerValue, "canonical_url"),
		),
	}
}

// sorted holds rows to the order of a drop.
type sorted struct {
	columns []parquet.LeafColumn
	last    []parquet.Value
}

func newSorted(columns *parquet.Schema) *sorted {
	s := &sorted{}
	for _, name := range sortedBy {
		leaf, _ := columns.Lookup(name)
		s.columns = append(s.columns, leaf)
	}
	return s
}

// holds reports whether a row does not come before the last.
func (s *sorted) holds(values [][]parquet.Value) bool {
	before := s.last
	s.last = make([]parquet.Value, len(s.columns))
	for i, c := range s.columns {
		s.last[i] = values[c.ColumnIndex][0].Clone()
	}
	for i := range before {
		was, is := before[i], s.last[i]
		switch {
		case was.IsNull() && is.IsNull():
			continue
		case was.IsNull() || is.IsNull():
			return was.IsNull()
		}
		if order := s.columns[i].Node.Type().Compare(was, is); order != 0 {
			return order < 0
		}
	}
	return true
}
