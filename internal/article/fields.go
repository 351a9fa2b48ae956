package article

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Field declares one field of [Record]: everything that is known of its form and
// meaning outside the Go types. JSON Schema, the Parquet columns, the table
// definitions and the data dictionary are made from these declarations.
type Field struct {
	// ID is the field's id in Parquet. It never changes, and that of a field that
	// went is never given to another: readers find columns by it.
	ID       int
	Name     string // the key in JSON and the column's name
	Type     Type   // of the value, or of each element of a list
	List     bool   // a list of values; Element is its elements' id in Parquet
	Element  int
	Nullable bool     // unknown is null; a list is never null, but may be empty
	Since    string   // the schema version that brought it
	Meaning  string   // what it says, in which units, and who fills it
	Values   []string // the closed vocabulary, if there is one
	Example  string   // as JSON
	Fields   []Field  // of a [Struct]
}

// Type is the type of a value.
type Type string

// The types. A record needs no others.
const (
	String Type = "string" // UTF-8, Unicode NFC
	Int    Type = "int"    // 32 bits, signed
	Long   Type = "long"   // 64 bits, signed
	Double Type = "double" // IEEE 754, 64 bits
	Bool   Type = "boolean"
	Time   Type = "timestamp" // UTC, microseconds; in JSON as RFC 3339 with Z
	Struct Type = "struct"
)

// Fields are those of a record in the version given, in the order of its JSON. A
// version this program does not know is an error: its fields cannot be known.
func Fields(version string) ([]Field, error) {
	asked, err := parseVersion(version)
	if err != nil {
		return nil, err
	}
	newest, err := parseVersion(SchemaVersion)
	if err != nil {
		return nil, err
	}
	if asked[0] != newest[0] || slices.Compare(asked[:], newest[:]) > 0 {
		return nil, fmt.Errorf("schema version %s is not known to this attache, which knows up to %s; use a newer one", version, SchemaVersion)
	}
	return since(declared, asked)
}

// since are the fields a version already had.
func since(fields []Field, asked [3]int) (had []Field, err error) {
	for _, f := range fields {
		came, err := parseVersion(f.Since)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", f.Name, err)
		}
		if slices.Compare(came[:], asked[:]) > 0 {
			continue
		}
		if f.Fields, err = since(f.Fields, asked); err != nil {
			return nil, err
		}
		had = append(had, f)
	}
	return had, nil
}

// parseVersion reads major.minor.patch.
func parseVersion(s string) (v [3]int, err error) {
	parts := strings.Split(s, ".")
	if len(parts) != len(v) {
		return v, fmt.Errorf("schema version %q is not of the form 1.0.0", s)
	}
	for i, p := range parts {
		if v[i], err = strconv.Atoi(p); err != nil || v[i] < 0 || strconv.Itoa(v[i]) != p {
			return v, cmp.Or(err, fmt.Errorf("schema version %q is not of the form 1.0.0", s))
		}
	}
	return v, nil
}
