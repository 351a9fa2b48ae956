package queries_test

import (
	"os/exec"
	"reflect"
	"strings"
	"testing"
)

// agree holds what pandas/attache.py answers to what DuckDB does, row by row and in the same order.
func agree(t *testing.T, drops string, questions []string, duckdb []said) {
	t.Helper()
	var asked []string
	var want [][]row
	for i, question := range questions {
		if strings.HasPrefix(question, "duckdb/") { // the others are SQL
			asked, want = append(asked, question), append(want, duckdb[i].Rows)
		}
	}
	for i, got := range answer[[]row](t, split(asked), python(t), "-B", "testdata/ask.py", drops) {
		for n := range max(len(got), len(want[i])) {
			switch {
			case n >= len(got):
				t.Errorf("pandas on %s lacks %v", asked[i], want[i][n])
			case n >= len(want[i]):
				t.Errorf("pandas on %s adds %v", asked[i], got[n])
			case !reflect.DeepEqual(got[n], want[i][n]):
				t.Errorf("pandas on %s answers\n%v, DuckDB\n%v", asked[i], got[n], want[i][n])
			}
		}
	}
}

// python is the one that has pandas and fsspec: Debian's, where another stands before it.
func python(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), name, "-c", "import pandas, fsspec").Run() == nil {
			return name
		}
	}
	t.Fatal("no python3 has pandas and fsspec (scripts/test installs what is missing)")
	return ""
}
