package sinks

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// Audit is what the verification of several drops found.
type Audit struct {
	OK       bool      `json:"ok"`       // nothing was found, in no drop either
	Drops    []Report  `json:"drops"`    // oldest first
	Findings []Finding `json:"findings"` // what belongs to none of the drops above
}

// All gives the findings of the drops, oldest first, and then the others.
func (a Audit) All() (all []Finding) {
	for _, r := range a.Drops {
		all = append(all, r.Findings...)
	}
	return append(all, a.Findings...)
}

// VerifyAll is Verify of the drops named, or of all when none is, and of what must
// hold across them: an article's revision is in one drop only and ascends from drop
// to drop; a drop names the one of the day before, its window begins where that one
// ends, and its sources carry in what they carried out. For all drops also: every
// day between the first and the last has one, [LatestKey] leads to the last, and
// nothing lies where drops lie that belongs to none of them.
//
// Only the first drop of a bucket need not name one before it. Manifests written
// before attache linked them are not held to what they do not claim, links and
// ledgers; those written later are, also where they follow such a one.
//
// each, if not nil, is given every report as soon as it is made. Memory grows by about
// 60 bytes an article. A bucket without a drop is [ErrNotFound].
func VerifyAll(ctx context.Context, o Objects, dates []string, each func(Report)) (Audit, error) {
	a := Audit{Drops: []Report{}, Findings: []Finding{}}
	all, err := take(ctx, o, "")
	if err != nil {
		return a, err
	}
	whole := len(dates) == 0
	if whole {
		dates = all.sealed()
	}
	if len(dates) == 0 {
		return a, &failure{ErrNotFound, fmt.Sprintf("no drop is sealed in %s", o)}
	}
	dates = slices.Compact(slices.Sorted(slices.Values(dates)))
	p := &past{articles: map[[16]byte]reach{}, schemas: map[string]bool{}}
	var before *verifier
	for _, date := range dates {
		p.drops = append(p.drops, date)
		v, err := verify(ctx, o, date, all, p)
		if err != nil {
			return a, err
		}
		if before != nil {
			v.after(before, whole)
		}
		a.Drops, before = append(a.Drops, v.done()), v
		if each != nil {
			each(v.done())
		}
	}
	if whole {
		if err := a.bucket(ctx, before, all); err != nil {
			return a, err
		}
	}
	a.OK = len(a.All()) == 0
	return a, nil
}

// after compares a drop with the one verified before it.
func (v *verifier) after(before *verifier, whole bool) {
	switch days := between(before.report.Date, v.report.Date); {
	case days != "" && whole && !v.m.Begins:
		v.say("", BadChain, "there is no drop of %s", days)
	case days == "" && before.readable && v.readable:
		v.continues(before.m)
	}
}

// bucket looks at what is of no single drop.
func (a *Audit) bucket(ctx context.Context, newest *verifier, all inventory) error {
	detail, err := latestDiffers(ctx, newest)
	if err != nil {
		return err
	}
	if detail != "" {
		a.Findings = append(a.Findings, Finding{"", LatestKey, BadLatest, detail})
	}
	for _, date := range slices.Sorted(maps.Keys(all)) {
		if len(all.revs(date)) > 0 {
			continue
		}
		detail := "it belongs to no drop"
		if date != "" {
			detail = "the drop has no manifest: its seal is not finished, or the manifest is gone"
		}
		for _, key := range all[date] {
			a.Findings = append(a.Findings, Finding{date, key, Stray, detail})
		}
	}
	return nil
}
