// Package terminal is how attache speaks to the person at a terminal: colours where
// they are wanted, and progress that does not get mixed up with what is logged
// meanwhile.
package terminal

import (
	"os"

	"github.com/mattn/go-isatty"
)

// Person holds when somebody reads f at a terminal.
func Person(f *os.File) bool { return isatty.IsTerminal(f.Fd()) }

// Coloured holds when f may get colours: a terminal that knows them, unless NO_COLOR
// is set (no-color.org); with CLICOLOR_FORCE, also a file or a pipe.
func Coloured(f *os.File) bool {
	if os.Getenv("NO_COLOR") != "" {
		return false
	}
	return os.Getenv("CLICOLOR_FORCE") != "" || Person(f) && os.Getenv("TERM") != "dumb"
}
