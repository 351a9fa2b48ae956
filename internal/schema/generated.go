package schema

import "attache/internal/article"

// Generated are the files that are made from the declaration anew whenever it
// changes, by their path in the repository.
func Generated() (map[string][]byte, error) {
	fields, err := article.Fields(Version)
	if err != nil {
		return nil, err
	}
	tables, err := athena(fields)
	return map[string][]byte{
		"docs/DICTIONARY.md":          dictionary(fields),
		"queries/athena/create.sql":   tables,
		"queries/duckdb/articles.sql": duckdb(fields),
	}, err
}

// generatedBy is the first line of such a file, as a comment.
func generatedBy(comment string) string {
	return comment + ` Generated from internal/article/declared.go by "go generate ./internal/schema". Do not edit.` + "\n"
}
