package sinks

import (
	"encoding/json"

	"attache/internal/article"
)

// column is a declared field and where its values are in Parquet: its leaves, and
// the levels that tell null, empty and repeated apart.
//
// https://github.com/apache/parquet-format#nested-encoding
type column struct {
	article.Field
	key         []byte // as it stands in a row's JSON: "name":
	first, last int    // its leaves, last exclusive
	rep         int    // repetition level of a list's further elements
	def         int    // definition level from which a value, or an element, is there
	fields      []*column
}

// columnsOf lays out the fields of a version. leaves is how many there are.
func columnsOf(version string) (columns []*column, leaves int, err error) {
	fields, err := article.Fields(version)
	if err != nil {
		return nil, 0, err
	}
	columns = lay(fields, 0, 0, &leaves)
	return columns, leaves, nil
}

func lay(fields []article.Field, rep, def int, leaves *int) (columns []*column) {
	for _, f := range fields {
		name, _ := json.Marshal(f.Name) // a string: cannot fail
		c := &column{Field: f, key: append(name, ':'), first: *leaves, rep: rep, def: def}
		if f.Nullable {
			c.def++
		}
		if f.List {
			c.rep++
			c.def++
		}
		if f.Type == article.Struct {
			c.fields = lay(f.Fields, c.rep, c.def, leaves)
		} else {
			*leaves++
		}
		c.last = *leaves
		columns = append(columns, c)
	}
	return columns
}
