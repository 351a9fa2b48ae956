package sinks

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// rowsOf gives texts as rows.
func rowsOf(texts ...string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, s := range texts {
			if !yield([]byte(s), nil) {
				return
			}
		}
	}
}

func collect(rows iter.Seq2[[]byte, error]) (all []string, err error) {
	for row, err := range rows {
		if err != nil {
			return all, err
		}
		all = append(all, string(row))
	}
	return all, nil
}

func TestJSONLThereAndBack(t *testing.T) {
	t.Parallel()
	for name, texts := range map[string][]string{
		"none": nil,
		"few":  {`{"title":"Thăm Lào"}`, `{"title":"زيارة"}`, `{}`},
		"long": {`"` + strings.Repeat("x", 300_000) + `"`, `1`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			a, err := WriteJSONL(filepath.Join(dir, "a.jsonl.gz"), rowsOf(texts...))
			if err != nil {
				t.Fatal(err)
			}
			b, err := WriteJSONL(filepath.Join(dir, "b.jsonl.gz"), rowsOf(texts...))
			if err != nil {
				t.Fatal(err)
			}
			if a.SHA256 != b.SHA256 || a.Bytes != b.Bytes || a.Rows != int64(len(texts)) {
				t.Errorf("same rows, other files: %+v, %+v", a, b)
			}
			raw, err := os.ReadFile(a.Path)
			if err != nil || digest(raw) != a.SHA256 || int64(len(raw)) != a.Bytes {
				t.Errorf("on disk are %d bytes with %s, %v; said %+v", len(raw), digest(raw), err, a)
			}
			got, err := collect(ReadJSONL(bytes.NewReader(raw), 1<<20))
			if err != nil || fmt.Sprint(got) != fmt.Sprint(texts) {
				t.Errorf("read back %d rows, %v", len(got), err)
			}
		})
	}
}

func TestWriteJSONLLeavesNothingHalf(t *testing.T) {
	t.Parallel()
	broken := errors.New("the store went away")
	for name, rows := range map[string]iter.Seq2[[]byte, error]{
		"failing": func(yield func([]byte, error) bool) { _ = yield([]byte("{}"), nil) && yield(nil, broken) },
		"torn":    rowsOf("{\n}"),
		"empty":   rowsOf("{}", ""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "f")
			if err := os.WriteFile(path, []byte("before"), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := WriteJSONL(path, rows)
			if err == nil || (name == "failing") != errors.Is(err, broken) {
				t.Error(err)
			}
			left, _ := os.ReadDir(dir)
			if got, _ := os.ReadFile(path); string(got) != "before" || len(left) != 1 {
				t.Errorf("left %q and %d files", got, len(left))
			}
		})
	}
}

func TestReadJSONLRefuses(t *testing.T) {
	t.Parallel()
	pack := func(s string) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write([]byte(s))
		_ = w.Close()
		return b.Bytes()
	}
	for name, c := range map[string]struct {
		raw  []byte
		says string
		rows int
	}{
		"no gzip":  {[]byte("{}\n"), "not a gzip file", 0},
		"nothing":  {nil, "not a gzip file", 0},
		"cut off":  {pack("{}\n{}\n")[:15], "", 0},
		"no end":   {pack("{}\n{}"), "row 2 has no end", 1},
		"too long": {pack("{}\n" + strings.Repeat("x", 200_000) + "\n"), "row 2 is longer than 100 bytes", 1},
		"a bomb":   {pack(strings.Repeat("\x00", 10<<20)), "row 1 is longer", 0},
		"by one":   {pack(strings.Repeat("x", 101) + "\n"), "longer", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := collect(ReadJSONL(bytes.NewReader(c.raw), 100))
			if err == nil || !strings.Contains(err.Error(), c.says) || len(got) != c.rows {
				t.Errorf("%d rows, %v", len(got), err)
			}
		})
	}
	if got, err := collect(ReadJSONL(bytes.NewReader(pack(strings.Repeat("x", 100)+"\n")), 100)); err != nil || len(got) != 1 {
		t.Errorf("a row of just the limit: %d rows, %v", len(got), err)
	}
}
