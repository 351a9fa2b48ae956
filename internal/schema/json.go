package schema

import (
	"bytes"
	"encoding/json"

	"attache/internal/article"
)

// object is a JSON object that keeps the order of its members.
type object []member

type member struct {
	key   string
	value any
}

func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, m := range o {
		b.WriteByte("{,"[min(i, 1)])
		for _, part := range []any{m.key, m.value} {
			e := json.NewEncoder(&b)
			e.SetEscapeHTML(false)
			if err := e.Encode(part); err != nil {
				return nil, err
			}
			if part == any(m.key) {
				b.WriteByte(':')
			}
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// MakeJSON is the JSON Schema of a row of a version. It demands every key and
// allows others: a reader of 1.0 takes the rows of 1.1 as well.
//
// https://json-schema.org/draft/2020-12
func MakeJSON(version string) ([]byte, error) {
	fields, err := article.Fields(version)
	if err != nil {
		return nil, err
	}
	top := append(object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"$id", "urn:attache:article:" + version},
		{"title", "Article " + version},
		{"description", "One revision of one article, as attache lands it. All keys are there; what is unknown is null."},
	}, structForm(fields)...)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err = e.Encode(top)
	return b.Bytes(), err
}

func structForm(fields []article.Field) object {
	names, properties := make([]string, len(fields)), make(object, len(fields))
	for i, f := range fields {
		form := append(object{{"description", f.Meaning}}, fieldForm(f)...)
		form = append(form, member{"examples", []json.RawMessage{json.RawMessage(f.Example)}})
		names[i], properties[i] = f.Name, member{f.Name, form}
	}
	return object{{"type", "object"}, {"required", names}, {"additionalProperties", true}, {"properties", properties}}
}

func fieldForm(f article.Field) object {
	if f.List {
		of := f
		of.List = false
		return object{{"type", "array"}, {"items", fieldForm(of)}}
	}
	form := object{{"type", map[article.Type]string{
		article.String: "string", article.Time: "string", article.Struct: "object",
		article.Int: "integer", article.Long: "integer", article.Double: "number", article.Bool: "boolean",
	}[f.Type]}}
	switch f.Type {
	case article.Struct:
		form = structForm(f.Fields)
	case article.Time:
		form = append(form, member{"format", "date-time"}, member{"pattern", "Z$"})
	case article.Int:
		form = append(form, member{"minimum", -1 << 31}, member{"maximum", 1<<31 - 1})
	}
	if f.Nullable {
		form[0].value = []any{form[0].value, "null"}
	}
	if f.Values != nil {
		var values []any
		for _, v := range f.Values {
			values = append(values, v)
		}
		if f.Nullable {
			values = append(values, nil)
		}
		form = append(form, member{"enum", values})
	}
	return form
}
