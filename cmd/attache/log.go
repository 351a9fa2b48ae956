package main

import (
	"bytes"
	"io"
	"log/slog"
	"os"

	"attache/config"
	"attache/internal/terminal"
)

// logger is the program's log as it is configured, written to w. A person at a
// terminal gets lines to read, and everything else JSON, one object a line.
func logger(l config.Log, w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.Level)); err != nil {
		level = slog.LevelInfo
	}
	if l.Format == "text" || l.Format == "auto" && terminal.Person(os.Stderr) {
		w = humanLog{w, terminal.Coloured(os.Stderr)}
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
}

// humanLog takes lines of JSON, each by one Write as [slog.JSONHandler] promises, and
// writes them for people.
type humanLog struct {
	w        io.Writer
	coloured bool
}

// Write implements [io.Writer].
func (h humanLog) Write(line []byte) (int, error) {
	if _, err := io.WriteString(h.w, readable(string(bytes.TrimSpace(line)), h.coloured)+"\n"); err != nil {
		return 0, err
	}
	return len(line), nil
}
