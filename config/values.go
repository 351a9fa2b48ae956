package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"attache/internal/strictyaml"
)

// Size is a number of bytes, written 512KiB, 8MiB, 1GiB or plain.
type Size int64

var units = []struct {
	name  string
	bytes Size
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"", 1}}

// UnmarshalYAML reads a Size.
func (s *Size) UnmarshalYAML(n ast.Node) error {
	return strictyaml.Scalar(n, func(text string) error {
		for _, u := range units {
			number, ok := strings.CutSuffix(text, u.name)
			if !ok {
				continue
			}
			v, err := strconv.ParseInt(strings.TrimSpace(number), 10, 33)
			if err != nil || v <= 0 {
				break
			}
			*s = Size(v) * u.bytes
			return nil
		}
		return fmt.Errorf("%q is no size; write 512KiB, 8MiB or 1GiB", text)
	})
}

// MarshalYAML writes the Size as it would be read.
func (s Size) MarshalYAML() (any, error) {
	for _, u := range units {
		if s >= u.bytes && s%u.bytes == 0 {
			return fmt.Sprintf("%d%s", s/u.bytes, u.name), nil
		}
	}
	return int64(s), nil
}

// Clock is a time of day, written "00:30".
type Clock struct{ Hour, Minute int }

// UnmarshalYAML reads a Clock.
func (c *Clock) UnmarshalYAML(n ast.Node) error {
	return strictyaml.Scalar(n, func(text string) error {
		t, err := time.Parse("15:04", text)
		if err != nil {
			return fmt.Errorf("%q is no time of day; write \"00:30\" in quotes", text)
		}
		*c = Clock{t.Hour(), t.Minute()}
		return nil
	})
}

// MarshalYAML writes the Clock as it would be read.
func (c Clock) MarshalYAML() (any, error) { return fmt.Sprintf("%02d:%02d", c.Hour, c.Minute), nil }

// Secret is a text that is not shown: not by config show, in messages or in logs.
type Secret string

const hidden = "(hidden)"

// String hides the text.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// GoString hides the text from %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalYAML hides the text.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }

// MarshalText hides the text from JSON and from logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
