package terminal

import (
	"io"
	"os"
	"strings"
	"sync"

	"github.com/jedib0t/go-pretty/v6/progress"
	"golang.org/x/term"
)

// Screen is where logs and progress meet: while bars are drawn, what is written comes
// above them. Safe for concurrent use; each Write is whole lines.
type Screen struct {
	out      io.Writer
	live     bool // bars can be drawn
	coloured bool
	width    int // columns; 0 when unknown

	mu   sync.Mutex
	bars progress.Writer // nil while none are drawn
}

// NewScreen is the screen of standard error: bars where a person reads it, on a
// terminal that can move its cursor.
func NewScreen(f *os.File) *Screen {
	s := &Screen{out: f, live: Person(f) && os.Getenv("TERM") != "dumb", coloured: Coloured(f)}
	if s.live {
		s.width, _, _ = term.GetSize(int(f.Fd())) // unknown is 0
	}
	return s
}

// Write implements [io.Writer].
func (s *Screen) Write(text []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bars == nil {
		return s.out.Write(text)
	}
	s.bars.Log("%s", strings.TrimSuffix(string(text), "\n"))
	return len(text), nil
}

// Through gives the way to write to f, which may be the same terminal as this
// screen's, without getting into the bars.
func (s *Screen) Through(f *os.File) io.Writer {
	if s.live && Person(f) {
		return s
	}
	return f
}
