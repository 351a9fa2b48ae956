package strictyaml_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/ast"

	"attache/internal/strictyaml"
)

type file struct {
	Name  string   `yaml:"name"`
	Size  int      `yaml:"size"`
	Share float64  `yaml:"share"`
	On    bool     `yaml:"on"`
	List  []string `yaml:"list"`
	Even  even     `yaml:"even"`
	Box   struct {
		Inner string `yaml:"inner"`
		Rows  []row  `yaml:"rows"`
	} `yaml:"box"`
}

type row struct {
	ID string `yaml:"id"`
}

// even is a value written as one word, with a parser of its own.
type even int

func (e *even) UnmarshalYAML(n ast.Node) error {
	return strictyaml.Scalar(n, func(text string) error {
		if _, err := fmt.Sscanf(text, "%d", e); err != nil || *e%2 != 0 {
			return fmt.Errorf("%q is not even", text)
		}
		return nil
	})
}

func TestMistakesAreLocated(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"title: x", `f.yaml:1:1: unknown field "title"`},
		{"box:\n  innner: x", `f.yaml:2:3: unknown field "innner"`},
		{"box:\n  rows:\n    - id: a\n    - ID: b", `f.yaml:4:7: unknown field "ID"`},
		{"name: a\nsize: 1\nname: b", `f.yaml:3:1: mapping key "name" already defined at [1:1]`},
		{"size: many", `f.yaml:1:7: a whole number is expected here`},
		{"share: half", `f.yaml:1:8: a number is expected here`},
		{"on: yes", `f.yaml:1:5: true or false is expected here`},
		{"name:\n  - a", `f.yaml:2:3: a text is expected here`},
		{"list: a", `f.yaml:1:7: string was used where sequence is expected`},
		{"box: a", `f.yaml:1:6: string was used where mapping is expected`},
		{"even: 3", `f.yaml:1:7: "3" is not even`},
		{"even: [2]", `f.yaml:1:7: a single value is expected here`},
		{"even: {a: 2}", `f.yaml:1:7: a single value is expected here`},
		{"- name: a", `f.yaml:1:1: sequence was used where mapping is expected`},
		{"just words", `f.yaml:1:1: string was used where mapping is expected`},
		{"name: a\n\tsize: 1", `f.yaml:2:1: found character '	' that cannot start any token`},
		{"list: [a", `f.yaml:1:7: sequence end token ']' not found`},
		{"name: *a", `f.yaml:1:8: could not find alias "a"`},
		{"name: a\n---\nname: b", `f.yaml:2:1: a second document begins here; keep one in a file`},
	} {
		var f file
		err := strictyaml.Decode("f.yaml", []byte(c.text), &f)
		var located *strictyaml.Error
		if !errors.As(err, &located) || err.Error() != c.want {
			t.Errorf("%q:\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

func TestDecodeKeepsWhatTheFileLeavesOut(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]file{
		"":                        {Name: "old", Size: 7},
		"# only a comment":        {Name: "old", Size: 7},
		"---\n":                   {Name: "old", Size: 7},
		"name: new":               {Name: "new", Size: 7},
		"---\nname: new\n...\n":   {Name: "new", Size: 7},
		"size: 8 # with a remark": {Name: "old", Size: 8},
		"even: 4\nlist: []":       {Name: "old", Size: 7, Even: 4, List: []string{}},
	} {
		f := file{Name: "old", Size: 7}
		if err := strictyaml.Decode("f.yaml", []byte(text), &f); err != nil || !reflect.DeepEqual(f, want) {
			t.Errorf("%q: got %+v, %v; want %+v", text, f, err, want)
		}
	}
}

// At points at the value, or at the nearest thing above it that is written.
func TestAt(t *testing.T) {
	t.Parallel()
	const text = "name: a\nbox:\n  rows:\n    - id: one\n    - id: two\n"
	for path, want := range map[string]string{
		"$.name":             "f.yaml:1:7: wrong 5",
		"$.box.rows[1].id":   "f.yaml:5:11: wrong 5",
		"$.box.rows[1].none": "f.yaml:5:9: wrong 5", // the row
		"$.box.rows[9]":      "f.yaml:4:5: wrong 5", // the list
		"$.box.inner":        "f.yaml:3:7: wrong 5", // the box
		"$.none":             "f.yaml: wrong 5",
		"$":                  "f.yaml: wrong 5",
		"not a path":         "f.yaml: wrong 5",
	} {
		if got := strictyaml.At("f.yaml", []byte(text), path, "wrong %d", 5).Error(); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	if got := strictyaml.At("f.yaml", []byte("a: [b"), "$.a", "wrong").Error(); !strings.HasPrefix(got, "f.yaml: ") {
		t.Errorf("in a file that is no YAML: got %s", got)
	}
}
