package pipeline

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"attache/crawlers"
	"attache/internal/article"
	"attache/internal/store"
)

// Report is how a run went, as it is kept with the run and shown to people.
type Report struct {
	Source   string                  `json:"source"`
	Run      string                  `json:"run"`
	Listed   int                     `json:"listed"`   // articles the publisher lists within the horizon, each once
	Opened   int                     `json:"opened"`   // of those, never seen before
	Screened int                     `json:"screened"` // of those, out of scope by their title, and not visited
	Todo     int                     `json:"todo"`     // open when reading began, an earlier run's included
	Fetched  int                     `json:"fetched"`  // pages that came whole
	Revisits int                     `json:"revisits"` // articles opened to be looked at again
	Held     int                     `json:"held"`     // withdrawals put off because too much is gone at once
	Outcomes map[article.Outcome]int `json:"outcomes"`
	Coverage Coverage                `json:"coverage"`
	Steps    []Step                  `json:"steps"`
	Traffic  Traffic                 `json:"traffic"`
	Robots   map[string]string       `json:"robots"`          // sha256 of the robots.txt obeyed, by origin; none for an origin without one
	Gap      *Gap                    `json:"gap,omitempty"`   // what the lists no longer showed
	Note     string                  `json:"note,omitempty"`  // why visits stopped early
	Error    string                  `json:"error,omitempty"` // what stopped the run
	Done     bool                    `json:"done"`
}

// Gap is a stretch of time of which the lists no longer show what they listed.
type Gap struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Coverage counts how the source's rules did on the pages of a run.
type Coverage struct {
	Pages       int            `json:"pages"`       // that were read
	Fields      map[string]int `json:"fields"`      // on so many of them a rule of the source answered
	Fallback    int            `json:"fallback"`    // the body is the fallback reader's
	Quarantined int            `json:"quarantined"` // a contract broke
}

// Step is how one step of discovery went.
type Step struct {
	Kind      string `json:"kind"`
	Address   string `json:"address"`
	Listed    int    `json:"listed"`
	Unchanged bool   `json:"unchanged,omitempty"` // the publisher says it is as at the last look
	Error     string `json:"error,omitempty"`
}

func newReport(source, run string) Report {
	return Report{Source: source, Run: run, Outcomes: map[article.Outcome]int{}, Steps: []Step{}, Coverage: Coverage{Fields: map[string]int{}}}
}

func (r *Report) step(s crawlers.Step) {
	step := Step{Kind: s.Kind, Address: s.Address, Listed: s.Listed, Unchanged: s.Unchanged}
	if s.Err != nil {
		step.Error = s.Err.Error()
	}
	r.Steps = append(r.Steps, step)
}

func (r *Report) opened(o store.Opened) {
	r.Opened += o.All
	r.Screened += o.Screened
	if o.Screened > 0 {
		r.Outcomes[article.OutOfScope] += o.Screened
	}
}

func (r *Report) finish(err error) {
	r.Done = true
	if err != nil {
		r.Error = err.Error()
	}
}

// sawAll says whether every step of discovery answered.
func (r *Report) sawAll() bool {
	return !slices.ContainsFunc(r.Steps, func(s Step) bool { return s.Error != "" })
}

// Ended is how many addresses got their outcome in this run.
func (r Report) Ended() int {
	n := 0
	for _, count := range r.Outcomes {
		n += count
	}
	return n
}

func (r Report) copy() Report {
	r.Outcomes = maps.Clone(r.Outcomes)
	r.Steps = slices.Clone(r.Steps)
	r.Coverage.Fields = maps.Clone(r.Coverage.Fields)
	return r
}

func (r Report) json() []byte {
	b, err := json.Marshal(r)
	if err != nil {
		return []byte("{}") // numbers and strings: cannot fail
	}
	return b
}
