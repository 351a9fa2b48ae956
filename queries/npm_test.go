// Package queries_test runs the queries for DuckDB over drops, and has a Parquet
// reader that is not the writer's library read what attache demo sealed.
package queries_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// install fetches the npm packages once. It needs node and npm, and the npm registry the first time.
var install = sync.OnceValue(func() error {
	for _, name := range []string{"@duckdb/node-api", "dt-sql-parser", "@aws-sdk/client-s3", "hyparquet", "hyparquet-compressors"} {
		if _, err := os.Stat("node_modules/" + name); errors.Is(err, fs.ErrNotExist) {
			// Not npm ci, which wants the lock to name DuckDB for every platform there is.
			out, err := exec.Command("npm", "install", "--no-save").CombinedOutput()
			if err != nil {
				return fmt.Errorf("npm install: %w (scripts/test installs what is missing)\n%s", err, out)
			}
			return nil
		}
	}
	return nil
})

// node runs a script and gives what it prints.
func node(t *testing.T, env []string, args ...string) []byte {
	t.Helper()
	if err := install(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", args...)
	cmd.Env = append(os.Environ(), env...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, said.Bytes())
	}
	return out
}
