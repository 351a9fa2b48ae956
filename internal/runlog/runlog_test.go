package runlog

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
)

// shelf is where lines are kept.
type shelf struct {
	lines []string
	times int
	fail  error
}

func (s *shelf) keep(_ context.Context, from int, lines []string) error {
	if s.fail != nil {
		return s.fail
	}
	if from != len(s.lines) {
		return errors.New("a line is lost")
	}
	s.lines = append(s.lines, lines...)
	s.times++
	return nil
}

func quiet() slog.Handler {
	return slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError})
}

func TestWhatIsKept(t *testing.T) {
	t.Parallel()
	var s shelf
	l := New(quiet(), s.keep)
	log := slog.New(l).With("run", "R1")
	log.Debug("too small to keep")
	log.Info("listed", "new", 3)
	if len(s.lines) != 0 {
		t.Error("one line was written by itself")
	}
	log.WithGroup("host").Warn("slow", "name", "a.example")
	if len(s.lines) != 2 {
		t.Errorf("a warning waits: %q", s.lines)
	}
	log.Info("done")
	if err := l.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{`"msg":"listed","run":"R1","new":3}`, `"msg":"slow","run":"R1","host":{"name":"a.example"}}`, `"msg":"done","run":"R1"}`} {
		if i >= len(s.lines) || !strings.HasSuffix(s.lines[i], want) {
			t.Errorf("line %d is not %s: %q", i, want, s.lines)
		}
	}
}

func TestALogIsBounded(t *testing.T) {
	t.Parallel()
	var s shelf
	l := New(quiet(), s.keep)
	log := slog.New(l)
	log.Info(strings.Repeat("x", MaxLine))
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range MaxLines {
				log.Info("again")
			}
		})
	}
	all.Wait()
	if err := l.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(s.lines) != MaxLines+1 || !strings.Contains(s.lines[MaxLines], "6001 more lines were not kept") {
		t.Errorf("%d lines are kept, the last %q", len(s.lines), s.lines[len(s.lines)-1])
	}
	if s.times > MaxLines/batch+2 {
		t.Errorf("they were kept in %d pieces", s.times)
	}
}

func TestKeepingFails(t *testing.T) {
	t.Parallel()
	var next strings.Builder
	l := New(slog.NewTextHandler(&next, nil), (&shelf{fail: errors.New("the disk is full")}).keep)
	slog.New(l).Warn("first")
	slog.New(l).Warn("second")
	if err := l.Close(t.Context()); err == nil || strings.Count(next.String(), "msg=") != 2 {
		t.Errorf("%v; the next handler has %q", err, next.String())
	}
}
