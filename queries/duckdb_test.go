package queries_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what the queries answer to testdata/answers.txt; look at it")

// TestDuckDB holds every query to its answers over the drops of [sealed]: testdata/answers.txt
// has them after "$" and the arguments of run.mjs.
func TestDuckDB(t *testing.T) {
	t.Parallel()
	const file = "testdata/answers.txt"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("duckdb/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f != "duckdb/articles.sql" && f != "duckdb/base.sql" && !strings.Contains(string(text), "$ "+f) {
			t.Errorf("%s has no answer in %s", f, file)
		}
	}
	dir := sealed(t)
	var all strings.Builder
	for asked := range strings.SplitSeq(strings.TrimPrefix(string(text), "$ "), "\n$ ") {
		question, want, _ := strings.Cut(asked, "\n")
		got := string(node(t, nil, append([]string{"run.mjs", dir}, words(question)...)...))
		if strings.TrimSpace(got) != strings.TrimSpace(want) && !*update {
			t.Errorf("%s answers\n%s, want\n%s", question, got, want)
		}
		all.WriteString("$ " + question + "\n" + got + "\n")
	}
	if *update {
		if err := os.WriteFile(file, []byte(all.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestVariables: a slip in a name must not give the answer to another question.
func TestVariables(t *testing.T) {
	t.Parallel()
	if err := install(); err != nil {
		t.Fatal(err)
	}
	for slip, says := range map[string]string{
		"contry=LA":      "contry: the query does not ask for it, but for acts, country, since, until, zone",
		"source=vtcnews": "source: the query does not ask for it",
		"drops=x":        "drops: the query does not ask for it",
		"LA":             "LA: write name=value",
	} {
		out, err := exec.CommandContext(t.Context(), "node", "run.mjs", t.TempDir(), "duckdb/partners.sql", slip).CombinedOutput()
		if err == nil || !strings.HasPrefix(string(out), says) {
			t.Errorf("%s: %v, %s", slip, err, out)
		}
	}
}

// TestWhatWasNotExecutedSaysSo: whoever starts from such a query must know.
func TestWhatWasNotExecutedSaysSo(t *testing.T) {
	t.Parallel()
	files := 0
	for _, pattern := range []string{"athena/*.sql", "spark/*.py", "pandas/*.py"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if head := string(text[:min(len(text), 500)]); !strings.Contains(head, "Not executed") {
				t.Errorf("%s begins with\n%s\nand does not say that it was not executed", f, head)
			}
			files++
		}
	}
	if files < 9 {
		t.Errorf("%d files", files)
	}
}

// words splits as a shell does, with double quotes only.
func words(line string) []string {
	split := regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(line, -1)
	for i, w := range split {
		split[i] = strings.Trim(w, `"`)
	}
	return split
}
