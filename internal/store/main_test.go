package store

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

// TestMain asks rapid for fewer rounds than its hundred: each makes a database and
// waits for the disk. For a long look, go test -rapid.checks=1000.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "25"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	os.Exit(m.Run())
}
