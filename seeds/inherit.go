package seeds

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// inherit fills rules that are like another source's from the newest rules of
// that source: editions on one CMS share selectors and differ in words. One level
// is enough; a chain is a mistake.
func inherit(sources []*Source) (problems []error) {
	for _, s := range sources {
		for i := range s.Rules {
			r := &s.Rules[i]
			if r.Like == "" {
				continue
			}
			at := slices.IndexFunc(sources, func(other *Source) bool { return other.ID == r.Like })
			if at < 0 || sources[at].Rules[0].Like != "" {
				problems = append(problems, fmt.Errorf("%s.yaml: rules[%d].like: %q is no source with rules of its own", s.ID, i, r.Like))
				continue
			}
			r.fill(&sources[at].Rules[0])
			s.Version = digest([]byte(s.Version + sources[at].Version))
		}
	}
	return problems
}

// fill takes over every field that is left out here.
func (r *Rules) fill(from *Rules) {
	for _, f := range []struct{ to, from *[]Candidate }{
		{&r.Title, &from.Title},
		{&r.Lede, &from.Lede},
		{&r.Body, &from.Body},
		{&r.Published, &from.Published},
		{&r.Modified, &from.Modified},
		{&r.Authors, &from.Authors},
		{&r.Section, &from.Section},
		{&r.Tags, &from.Tags},
		{&r.Attribution, &from.Attribution},
	} {
		if *f.to == nil {
			*f.to = *f.from
		}
	}
	for _, f := range []struct{ to, from *[]Selector }{{&r.Images, &from.Images}, {&r.Remove, &from.Remove}} {
		if *f.to == nil {
			*f.to = *f.from
		}
	}
	for _, f := range []struct{ to, from *[]string }{{&r.StopAt, &from.StopAt}, {&r.Never, &from.Never}} {
		if *f.to == nil {
			*f.to = *f.from
		}
	}
	if r.Strip == nil {
		r.Strip = from.Strip
	}
}

// digest is the short name of some bytes.
func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])[:12]
}
