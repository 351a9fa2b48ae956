// Package schema gives the record's declaration, [article.Fields], the forms that
// readers of drops work with: JSON Schema, Parquet columns, table definitions, a
// data dictionary. docs/SCHEMA.md says how it may change.
package schema

import (
	"embed"

	"attache/internal/article"
)

// Version is the version of the rows this program writes.
const Version = article.SchemaVersion

//go:generate go run ./gen

// What is released never changes: objects of the same name lie in buckets.
//
//go:embed released
var released embed.FS

// JSON is the released JSON Schema (draft 2020-12) of Version.
func JSON() []byte {
	text, err := released.ReadFile(ReleasedName(Version))
	if err != nil {
		panic(err) // a test holds that it is there
	}
	return text
}

// ReleasedName is the file, below internal/schema, with the JSON Schema of a version.
func ReleasedName(version string) string { return "released/article-" + version + ".schema.json" }
