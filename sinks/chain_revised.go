package sinks

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// revised says whether a manifest names further revisions of earlier days truly.
func (v *verifier) revised(ctx context.Context, m Manifest, key string) error {
	told := map[string]bool{}
	for _, l := range m.Revised {
		if told[l.String()] {
			v.say(key, BadChain, "it says twice that it knows %s", l)
			return nil
		}
		told[l.String()] = true
		if l.Rev < 1 || l.DropDate >= m.DropDate {
			v.say(key, BadChain, "it says it knows %s, which cannot be", l)
			continue
		}
		if err := v.linked(ctx, key, "knows", l, func(oldest string) bool { return l.DropDate < oldest }); err != nil {
			return err
		}
	}
	return nil
}

// unknown says which further revisions no later drop knows: a drop's r0 names those
// that were sealed since the one before it, and each of them the revision it
// supersedes. One that was being sealed when the next r0 was made stands in the one
// after that; where attache began anew in between, in a data folder that does not know
// them, nothing can be told.
func (p *past) unknown() (findings []Finding, notes []string) {
	known := map[Link]bool{}
	for _, m := range p.manifests {
		for _, l := range m.revised {
			known[l] = known[l] || m.Rev == 0
		}
	}
	all := slices.Clone(p.manifests)
	slices.SortFunc(all, func(a, b sealed) int { return cmp.Compare(b.Rev, a.Rev) })
	for _, m := range all {
		if m.Rev == 0 {
			break
		}
		if known[m.Link] {
			if m.previous != nil {
				known[*m.previous] = true
			}
			continue
		}
		key := ManifestKey(m.DropDate, m.Rev)
		switch later, anew := p.after(m); {
		case later == 0:
		case anew:
			notes = append(notes, fmt.Sprintf("%s: no later manifest knows it; attache has begun anew in another data folder since", key))
		case later == 1:
			notes = append(notes, fmt.Sprintf("%s: the one drop sealed after it does not know it; the next must", key))
		default:
			findings = append(findings, Finding{m.DropDate, key, BadChain, "no later manifest knows it"})
		}
	}
	return findings, notes
}

// after counts the drops that were sealed after a further revision was, and says
// whether one after its day begins anew.
func (p *past) after(m sealed) (later int, anew bool) {
	for _, r := range p.manifests {
		if r.Rev == 0 && r.at.After(m.at) {
			later++
		}
		anew = anew || r.begins && r.DropDate > m.DropDate
	}
	return later, anew
}
