package sinks

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"attache/internal/article"
	"attache/internal/schema"
)

// Whatever bit is flipped: an error, or the rows as they were, for most of a file is
// there for readers of other kinds. Never other rows.
func TestReadParquetNoticesDamage(t *testing.T) {
	t.Parallel()
	rows := []string{recordRow(t, 2, nil), recordRow(t, 1, full), recordRow(t, 3, full)}
	_, raw := writeParquet(t, rowsOf(rows...))
	noticed := 0
	for i := 0; i < len(raw); i += 11 { // a bit here and there: all take a minute
		raw[i] ^= 1 << (i % 8)
		got, err := readParquet(raw)
		if err == nil && !slices.Equal(got, rows) {
			t.Errorf("byte %d flipped: other rows", i)
		}
		if err != nil {
			noticed++
		}
		raw[i] ^= 1 << (i % 8)
	}
	if noticed < len(raw)/11/5 {
		t.Errorf("%d of %d flips noticed", noticed, len(raw)/11)
	}
	for _, n := range []int{0, 1, 4, 8, 11, 12, 100, len(raw) - 100, len(raw) - 8, len(raw) - 1} {
		if got, err := readParquet(raw[:n]); err == nil || len(got) > 0 {
			t.Errorf("cut to %d bytes: %d rows, %v", n, len(got), err)
		}
	}
}

// footerOf ends a file whose footer claims to have size bytes.
func footerOf(text string, size uint32) []byte {
	return append(binary.LittleEndian.AppendUint32([]byte("PAR1"+text), size), "PAR1"...)
}

