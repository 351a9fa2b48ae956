package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestVerdictsAreAligned(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	printVerdicts(&out, map[string]int{"out_of_scope": 1, "same": 1200})
	if want := "1201 articles with captures, by today's rules:\n    1200  as stored\n       1  stored, out of scope now; left so\n"; out.String() != want {
		t.Errorf("%q", out.String())
	}
	out.Reset()
	printVerdicts(&out, map[string]int{"new": 1})
	if !strings.HasPrefix(out.String(), "1 article with") {
		t.Errorf("%q", out.String())
	}
}

func TestApartShowsWhereTextsPart(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("đ", 200)
	for name, c := range map[string]struct{ a, b, was, is string }{
		"short":     {"ab", "ac", "ab", "ac"},
		"one ends":  {"ab", "abc", "ab", "abc"},
		"far in":    {long + "x", long + "y", "…" + strings.Repeat("đ", 20) + "x", "…" + strings.Repeat("đ", 20) + "y"},
		"long tail": {"x" + long, "", "x" + strings.Repeat("đ", 99) + "…", ""},
	} {
		if was, is := apart(c.a, c.b); was != c.was || is != c.is {
			t.Errorf("%s: %q, %q", name, was, is)
		}
	}
}
