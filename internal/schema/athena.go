package schema

import (
	_ "embed"
	"fmt"
	"strings"
	"text/template"

	"attache/internal/article"
)

//go:embed athena.sql.tmpl
var athenaText string

var athenaTemplate = template.Must(template.New("athena").Parse(athenaText))

// athena is the table definitions for Athena and the Glue catalogue.
//
// https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
func athena(fields []article.Field) ([]byte, error) {
	var b strings.Builder
	b.WriteString(generatedBy("--"))
	err := athenaTemplate.Execute(&b, map[string]string{
		"Parquet": athenaColumns(fields, "timestamp"),
		"JSON":    athenaColumns(fields, "string"),
	})
	return []byte(b.String()), err
}

// athenaColumns lists the columns; at is the type of times.
func athenaColumns(fields []article.Field, at string) string {
	lines := make([]string, len(fields))
	for i, f := range fields {
		lines[i] = fmt.Sprintf("  `%s` %s COMMENT '%s'", f.Name, athenaType(f, at), athenaComment(f.Meaning))
	}
	return strings.Join(lines, ",\n")
}

func athenaType(f article.Field, at string) string {
	t := map[article.Type]string{
		article.String: "string", article.Int: "int", article.Long: "bigint", article.Double: "double", article.Bool: "boolean", article.Time: at,
	}[f.Type]
	if f.Type == article.Struct {
		var within []string
		for _, f := range f.Fields {
			name := f.Name
			if name == "by" { // a reserved word
				name = "`by`"
			}
			within = append(within, name+":"+athenaType(f, at))
		}
		t = "struct<" + strings.Join(within, ",") + ">"
	}
	if f.List {
		t = "array<" + t + ">"
	}
	return t
}

// athenaComment is the first sentence of a meaning, as Glue can hold it: 255 bytes at most.
func athenaComment(meaning string) string {
	first, _, _ := strings.Cut(meaning, ". ")
	return strings.NewReplacer("'", "’", ";", ",").Replace(strings.TrimSuffix(first, "."))
}
