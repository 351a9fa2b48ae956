package newsroom

import (
	_ "embed"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"attache/internal/strictyaml"
)

// Scenario is a list of rules, each saying which requests meet what trouble, or
// what happens to the news and when. Where several rules meet one request, all
// hold; what a later one says of the same thing goes first.
type Scenario struct {
	file  string
	rules []rule
}

// rule is one entry of a scenario.
type rule struct {
	host, path      *regexp.Regexp // nil for any
	from, to, every int            // which of the requests that match, from 1; to 0 is for ever
	after, until    time.Duration  // since the scenario began; until 0 is for ever
	set             []func(*trouble)
	deeds           []*deed
	line, column    int
	about, comes    string // in plain words: when, and what
}

// ReadScenario reads a scenario in YAML; name is the file's, for messages, which
// tell line and column. See [Example] and [Faults].
func ReadScenario(name string, data []byte) (*Scenario, error) {
	s := &Scenario{file: name}
	if err := strictyaml.Decode(name, data, s); err != nil {
		return nil, err
	}
	return s, nil
}

// UnmarshalYAML reads the list; strictyaml asks for it.
func (s *Scenario) UnmarshalYAML(n ast.Node) error {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		return misplaced(n, "a list of rules is expected here, each beginning with a hyphen")
	}
	for _, v := range list.Values {
		var r rule
		if err := r.read(v); err != nil {
			return err
		}
		s.rules = append(s.rules, r)
	}
	return nil
}

// Describe says in plain words what s plays, one line a rule.
func (s *Scenario) Describe() []string {
	var lines []string
	for _, r := range s.rules {
		lines = append(lines, r.about+": "+r.comes)
	}
	return lines
}

func (r *rule) read(n ast.Node) error {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		return misplaced(n, "a rule is expected here: names such as host, path and status, each with its value")
	}
	*r = rule{from: 1, every: 1}
	at := n.GetToken().Position
	if len(m.Values) > 0 {
		at = m.Values[0].Key.GetToken().Position
	}
	r.line, r.column = at.Line, at.Column
	for _, v := range m.Values {
		name := v.Key.GetToken().Value
		read, ok := r.reader(name)
		if !ok {
			return misplaced(v.Key, "unknown field %q; a rule has host, path, from, to, every, after, until, and faults: %s", name, strings.Join(faultNames(), ", "))
		}
		if err := strictyaml.Scalar(v.Value, read); err != nil {
			return err
		}
	}
	switch {
	case len(r.set)+len(r.deeds) == 0:
		return misplaced(n, "this rule does nothing; add a fault: %s", strings.Join(faultNames(), ", "))
	case len(r.set) > 0 && len(r.deeds) > 0:
		return misplaced(n, "a rule either spoils answers or changes the news; make two of it")
	case len(r.deeds) > 0 && (r.to != 0 || r.every != 1 || r.until != 0):
		return misplaced(n, "the news changes once: give it from or after, not to, every or until")
	case r.to != 0 && r.to < r.from || r.until != 0 && r.until <= r.after:
		return misplaced(n, "this rule ends before it begins")
	}
	r.describe(m)
	return nil
}

func misplaced(n ast.Node, format string, args ...any) error {
	return &yaml.SyntaxError{Message: fmt.Sprintf(format, args...), Token: n.GetToken()}
}

// reader gives what reads the value called name.
func (r *rule) reader(name string) (func(string) error, bool) {
	switch name {
	case "host":
		return func(text string) error { return pattern(text, &r.host) }, true
	case "path":
		return func(text string) error { return pattern(text, &r.path) }, true
	case "from":
		return func(text string) error { return count(text, &r.from) }, true
	case "to":
		return func(text string) error { return count(text, &r.to) }, true
	case "every":
		return func(text string) error { return count(text, &r.every) }, true
	case "after":
		return func(text string) error { return span(text, &r.after) }, true
	case "until":
		return func(text string) error { return span(text, &r.until) }, true
	}
	i := slices.IndexFunc(vocabulary, func(f fault) bool { return f.name == name })
	if i < 0 {
		return nil, false
	}
	return func(text string) error {
		set, deed, err := vocabulary[i].read(text)
		if set != nil {
			r.set = append(r.set, set)
		}
		if deed != nil {
			r.deeds = append(r.deeds, deed)
		}
		return err
	}, true
}

// describe puts r in plain words.
func (r *rule) describe(m *ast.MappingNode) {
	host, path, comes := "", "", []string{}
	for _, v := range m.Values {
		switch name, value := v.Key.GetToken().Value, v.Value.GetToken().Value; name {
		case "host":
			host = value
		case "path":
			path = value
		case "from", "to", "every", "after", "until":
		default:
			comes = append(comes, strings.TrimSuffix(strings.TrimSpace(name+" "+value), " true"))
		}
	}
	if host == "" && len(r.set) > 0 {
		host = "every host"
	}
	r.comes = strings.Join(comes, ", ")
	said := []string{strings.TrimSpace(host + " " + path)}
	say := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	switch {
	case r.to != 0 && r.from == 1:
		say("the first %d requests", r.to)
	case r.to != 0:
		say("requests %d to %d", r.from, r.to)
	case r.from > 1:
		say("from request %d on", r.from)
	}
	if r.every > 1 {
		say("one request in %d", r.every)
	}
	if r.after > 0 {
		say("after %v", r.after)
	}
	if r.until > 0 {
		say("until %v have passed", r.until)
	}
	r.about = strings.TrimPrefix(strings.Join(said, ", "), ", ")
	if r.about == "" {
		r.about = "at once"
	}
}

// matches tells whether r is about q.
func (r *rule) matches(q *http.Request) bool {
	return (r.host == nil || r.host.MatchString(hostname(q))) && (r.path == nil || r.path.MatchString(q.URL.Path))
}

// pattern reads a glob, whose * stands for any run of characters, or a regular
// expression, which begins with ^.
func pattern(text string, p **regexp.Regexp) (err error) {
	if !strings.HasPrefix(text, "^") {
		text = "^" + strings.ReplaceAll(regexp.QuoteMeta(text), `\*`, `.*`) + "$"
	}
	*p, err = regexp.Compile(text)
	return err
}

func count(text string, n *int) (err error) {
	if *n, err = strconv.Atoi(text); err != nil || *n < 1 {
		return fmt.Errorf("%q: write a number of requests, 1 or more", text)
	}
	return nil
}

func span(text string, d *time.Duration) (err error) {
	if *d, err = time.ParseDuration(text); err != nil || *d < 0 {
		return fmt.Errorf("%q: write a time such as 30s or 2h", text)
	}
	return nil
}

// Example is a scenario that shows what can be said.
//
//go:embed testdata/scenario.yaml
var Example string
