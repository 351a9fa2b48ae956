package seeds

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/cascadia"
	"github.com/goccy/go-yaml/ast"

	"attache/internal/strictyaml"
)

// Span is a length of time as people write it: Go's "90s", "1h30m", or whole days as "7d".
type Span time.Duration

// UnmarshalYAML reads a Span; a negative one is an error.
func (s *Span) UnmarshalYAML(n ast.Node) error {
	return strictyaml.Scalar(n, func(text string) (err error) {
		*s, err = ParseSpan(text)
		return err
	})
}

// ParseSpan reads "7d", "90s" and the like.
func ParseSpan(text string) (Span, error) {
	var d time.Duration
	var err error
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var n int
		n, err = strconv.Atoi(days)
		d = time.Duration(n) * 24 * time.Hour
	} else {
		d, err = time.ParseDuration(text)
	}
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is not a length of time; write 90s, 15m, 2h or 7d", text)
	}
	return Span(d), nil
}

// MarshalYAML writes the Span as it would be read.
func (s Span) MarshalYAML() (any, error) { return s.String(), nil }

func (s Span) String() string {
	const day = Span(24 * time.Hour)
	if s != 0 && s%day == 0 {
		return fmt.Sprintf("%dd", s/day)
	}
	return time.Duration(s).String()
}

// Selector is a CSS selector (Selectors Level 3, and cascadia's :contains).
type Selector struct {
	cascadia.Selector
	Text string // as written
}

// UnmarshalYAML compiles the selector.
func (s *Selector) UnmarshalYAML(n ast.Node) error {
	return strictyaml.Scalar(n, s.parse)
}

func (s *Selector) parse(text string) error {
	compiled, err := cascadia.Compile(text)
	if err != nil {
		return fmt.Errorf("%q is not a CSS selector: %w", text, err)
	}
	*s = Selector{Selector: compiled, Text: text}
	return nil
}

// Candidate is one way to get a field's value from a page:
//
//	h1.title                      the text of what the selector matches
//	meta[name=pubdate]@content    an attribute of it
//	jsonld:author.name            a value of the page's schema.org JSON-LD article
//	text:Xuất bản ngày (.+)       the first group of a pattern over the page's visible text
type Candidate struct {
	Text     string // as written; records name it
	Selector *Selector
	Attr     string
	JSONLD   string
	Pattern  *regexp.Regexp
}

// attr splits "sel@attr"; an @ inside brackets or quotes belongs to the selector.
var attr = regexp.MustCompile(`^(.+)@([a-zA-Z][\w:-]*)$`)

// UnmarshalYAML reads and compiles the candidate.
func (c *Candidate) UnmarshalYAML(n ast.Node) error {
	return strictyaml.Scalar(n, func(text string) error {
		*c = Candidate{Text: text}
		if path, ok := strings.CutPrefix(text, "jsonld:"); ok {
			c.JSONLD = path
			return nil
		}
		if pattern, ok := strings.CutPrefix(text, "text:"); ok {
			re, err := regexp.Compile(pattern)
			if err == nil && re.NumSubexp() == 0 {
				err = fmt.Errorf("%q needs a (group) around the part that counts", pattern)
			}
			c.Pattern = re
			return err
		}
		if m := attr.FindStringSubmatch(text); m != nil {
			text, c.Attr = m[1], m[2]
		}
		c.Selector = new(Selector)
		return c.Selector.parse(text)
	})
}

// Pattern is a regular expression (RE2 syntax).
type Pattern struct{ *regexp.Regexp }

// UnmarshalYAML compiles the pattern.
func (p *Pattern) UnmarshalYAML(n ast.Node) error {
	return strictyaml.Scalar(n, func(text string) (err error) {
		p.Regexp, err = regexp.Compile(text)
		return err
	})
}

// Patterns is one pattern, or a list of them.
type Patterns []Pattern

// UnmarshalYAML accepts a single value as a list of one.
func (ps *Patterns) UnmarshalYAML(n ast.Node) error {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		*ps = make(Patterns, 1)
		return (*ps)[0].UnmarshalYAML(n)
	}
	*ps = make(Patterns, len(list.Values))
	for i, v := range list.Values {
		if err := (*ps)[i].UnmarshalYAML(v); err != nil {
			return err
		}
	}
	return nil
}
