package main

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/tidwall/gjson"
)

// readable is a line of a run's log for people: time, level, message, and what
// belongs to it, in the order it was said. What every line of a run has is left out.
func readable(line string) string {
	o := gjson.Parse(line)
	var b strings.Builder
	if at, err := time.Parse(time.RFC3339Nano, o.Get("time").String()); err == nil {
		b.WriteString(at.Local().Format(time.DateTime) + "  ")
	}
	fmt.Fprintf(&b, "%-5s  %s", strings.ToLower(o.Get("level").String()), printable(o.Get("msg").String()))
	o.ForEach(func(key, value gjson.Result) bool {
		switch key.String() {
		case "time", "level", "msg", "source", "run":
		default:
			fmt.Fprintf(&b, "  %s=%s", key, printable(value.String()))
		}
		return true
	})
	return b.String()
}

// printable keeps what pages put into messages from steering the terminal.
func printable(text string) string {
	return isolate(strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return '·'
		}
		return c
	}, text))
}
