package schema

import (
	"fmt"
	"strings"

	"attache/internal/article"
)

const dictionaryHead = `<!-- %s -->
# Data dictionary

Schema version %s. One row is one revision of one article; [SCHEMA.md](SCHEMA.md) says how the schema may change. Parquet and JSONL
hold the same rows. Every field is always there: what is unknown is null, a list is never null but may be empty. Times are UTC
with microseconds; text is Unicode NFC in UTF-8. Beside these columns, the folders give two more: ` + "`drop_date`" + ` and ` + "`rev`" + `.

| field | type | null | meaning | example |
| --- | --- | --- | --- | --- |
`

const dictionaryTail = `
A field with a dot is part of a struct, one with ` + "`[]`" + ` part of each element of a list. Texts are cut short here where it says "…".

## Types

| here | JSON | Parquet | DuckDB | Athena, Glue |
| --- | --- | --- | --- | --- |
| string | string | BYTE_ARRAY, STRING | VARCHAR | string |
| int | number | INT32 | INTEGER | int |
| long | number | INT64 | BIGINT | bigint |
| double | number | DOUBLE | DOUBLE | double |
| boolean | true, false | BOOLEAN | BOOLEAN | boolean |
| timestamp | string, RFC 3339 in Z | INT64, TIMESTAMP(MICROS, UTC) | TIMESTAMPTZ | timestamp |
| list of … | array | LIST | …[] | array<…> |
| struct | object | group | STRUCT | struct<…> |

## Parquet field ids

They never change, and none is used again. An element of a list has its own.

| field | id | element | since |
| --- | --- | --- | --- |
`

// dictionary is the page that tells analysts what each field means.
func dictionary(fields []article.Field) []byte {
	var meanings, ids strings.Builder
	each(fields, "", func(path string, f article.Field) {
		meaning := f.Meaning
		if f.Values != nil {
			meaning += " One of " + strings.Join(f.Values, ", ") + "."
		}
		null := ""
		if f.Nullable {
			null = "null"
		}
		fmt.Fprintf(&meanings, "| `%s` | %s | %s | %s | `%s` |\n", path, typeName(f), null, cell(meaning), cell(f.Example))
		element := ""
		if f.List {
			element = fmt.Sprint(f.Element)
		}
		fmt.Fprintf(&ids, "| `%s` | %d | %s | %s |\n", path, f.ID, element, f.Since)
	})
	note := strings.TrimSpace(generatedBy(""))
	return []byte(fmt.Sprintf(dictionaryHead, note, Version) + meanings.String() + dictionaryTail + ids.String())
}

// each visits the fields with their paths, a struct before what is in it.
func each(fields []article.Field, before string, do func(path string, f article.Field)) {
	for _, f := range fields {
		path := before + f.Name
		do(path, f)
		if f.List {
			path += "[]"
		}
		each(f.Fields, path+".", do)
	}
}

func typeName(f article.Field) string {
	if f.List {
		return "list of " + string(f.Type)
	}
	return string(f.Type)
}

// cell is text in a cell of a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
