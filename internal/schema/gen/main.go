// Command gen writes what is made from the record's declaration. go generate runs
// it in internal/schema.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"attache/internal/schema"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	files, err := schema.Generated()
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := write(filepath.Join("..", "..", filepath.FromSlash(name)), text); err != nil {
			return err
		}
	}
	return release()
}

// release keeps the JSON Schema of a new version. That of one that is kept stays as it is.
func release() error {
	path := filepath.FromSlash(schema.ReleasedName(schema.Version))
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err := schema.MakeJSON(schema.Version)
	if err != nil {
		return err
	}
	return write(path, text)
}

func write(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}
