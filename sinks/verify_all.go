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
	Notes    []string  `json:"notes"`    // what is not wrong, but could not be looked at or may be news
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
// ends, and its sources carry in what they carried out; the segments of captures that
// its rows point at are there. For all drops also: every day between the first and the
// last has one, later ones know the further revisions of each, [LatestKey] leads to the
// last, live parts hold the bytes they are named for, and nothing lies below v1/ that
// belongs to nothing. Of captures no byte is read.
//
// Only the first drop of a bucket need not name one before it. What the oldest one
// there is names may be gone for its age: that is a note, as are captures gone so.
// Notes do not change the verdict.
//
// each, if not nil, is given every report as soon as it is made. Memory grows by about
// 60 bytes an article and 200 a segment of captures. A bucket without a drop is
// [ErrNotFound].
func VerifyAll(ctx context.Context, o Objects, dates []string, each func(Report)) (Audit, error) {
	a := Audit{Drops: []Report{}, Findings: []Finding{}, Notes: []string{}}
	all, rest, err := takeAll(ctx, o)
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
	p := &past{articles: map[[16]byte]reach{}, schemas: map[string]bool{}, named: map[string]bool{}, segments: map[string]reference{}, links: map[string]Link{}}
	if there := all.sealed(); len(there) > 0 {
		p.oldest = there[0]
	}
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
		a.Drops, before, a.Notes = append(a.Drops, v.done()), v, append(a.Notes, v.notes...)
		if each != nil {
			each(v.done())
		}
	}
	a.add(p.captured(rest.captures))
	if whole {
		a.add(p.unknown())
		if err := a.bucket(ctx, before, all); err != nil {
			return a, err
		}
		a.add(p.unused(rest.schemas))
		parts, err := p.parts(ctx, o, rest.parts)
		if err != nil {
			return a, err
		}
		a.add(parts, p.leftOver(rest.parts))
	}
	a.OK = len(a.All()) == 0
	return a, nil
}

func (a *Audit) add(findings []Finding, notes []string) {
	a.Findings, a.Notes = append(a.Findings, findings...), append(a.Notes, notes...)
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
	if dir, ok := newest.o.(*Dir); ok {
		irregular, err := dir.irregular(ctx)
		if err != nil {
			return err
		}
		a.add(irregular, nil)
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
