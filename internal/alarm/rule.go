// Package alarm says what is wrong with an attache that runs. Each alarm is declared
// once; Prometheus's rules, the page in docs and what the webhook sends are made of
// the same declaration, and are judged on the same metrics.
package alarm

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Severity is who has to do something, and when. The vocabulary is closed.
type Severity string

// The severities.
const (
	Critical Severity = "critical" // news or drops are being lost, or a promise is broken: now
	Warning  Severity = "warning"  // they will be, or some are: this day
)

// Rule declares an alarm.
type Rule struct {
	Name     string
	Severity Severity
	Metric   string
	Age      bool   // what counts is how long ago the metric's instant is, in seconds
	Op       string // >, >=, <, ==, !=
	Limit    float64
	For      time.Duration // it must hold for so long
	Only     string        // PromQL instead of the above: nothing within attache can tell it
	Says     string        // a line, with {{ $labels.… }} and {{ $value }} as Prometheus has them
	Means    string        // for docs
	Do       string        // likewise
}

// Expr is the rule's condition in PromQL.
func (r Rule) Expr() string {
	if r.Only != "" {
		return r.Only
	}
	of := r.Metric
	if r.Age {
		of = "time() - " + of
	}
	return fmt.Sprintf("%s %s %s", of, r.Op, strconv.FormatFloat(r.Limit, 'f', -1, 64))
}

// holds is the same condition for a metric's value.
func (r Rule) holds(value float64, now time.Time) (of float64, yes bool) {
	of = value
	if r.Age {
		of = float64(now.UnixMicro())/1e6 - value
	}
	switch r.Op {
	case ">":
		return of, of > r.Limit
	case ">=":
		return of, of >= r.Limit
	case "<":
		return of, of < r.Limit
	case "==":
		return of, of == r.Limit
	case "!=":
		return of, of != r.Limit
	}
	return of, false
}

// page is where each alarm has its section.
const page = "docs/ALARMS.md"

// Anchor is the alarm's section.
func (r Rule) Anchor() string { return page + "#" + strings.ToLower(r.Name) }

// Named gives the rule of that name.
func Named(name string) (Rule, bool) {
	for _, r := range Rules {
		if r.Name == name {
			return r, true
		}
	}
	return Rule{}, false
}

// CheckMute reports what is wrong with an entry of alarms.mute: the name of an alarm,
// or of one and a source, as AttacheSourceSilent/qk7.
func CheckMute(entry string) error {
	name, source, one := strings.Cut(entry, "/")
	if _, ok := Named(name); !ok {
		return fmt.Errorf("%q is no alarm; docs/ALARMS.md lists them, and a mute is written as AttacheSourceSilent or AttacheSourceSilent/qk7", name)
	}
	if one && source == "" {
		return fmt.Errorf("%q names no source after the /; leave the / out to mute the alarm for all", entry)
	}
	return nil
}
