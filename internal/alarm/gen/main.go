// Command gen writes what is made from the alarms' declaration. go generate runs it in
// internal/alarm.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"attache/internal/alarm"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	files, err := alarm.Generated()
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join("..", "..", filepath.FromSlash(name)), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
