package sinks

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// countsDiffer compares what a manifest says of its rows with what they are.
func countsDiffer(m Manifest, c *count) (details []string) {
	say := func(format string, args ...any) { details = append(details, fmt.Sprintf(format, args...)) }
	for _, id := range union(c.sources, m.Sources) {
		have, want := c.sources[id], m.Sources[id]
		rules := slices.Sorted(maps.Keys(c.rules[id]))
		switch {
		case have.rows != want.Rows:
			say("source %s has %d rows, the manifest says %d", id, have.rows, want.Rows)
		case !have.covers(want.Oldest, want.Newest):
			say("the rows of source %s were published %s, the manifest says %s", id, have, span{oldest: want.Oldest, newest: want.Newest})
		case !slices.Equal(rules, want.Rules):
			say("the rows of source %s were read with the rules %q, the manifest says %q", id, rules, want.Rules)
		}
	}
	for _, change := range union(c.changes, m.Changes) {
		if have, want := c.changes[change], m.Changes[change]; have != want {
			say("%d rows are %s, the manifest says %d", have, change, want)
		}
	}
	return details
}

// union is the keys of both, sorted.
func union[A, B any](a map[string]A, b map[string]B) []string {
	keys := map[string]bool{}
	for k := range a {
		keys[k] = true
	}
	for k := range b {
		keys[k] = true
	}
	return slices.Sorted(maps.Keys(keys))
}

// covers reports whether these are its ends.
func (s span) covers(oldest, newest *time.Time) bool {
	same := func(a, b *time.Time) bool { return a == b || a != nil && b != nil && a.Equal(*b) }
	return same(s.oldest, oldest) && same(s.newest, newest)
}

func (s span) String() string {
	if s.oldest == nil || s.newest == nil {
		return "at no known time"
	}
	return fmt.Sprintf("from %s to %s", s.oldest.Format(time.RFC3339Nano), s.newest.Format(time.RFC3339Nano))
}
