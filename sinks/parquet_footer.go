package sinks

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"reflect"
	"sync"

	"github.com/parquet-go/parquet-go"

	"attache/internal/schema"
)

// maxFooter bounds what describes the columns of all row groups, bytes. That of
// 300,000 articles has under one million.
const maxFooter = 16 << 20

const parquetMagic = "PAR1"

// parquetFooter is the description at the end of a file.
//
// https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
func parquetFooter(f io.ReaderAt, size int64) (thrift, error) {
	var head [4]byte
	var tail [8]byte
	if size < int64(len(parquetMagic)+len(tail)) {
		return nil, errors.New("no Parquet file: too short")
	}
	if _, err := f.ReadAt(tail[:], size-8); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if _, err := f.ReadAt(head[:], 0); err != nil {
		return nil, err
	}
	length := int64(binary.LittleEndian.Uint32(tail[:4]))
	if string(head[:]) != parquetMagic || string(tail[4:]) != parquetMagic {
		return nil, fmt.Errorf("no Parquet file: it does not begin and end in %s", parquetMagic)
	}
	if length > min(maxFooter, size-8) {
		return nil, fmt.Errorf("its footer claims %d bytes", length)
	}
	text := make([]byte, length)
	if _, err := f.ReadAt(text, size-8-length); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	footer, _, err := decodeThrift(text)
	return footer, err
}

// footerVersion is the schema version of the rows, once the columns are seen to be those
// of that version.
func footerVersion(footer thrift) (string, error) {
	version := ""
	for _, entry := range footer.list(5) {
		if kv, _ := entry.(thrift); string(kv.bytes(1)) == schemaKey {
			version = string(kv.bytes(2))
		}
	}
	if version == "" {
		return "", fmt.Errorf("its metadata has no %s: attache did not write it", schemaKey)
	}
	declared, err := declaredColumns(version)
	if err != nil {
		return "", err
	}
	if err := sameColumns(footer.list(2), declared); err != nil {
		return "", fmt.Errorf("not the columns of schema version %s: %w", version, err)
	}
	return version, nil
}

// known keeps the answers of declaredColumns, by version.
var known sync.Map

// declaredColumns are the schema elements that a file of a version has: those of one
// without rows.
func declaredColumns(version string) ([]any, error) {
	if elements, ok := known.Load(version); ok {
		return elements.([]any), nil //nolint:forcetypeassert // just these
	}
	columns, err := schema.Parquet(version)
	if err != nil {
		return nil, err
	}
	var empty bytes.Buffer
	if err := parquet.NewGenericWriter[any](&empty, columns).Close(); err != nil {
		return nil, err
	}
	footer, err := parquetFooter(bytes.NewReader(empty.Bytes()), int64(empty.Len()))
	known.Store(version, footer.list(2))
	return footer.list(2), err
}

// sameColumns compares schema elements, groups before what is in them: the physical
// type (1), the repetition (3), the name (4), the number of children (5), the field
// id (9) and the logical type (10).
func sameColumns(got, want []any) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d columns and groups, not %d", len(got), len(want))
	}
	for i := range want {
		g, _ := got[i].(thrift)
		w, _ := want[i].(thrift)
		for _, part := range []struct {
			id   int16
			what string
		}{{4, "name"}, {1, "type"}, {10, "type"}, {3, "nulls"}, {5, "number of parts"}, {9, "id"}} {
			if !reflect.DeepEqual(g[part.id], w[part.id]) {
				return fmt.Errorf("column %q has another %s than %q, which is declared there", g.bytes(4), part.what, w.bytes(4))
			}
		}
	}
	return nil
}
