package main

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/tidwall/gjson"
)

// levelColours are those of levels that want a look.
var levelColours = map[string]text.Color{"WARN": text.FgYellow, "ERROR": text.FgRed, "DEBUG": text.FgHiBlack}

// readable is a line of the log for people: time, level, message, and what belongs to
// it, in the order it was said.
func readable(line string, coloured bool) string { return readableBut(line, coloured, nil) }

// readableOf is readable for a line of a run; what every line of it has is left out.
func readableOf(line string, coloured bool) string {
	return readableBut(line, coloured, map[string]bool{"source": true, "run": true})
}

func readableBut(line string, coloured bool, but map[string]bool) string {
	o := gjson.Parse(line)
	var b strings.Builder
	if at, err := time.Parse(time.RFC3339Nano, o.Get("time").String()); err == nil {
		b.WriteString(at.Local().Format(time.DateTime) + "  ")
	}
	level := fmt.Sprintf("%-5s", strings.ToLower(o.Get("level").String()))
	if c, ok := levelColours[o.Get("level").String()]; ok && coloured {
		level = c.EscapeSeq() + level + text.Reset.EscapeSeq()
	}
	fmt.Fprintf(&b, "%s  %s", level, printable(o.Get("msg").String()))
	o.ForEach(func(key, value gjson.Result) bool {
		switch name := key.String(); {
		case name == "time", name == "level", name == "msg", but[name]:
		default:
			fmt.Fprintf(&b, "  %s=%s", name, printable(value.String()))
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
