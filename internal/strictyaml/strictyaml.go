// Package strictyaml reads the YAML files people write: an unknown key, a
// duplicate or a wrong value is an error that names file, line and column.
package strictyaml

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Error is a mistake in a file, at its place.
type Error struct {
	File    string
	Line    int // 1-based; 0 when the file as a whole is meant
	Column  int
	Message string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Decode reads data into dst, which keeps its values where the file is silent.
// An empty file is valid and says nothing; a second document after "---" would
// go unread and is an error. The file name is for messages only.
func Decode(file string, data []byte, dst any) (err error) {
	defer func() { // the library panics on some tags that make no sense, such as "!0 x"
		if p := recover(); p != nil {
			err = &Error{File: file, Message: fmt.Sprintf("it cannot be read as YAML (%v); look for a stray ! or tag", p)}
		}
	}()
	tree, err := parser.ParseBytes(data, 0)
	if err == nil {
		documents := slices.DeleteFunc(tree.Docs, silent)
		switch len(documents) {
		case 0:
			return nil // decoding nothing would empty dst
		case 1:
			err = yaml.NodeToValue(documents[0].Body, dst, yaml.Strict())
		default:
			at := cmp.Or(documents[1].Start, documents[1].Body.GetToken()).Position
			return &Error{File: file, Line: at.Line, Column: at.Column, Message: "a second document begins here; keep one in a file"}
		}
	}
	if err == nil {
		return nil
	}
	var located yaml.Error
	if !errors.As(err, &located) || located.GetToken() == nil {
		return &Error{File: file, Message: err.Error()}
	}
	at := located.GetToken().Position
	return &Error{File: file, Line: at.Line, Column: at.Column, Message: message(located)}
}

// silent holds for a document without a word, or of comments only.
func silent(d *ast.DocumentNode) bool {
	switch d.Body.(type) {
	case nil, *ast.NullNode, *ast.CommentGroupNode:
		return true
	}
	return false
}

// message is err in the words of the file, not of Go.
func message(err yaml.Error) string {
	var wrong *yaml.TypeError
	if !errors.As(err, &wrong) {
		return err.GetMessage()
	}
	switch wrong.DstType.Kind() {
	case reflect.Bool:
		return "true or false is expected here"
	case reflect.String:
		return "a text is expected here"
	case reflect.Float64:
		return "a number is expected here"
	case reflect.Int, reflect.Int64:
		return "a whole number is expected here"
	default:
		return err.GetMessage()
	}
}

// At makes the error for a value that decoded well but makes no sense, placed
// where path ("$.rules[0].body") stands in data, or at its nearest ancestor
// when the file leaves the value out.
func At(file string, data []byte, path, format string, args ...any) error {
	e := &Error{File: file, Message: fmt.Sprintf(format, args...)}
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		return e
	}
	for ; path != "$" && path != ""; path = parent(path) {
		p, err := yaml.PathString(path)
		if err != nil {
			return e
		}
		if node, err := p.FilterFile(tree); err == nil && node != nil && node.GetToken() != nil {
			at := node.GetToken().Position
			e.Line, e.Column = at.Line, at.Column
			return e
		}
	}
	return e
}

func parent(path string) string {
	return path[:max(strings.LastIndexAny(path, ".["), 0)]
}

// Scalar hands the text of a plain value to parse and puts the node's place on
// parse's error. It is for UnmarshalYAML methods of values written as one word.
func Scalar(node ast.Node, parse func(string) error) error {
	text, ok := node.(ast.ScalarNode)
	if !ok {
		return &yaml.SyntaxError{Message: "a single value is expected here", Token: node.GetToken()}
	}
	if err := parse(fmt.Sprint(text.GetValue())); err != nil {
		return &yaml.SyntaxError{Message: err.Error(), Token: node.GetToken()}
	}
	return nil
}