func TestReadParquetRefuses(t *testing.T) {
	t.Parallel()
	foreign := func(key, version string) []byte {
		var b bytes.Buffer
		w := parquet.NewGenericWriter[struct{ Title string }](&b, parquet.KeyValueMetadata(key, version))
		if _, err := w.Write(make([]struct{ Title string }, 3)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	other := func(change func([]article.Field), options ...parquet.WriterOption) []byte {
		fields, err := article.Fields(schema.Version)
		if err != nil {
			t.Fatal(err)
		}
		fields = slices.Clone(fields)
		change(fields)
		var b bytes.Buffer
		w := parquet.NewGenericWriter[any](&b, append(options, schema.ParquetOf(fields), parquet.KeyValueMetadata(schemaKey, schema.Version))...)
		s, err := newScanner(schema.Version)
		if err != nil {
			t.Fatal(err)
		}
		row, err := s.scan([]byte(recordRow(t, 1, full)), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.WriteRows([]parquet.Row{row}); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	none := func([]article.Field) {}
	for name, c := range map[string]struct {
		raw  []byte
		says string
	}{
		"nothing":               {nil, "too short"},
		"text":                  {[]byte(strings.Repeat("plain text\n", 9)), "does not begin and end in PAR1"},
		"another beginning":     {append([]byte("X"), footerOf("\x00", 1)[1:]...), "does not begin and end in PAR1"},
		"no footer":             {footerOf("", 0), "damaged Thrift"},
		"a longer footer":       {footerOf("\x00", 99), "claims 99 bytes"},
		"the longest footer":    {footerOf("\x00", 1<<32-1), "claims 4294967295 bytes"},
		"a list of billions":    {footerOf("\x29\xfc\xff\xff\xff\xff\x07\x00", 8), "damaged Thrift"},
		"a string of billions":  {footerOf("\x58\xff\xff\xff\xff\x07\x00", 7), "damaged Thrift"},
		"deep":                  {footerOf(strings.Repeat("\x1c", 1000), 1000), "damaged Thrift"},
		"not attache's":         {foreign("x", "1.0.0"), "attache did not write it"},
		"a later version":       {foreign(schemaKey, "1.99.0"), "use a newer one"},
		"no version":            {foreign(schemaKey, "one"), "not of the form"},
		"other columns":         {foreign(schemaKey, "1.0.0"), "columns and groups"},
		"another name":          {other(func(f []article.Field) { f[7].Name = "headline" }), `column "headline" has another name than "title"`},
		"another type":          {other(func(f []article.Field) { f[7].Type = article.Time }, parquet.SkipPageBounds("title")), `another type than "title"`},
		"another null":          {other(func(f []article.Field) { f[8].Nullable, f[7].Nullable = false, true }), `another nulls than "title"`},
		"another id":            {other(func(f []article.Field) { f[7].ID = 99 }), `another id than "title"`},
		"another element's id":  {other(func(f []article.Field) { f[11].Element = 99 }), `another id than "element"`},
		"packed another way":    {other(none, parquet.Compression(&parquet.Snappy)), "article_id is not where, or not packed as"},
		"pages of another kind": {other(none, parquet.Compression(&parquet.Zstd), parquet.DataPageVersion(2)), "of a kind attache does not write"},
		"another encoding":      {other(none, parquet.Compression(&parquet.Zstd), parquet.DataPageVersion(1), parquet.DefaultEncodingFor(parquet.ByteArray, &parquet.DeltaByteArray)), "in an encoding attache does not write"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := readParquet(c.raw); err == nil || !strings.Contains(err.Error(), c.says) || len(got) > 0 {
				t.Errorf("%d rows, %v; is to say %q", len(got), err, c.says)
			}
		})
	}
}

func TestReadParquetStops(t *testing.T) {
	t.Parallel()
	_, raw := writeParquet(t, madeUp(10))
	long := 0
	for row, err := range madeUp(10) {
		if err != nil {
			t.Fatal(err)
		}
		long = max(long, len(row))
	}
	if got, err := collect(ReadParquet(bytes.NewReader(raw), int64(len(raw)), 2000)); err == nil || !strings.Contains(err.Error(), "longer than 2000 bytes") || len(got) > 0 {
		t.Errorf("%d rows, %v", len(got), err)
	}
	if got, err := collect(ReadParquet(bytes.NewReader(raw), int64(len(raw)), long)); err != nil || len(got) != 10 {
		t.Errorf("rows of just the limit: %d, %v", len(got), err)
	}
	for _, err := range ReadParquet(bytes.NewReader(raw), int64(len(raw)), long) {
		if err != nil {
			t.Error(err)
		}
		break
	}
	broken := errors.New("the disk went away")
	failing := readerAt(func(p []byte, off int64) (int, error) {
		if off < int64(len(raw)/2) {
			return 0, broken
		}
		return bytes.NewReader(raw).ReadAt(p, off)
	})
	if _, err := collect(ReadParquet(failing, int64(len(raw)), long)); !errors.Is(err, broken) {
		t.Error(err)
	}
}

type readerAt func([]byte, int64) (int, error)

func (r readerAt) ReadAt(p []byte, off int64) (int, error) { return r(p, off) }

var _ io.ReaderAt = readerAt(nil)

// No bytes make the reader panic, run on or give what is no record.
func FuzzReadParquet(f *testing.F) {
	for _, rows := range [][]string{nil, {recordRow(f, 1, nil)}, {recordRow(f, 2, nil), recordRow(f, 1, full)}} {
		_, raw := writeParquet(f, rowsOf(rows...))
		f.Add(raw)
	}
	f.Add(footerOf("\x29\xfc\xff\xff\xff\xff\x07\x00", 8))
	f.Fuzz(func(t *testing.T, raw []byte) {
		n := 0
		for row, err := range ReadParquet(bytes.NewReader(raw), int64(len(raw)), 1<<16) {
			if err != nil {
				continue
			}
			var r article.Record
			d := json.NewDecoder(bytes.NewReader(row))
			d.DisallowUnknownFields()
			if err := d.Decode(&r); err != nil || len(row) > 1<<17 {
				t.Fatalf("%.200q: %v", row, err)
			}
			if n++; n == 1000 {
				break
			}
		}
	})
}

// A row that is taken comes back as the record it is; one that is not, is no record.
func FuzzWriteParquet(f *testing.F) {
	f.Add([]byte(recordRow(f, 1, nil)))
	f.Add([]byte(recordRow(f, 1, full)))
	f.Fuzz(func(t *testing.T, row []byte) {
		var file bytes.Buffer
		_, err := writeRows(&file, rowsOf(string(row)))
		var r article.Record
		if err != nil {
			if json.Unmarshal(row, &r) != nil {
				return
			}
			if again, err := r.JSON(); err == nil && bytes.Equal(again, row) && r.Revision == int(int32(r.Revision)) {
				t.Fatalf("refused, and yet a record: %s", row)
			}
			return
		}
		got, err := collect(ReadParquet(bytes.NewReader(file.Bytes()), int64(file.Len()), maxParquetRow))
		if err != nil || len(got) != 1 {
			t.Fatalf("%d rows, %v", len(got), err)
		}
		if err := json.Unmarshal(row, &r); err != nil {
			t.Fatalf("taken, and no record: %v", err)
		}
		if want, err := r.JSON(); err != nil || got[0] != string(want) {
			t.Fatalf("%v\n got %s\nwant %s", err, got[0], want)
		}
	})
}
