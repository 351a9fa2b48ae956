package queries_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// statement is SQL in one of the dialects of testdata/parse.mjs.
type statement struct {
	Dialect string `json:"dialect"`
	SQL     string `json:"sql"`
}

// TestParse: no Athena and no Spark is at hand, but grammars of Trino, which Athena speaks, of Hive, whose DDL it
// takes, and of Spark are. What they know nothing of: tables, columns, types, functions.
func TestParse(t *testing.T) {
	t.Parallel()
	statements := append(athena(t), spark(t)...)
	broken := len(statements)
	for _, dialect := range []string{"trino", "hive", "spark"} {
		statements = append(statements, statement{dialect, "SELECT a FROM (b"})
	}
	for i, errs := range parse(t, statements) {
		if s := statements[i]; i < broken && len(errs) > 0 {
			t.Errorf("%s: %q in\n%s", s.Dialect, errs, s.SQL)
		} else if i >= broken && len(errs) == 0 {
			t.Errorf("%s: %s is well", s.Dialect, s.SQL)
		}
	}
}

// athena has every statement of athena/.
func athena(t *testing.T) (list []statement) {
	t.Helper()
	files, err := filepath.Glob("athena/*.sql")
	if err != nil || len(files) < 7 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for sql := range strings.SplitSeq(strings.TrimSuffix(string(text), ";\n"), ";\n") {
			s := statement{"trino", sql}
			if strings.Contains(sql, "CREATE EXTERNAL TABLE") {
				s.Dialect = "hive"
			}
			list = append(list, s)
		}
	}
	return list
}

// spark has the SQL that spark/attache.py gives to Spark.
func spark(t *testing.T) (list []statement) {
	t.Helper()
	out := run(t, exec.CommandContext(t.Context(), "python3", "-B", "testdata/spark.py", "spark/attache.py"))
	for line := range bytes.Lines(out) {
		s := statement{Dialect: "spark"}
		if err := json.Unmarshal(line, &s.SQL); err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	if len(list) < 30 {
		t.Fatalf("%d texts", len(list))
	}
	return list
}

func parse(t *testing.T, statements []statement) [][]string {
	t.Helper()
	if err := install(); err != nil {
		t.Fatal(err)
	}
	return answer[[]string](t, statements, "node", "testdata/parse.mjs")
}
