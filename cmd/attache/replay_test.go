package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/pipeline"
)

func TestGaugeSpeaksEveryFewSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		g := &gauge{w: &out, source: "vtcnews", last: time.Now()}
		p := pipeline.ReplayProgress{Segments: 1}
		for range 20 {
			<-time.After(time.Second)
			if p.SegmentsRead == 0 {
				p.SegmentsRead = 1
			} else {
				p.Articles = 30
				p.ArticlesRead++
			}
			g.tell(p)
		}
		want := []string{"4 of 30 articles read", "9 of 30 articles read", "14 of 30 articles read", "19 of 30 articles read"}
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if len(lines) != len(want) {
			t.Fatalf("it said %q", lines)
		}
		for i, l := range lines {
			if !strings.HasSuffix(l, want[i]) || !strings.Contains(l, "vtcnews") {
				t.Errorf("line %d: %q; want %q", i, l, want[i])
			}
		}
	})
	var out bytes.Buffer
	(&gauge{w: &out}).tell(pipeline.ReplayProgress{Segments: 1, SegmentsRead: 1})
	if !strings.HasSuffix(out.String(), "1 of 1 segment looked through\n") {
		t.Errorf("before the articles: %q", out.String())
	}
}

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
