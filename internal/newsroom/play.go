package newsroom

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"attache/internal/strictyaml"
)

// play is a scenario under way.
type play struct {
	*Scenario
	began time.Time
	seen  []int           // requests each rule matched
	done  []bool          // deeds each rule has done
	named map[string]bool // hosts the DNS has told a lie about
}

// deed changes the news.
type deed struct {
	article bool // one article of it, at the address given
	do      func(r *Room, address string) error
}

// Play begins s, in place of the scenario under way; nil ends that. What it did to
// the news stays.
func (r *Room) Play(s *Scenario) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.play = nil
	if s == nil {
		return nil
	}
	for _, rule := range s.rules {
		if rule.host != nil && !slices.ContainsFunc(r.Hosts(), rule.host.MatchString) {
			return s.errorf(rule, "no host here has this name; there are %s", strings.Join(r.Hosts(), ", "))
		}
		if slices.ContainsFunc(rule.deeds, func(d *deed) bool { return d.article }) && len(r.articles(rule)) == 0 {
			return s.errorf(rule, "host and path name no article")
		}
	}
	r.play = &play{Scenario: s, began: r.clock(), seen: make([]int, len(s.rules)), done: make([]bool, len(s.rules)), named: map[string]bool{}}
	return r.due()
}

func (s *Scenario) errorf(r rule, format string, args ...any) error {
	return &strictyaml.Error{File: s.file, Line: r.line, Column: r.column, Message: fmt.Sprintf(format, args...)}
}

// articles are the addresses a rule names.
func (r *Room) articles(rule rule) (addresses []string) {
	for _, p := range publishers {
		for _, s := range slices.Concat(r.written[p.source], r.archive[p.source]) {
			at, err := path(s.URL)
			if err == nil && (rule.host == nil || rule.host.MatchString(p.host)) && rule.path != nil && rule.path.MatchString(at) {
				addresses = append(addresses, s.URL)
			}
		}
	}
	return addresses
}

// trouble is what q meets: by the scenario, and by its own header X-Newsroom-Fault
// or query parameter newsroom. Deeds that are due are done before. A request
// that asks for nothing known is an error.
func (r *Room) trouble(q *http.Request) (*trouble, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := &trouble{}
	if p := r.play; p != nil {
		for i := range p.rules {
			if p.rules[i].matches(q) {
				p.seen[i]++
				p.apply(i, r.clock(), t)
			}
		}
		if err := r.due(); err != nil {
			return nil, err
		}
	}
	for _, text := range slices.Concat(q.Header.Values("X-Newsroom-Fault"), q.URL.Query()["newsroom"]) {
		set, deed, err := readFault(text)
		if err == nil && deed != nil {
			err = deed.do(r, "https://"+hostname(q)+q.URL.EscapedPath())
		}
		if err != nil {
			return nil, err
		}
		if set != nil {
			set(t)
		}
	}
	return t, nil
}

// apply has rule i spoil t if this is one of its requests.
func (p *play) apply(i int, now time.Time, t *trouble) {
	rule, n, passed := &p.rules[i], p.seen[i], now.Sub(p.began)
	if n < rule.from || rule.to != 0 && n > rule.to || (n-rule.from+1)%rule.every != 0 ||
		passed < rule.after || rule.until != 0 && passed >= rule.until {
		return
	}
	for _, set := range rule.set {
		set(t)
	}
}

// due does the deeds whose time or request has come.
func (r *Room) due() error {
	p := r.play
	for i, rule := range p.rules {
		waits := rule.from > 1 && p.seen[i] < rule.from || r.clock().Sub(p.began) < rule.after
		if p.done[i] || waits || len(rule.deeds) == 0 {
			continue
		}
		p.done[i] = true
		for _, deed := range rule.deeds {
			if err := r.do(deed, rule); err != nil {
				r.play = nil
				return p.errorf(rule, "%v", err)
			}
		}
	}
	return nil
}

// do does d once, or to every article of the rule that it can be done to; it
// fails when there is none.
func (r *Room) do(d *deed, rule rule) error {
	if !d.article {
		return d.do(r, "")
	}
	done, last := false, error(nil)
	for _, address := range r.articles(rule) {
		if err := d.do(r, address); err != nil {
			last = err
		} else {
			done = true
		}
	}
	if done {
		return nil
	}
	return last
}
