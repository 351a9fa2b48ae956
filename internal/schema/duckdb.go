package schema

import (
	_ "embed"
	"fmt"
	"strings"

	"attache/internal/article"
)

//go:embed duckdb.sql
var duckdbViews string

// duckdb is the views over drops, their columns described.
func duckdb(fields []article.Field) []byte {
	var b strings.Builder
	b.WriteString(generatedBy("--"))
	b.WriteString(duckdbViews)
	for _, view := range []string{"revisions", "articles"} {
		for _, f := range fields {
			fmt.Fprintf(&b, "COMMENT ON COLUMN %s.%s IS %s;\n", view, f.Name, quoted(f.Meaning))
		}
	}
	return []byte(b.String())
}

// quoted is text as a literal of SQL.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
