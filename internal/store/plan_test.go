package store

import (
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// unhurried are the files whose queries may read whole tables: people wait for
// them, runs and writers do not. Of the others, scanned says what may be.
var unhurried = map[string]bool{"check.go": true, "stats.go": true, "migrate.go": true}

var scanned = regexp.MustCompile(`^SCAN (` +
	`drops|d|s|seals|hosts|ledger_days|b|takedowns|removals|aliases|runs USING INDEX runs_by_start|` + // a few rows: days and their seals, hosts, backfills, live parts, other addresses; the newest runs
	`sources|of|bound|near|json_each|pragma_\w+|CONSTANT ROW|\(subquery.*|(items|runs) USING COVERING INDEX .*` + // the last are min() over an index
	`|.* USING (COVERING )?INDEX (items_open|items_todo|items_gone|items_quarantined|batches_frozen|revisions_unfrozen|revisions_whole)` + // hold only what is asked for
	`)( |$)`)

// slow are queries outside the daemon's work: those of the demo and a dry run, and
// the pruning of batches, of which there are some tens of thousands in a year.
var slow = []string{
	"SELECT count(*) FROM revisions",
	"SELECT record FROM revisions WHERE json_extract(",
}

// TestNoTableIsScanned asks SQLite for its plan of every query the package holds.
func TestNoTableIsScanned(t *testing.T) {
	t.Parallel()
	s, _ := opened(t, "2026-11-20")
	asked := 0
	for query, file := range queries(t) {
		asked++
		for _, step := range plan(t, s, query) {
			if strings.HasPrefix(step, "SCAN ") && !scanned.MatchString(step) {
				t.Errorf("%s: %s\n%s", file, step, query)
			}
		}
	}
	if asked < 50 {
		t.Errorf("only %d queries were found", asked)
	}
}

// plan gives the steps by which SQLite would answer.
func plan(t *testing.T, s *Store, query string) (steps []string) {
	t.Helper()
	rows, err := s.w.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, make([]any, 12)...)
	if err != nil {
		t.Errorf("%s: %v", query, err)
		return nil
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var step string
		must(t, rows.Scan(&id, &parent, &unused, &step))
		steps = append(steps, step)
	}
	must(t, rows.Err())
	return steps
}

var statement = regexp.MustCompile(`^\s*(SELECT|INSERT|UPDATE|DELETE|WITH) `)

// queries gives every constant SQL statement of the package and its file: the
// compiler's own view, in which pieces are joined.
func queries(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("*.go")
	must(t, err)
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, 0)
		must(t, err)
		files = append(files, f)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	c := types.Config{Importer: importer.Default(), Error: func(error) {}} // what is imported does not matter here
	_, _ = c.Check("store", fset, files, info)
	found := map[string]string{}
	for _, f := range files {
		file := fset.Position(f.Pos()).Filename
		if unhurried[file] {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			v := info.Types[e].Value
			if v == nil || v.Kind() != constant.String {
				return true
			}
			text := constant.StringVal(v)
			if _, named := n.(*ast.Ident); !named && statement.MatchString(text) && !isSlow(text) && !strings.HasSuffix(text, ") ") {
				found[text] = file
			}
			return false // not its pieces
		})
	}
	return found
}

func isSlow(query string) bool {
	for _, prefix := range slow {
		if strings.HasPrefix(query, prefix) {
			return true
		}
	}
	return false
}
