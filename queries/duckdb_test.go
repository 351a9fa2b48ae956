package queries_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
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
	var questions, want []string
	for asked := range strings.SplitSeq(strings.TrimPrefix(string(text), "$ "), "\n$ ") {
		question, answer, _ := strings.Cut(asked, "\n")
		questions, want = append(questions, question), append(want, strings.TrimSpace(answer))
	}
	if err := install(); err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	answers := answer[said](t, split(questions), "node", "testdata/answers.mjs", dir)
	for i, question := range questions {
		if got := answers[i].Text; got != want[i] && !*update {
			t.Errorf("%s answers\n%s\nwant\n%s", question, got, want[i])
		}
		all.WriteString("$ " + question + "\n" + answers[i].Text + "\n\n")
	}
	if *update {
		if err := os.WriteFile(file, []byte(all.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	agree(t, dir, questions, answers)
}

// said is what answers.mjs prints: the answer as run.mjs does, and as it does with --json.
type said struct {
	Text string
	Rows []row
}

type row = map[string]any

// answer starts a command that reads questions, a line of JSON each, and prints as many answers.
func answer[A, Q any](t *testing.T, questions []Q, command string, args ...string) (answers []A) {
	t.Helper()
	var asked bytes.Buffer
	for _, question := range questions {
		if err := json.NewEncoder(&asked).Encode(question); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), command, args...)
	cmd.Stdin = &asked
	d := json.NewDecoder(bytes.NewReader(run(t, cmd)))
	for {
		var a A
		if err := d.Decode(&a); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(questions) {
		t.Fatalf("%s: %d answers to %d questions", cmd, len(answers), len(questions))
	}
	return answers
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
	files, err := filepath.Glob("athena/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(files, "spark/attache.py") {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if head := string(text[:min(len(text), 500)]); !strings.Contains(head, "not executed") {
			t.Errorf("%s begins with\n%s\nand does not say that it was not executed", f, head)
		}
	}
}

func split(questions []string) (list [][]string) {
	for _, q := range questions {
		list = append(list, words(q))
	}
	return list
}

// words splits as a shell does, with double quotes only.
func words(line string) []string {
	split := regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(line, -1)
	for i, w := range split {
		split[i] = strings.Trim(w, `"`)
	}
	return split
}
