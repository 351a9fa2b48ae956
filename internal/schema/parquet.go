package schema

import (
	"fmt"
	"reflect"

	"github.com/parquet-go/parquet-go"

	"attache/internal/article"
)

// Parquet is the schema of Parquet files with the rows of a version: columns in the
// order of the declaration with their ids, times as TIMESTAMP(MICROS, UTC), lists
// as three-level LIST.
//
// https://github.com/apache/parquet-format/blob/master/LogicalTypes.md
func Parquet(version string) (*parquet.Schema, error) {
	fields, err := article.Fields(version)
	if err != nil {
		return nil, err
	}
	return ParquetOf(fields), nil
}

// ParquetOf is the schema with just these columns.
func ParquetOf(fields []article.Field) *parquet.Schema {
	return parquet.NewSchema("article", groupOf(fields))
}

// distinct names the texts that differ in nearly every row: a dictionary of them
// would only cost. All others repeat.
var distinct = map[string]bool{
	"article_id": true, "url": true, "canonical_url": true, "title": true, "lede": true, "body_text": true,
	"caption": true, "published_raw": true, "duplicate_of": true, "same_story": true, "body_sha256": true,
}

func nodeOf(f article.Field) parquet.Node {
	var n parquet.Node
	switch f.Type {
	case article.String:
		n = parquet.String()
		if !distinct[f.Name] {
			n = parquet.Encoded(n, &parquet.RLEDictionary)
		}
	case article.Int:
		n = parquet.Int(32)
	case article.Long:
		n = parquet.Int(64)
	case article.Double:
		n = parquet.Leaf(parquet.DoubleType)
	case article.Bool:
		n = parquet.Leaf(parquet.BooleanType)
	case article.Time:
		n = parquet.Timestamp(parquet.Microsecond)
	case article.Struct:
		n = groupOf(f.Fields)
	default:
		panic(fmt.Sprintf("field %s is declared with the type %q", f.Name, f.Type))
	}
	if f.List {
		n = parquet.List(parquet.FieldID(n, f.Element))
	}
	if f.Nullable {
		n = parquet.Optional(n)
	}
	return parquet.FieldID(n, f.ID)
}

// group is a parquet.Group whose fields keep the order of the declaration.
type group struct {
	parquet.Group
	fields []parquet.Field
}

func (g group) Fields() []parquet.Field { return g.fields }

func groupOf(fields []article.Field) parquet.Node {
	g := group{Group: parquet.Group{}}
	for _, f := range fields {
		n := nodeOf(f)
		g.Group[f.Name] = n
		g.fields = append(g.fields, field{n, f.Name})
	}
	return g
}

// field names a node. Rows are handed over as columns, so that no Go value is asked for one.
type field struct {
	parquet.Node
	name string
}

func (f field) Name() string                      { return f.name }
func (f field) Value(reflect.Value) reflect.Value { return reflect.Value{} }
