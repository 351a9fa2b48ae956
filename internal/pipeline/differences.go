package pipeline

import (
	"bytes"
	"encoding/json"

	"attache/internal/article"
)

// compared are the fields of a record that rules and the topic decision fill.
var compared = []string{
	"title", "lede", "body_text", "language", "authors", "section", "tags", "images", "published_at", "published_precision",
	"published_raw", "published_zone", "modified_at", "attribution", "canonical_url", "countries", "acts", "topic", "quality",
}

func differences(was, is *article.Record) ([]Difference, error) {
	before, err := fieldsOf(was)
	if err != nil {
		return nil, err
	}
	after, err := fieldsOf(is)
	if err != nil {
		return nil, err
	}
	var found []Difference
	for _, field := range compared {
		if !bytes.Equal(before[field], after[field]) {
			found = append(found, Difference{field, before[field], after[field]})
		}
	}
	return found, nil
}

func fieldsOf(r *article.Record) (fields map[string]json.RawMessage, err error) {
	text, err := r.JSON()
	if err != nil {
		return nil, err
	}
	return fields, json.Unmarshal(text, &fields)
}
