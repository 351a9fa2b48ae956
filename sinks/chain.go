package sinks

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// manifests reads every manifest of the drop and says what is wrong with each and
// with the links between them.
func (v *verifier) manifests(ctx context.Context, revs []int) error {
	var before *Link // of the revision before; nil: it cannot be had
	for i, rev := range revs {
		key := ManifestKey(v.report.Date, rev)
		if i == 0 && rev > 0 || i > 0 && rev > revs[i-1]+1 {
			v.say(ManifestKey(v.report.Date, rev-1), BadChain, "it is missing, though there is an r%d", rev)
			before = nil
		}
		m, link, raw, err := readRevision(ctx, v.o, v.report.Date, rev)
		if v.past != nil && link.SHA256 != "" {
			v.past.links[key] = link
		}
		if broken, ok := errors.AsType[*damaged](err); ok {
			v.say(key, BadManifest, "%s", broken.cause)
			before, v.readable = nil, false
			continue
		}
		if err != nil {
			return err
		}
		details := append(badForm[Manifest](raw), m.wrong(v.o)...)
		if v.past != nil {
			v.past.named[m.SchemaVersion] = true
			details = append(details, m.doubtful()...)
			v.past.manifests = append(v.past.manifests, sealed{link, m.SealedAt, m.Begins, m.Previous, m.Revised})
		}
		for _, detail := range details {
			v.say(key, BadManifest, "%s", detail)
		}
		if err := v.follows(ctx, m, key, before); err != nil {
			return err
		}
		if err := v.revised(ctx, m, key); err != nil {
			return err
		}
		before, v.m, v.readable, v.all = &link, m, true, append(v.all, m)
	}
	return nil
}

// follows says whether a manifest names the one before it truly: the revision it
// replaces, which is before unless that cannot be had, or the r0 of an earlier drop.
func (v *verifier) follows(ctx context.Context, m Manifest, key string, before *Link) error {
	p := m.Previous
	switch {
	case p == nil && m.Rev == 0: // the first; whether it may be, its neighbours tell
	case p == nil:
		v.say(key, BadChain, "it does not name the revision before it")
	case m.Rev > 0 && (p.DropDate != m.DropDate || p.Rev != m.Rev-1), m.Rev == 0 && (p.DropDate >= m.DropDate || p.Rev != 0):
		v.say(key, BadChain, "it says it follows %s, which cannot be", p)
	case m.Rev > 0 && before == nil: // said already
	case m.Rev > 0:
		v.compare(key, "follows", *p, *before)
	default:
		return v.linked(ctx, key, "follows", *p, func(oldest string) bool { return m.DropDate == oldest })
	}
	return nil
}

// linked says whether a manifest that another names is there and is the one it was.
// That it is not there is only noted if it may have been removed for its age, or never
// copied: then the oldest drop there is is one of those for which mayGo holds.
func (v *verifier) linked(ctx context.Context, key, how string, l Link, mayGo func(oldest string) bool) error {
	have, err := v.link(ctx, l.DropDate, l.Rev)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, ErrNotFound):
		oldest, err := v.oldest(ctx)
		switch {
		case err != nil:
			return err
		case mayGo(oldest):
			v.notes = append(v.notes, oneLine(fmt.Sprintf("%s %s %s, which is not here: what was sealed before %s was removed, or not copied", key, how, l, oldest)))
		default:
			v.say(key, BadChain, "it %s %s, which is not here", how, l)
		}
	case err != nil && !errors.Is(err, ErrDamaged):
		return err
	default:
		v.compare(key, how, l, have)
	}
	return nil
}

// link gives the link to a manifest, which may be one that was read before.
func (v *verifier) link(ctx context.Context, date string, rev int) (have Link, err error) {
	if v.past != nil {
		if have, ok := v.past.links[ManifestKey(date, rev)]; ok {
			return have, nil
		}
	}
	_, have, err = ReadRevision(ctx, v.o, date, rev)
	if v.past != nil && (err == nil || errors.Is(err, ErrDamaged)) {
		v.past.links[ManifestKey(date, rev)] = have
	}
	return have, err
}

// oldest is the date of the oldest drop there is.
func (v *verifier) oldest(ctx context.Context) (string, error) {
	if v.past != nil {
		return v.past.oldest, nil
	}
	dates, err := Sealed(ctx, v.o)
	if err != nil || len(dates) == 0 {
		return "", err
	}
	return dates[0], nil
}

func (v *verifier) compare(key, how string, want, have Link) {
	if want.SHA256 != have.SHA256 {
		v.say(key, BadChain, "it %s %s with sha256 %s; that which is here has %s: it was changed", how, want, want.SHA256, have.SHA256)
	}
}

// continues says how a drop does not go on from the one before it, of the calendar
// day before: by name, window and the work that was left over. Manifests from before
// there was a chain claim less, and less is held against them.
func (v *verifier) continues(before Manifest) {
	key := v.report.Manifest
	if first := v.all[0]; first.Rev == 0 {
		switch p := first.Previous; {
		case p == nil:
			v.say(ManifestKey(first.DropDate, 0), BadChain, "it does not name the drop before it, %s", before.DropDate)
		case p.DropDate != before.DropDate:
			v.say(ManifestKey(first.DropDate, 0), BadChain, "it follows %s, though there is a drop of %s", p, before.DropDate)
		}
	}
	if v.m.Begins { // the state of the drop before was lost, as its gaps say
		return
	}
	if !v.m.Window.From.Equal(before.Window.To) {
		v.say(key, BadChain, "its window begins at %s, that of the drop before ends at %s", v.m.Window.From.Format(time.RFC3339Nano), before.Window.To.Format(time.RFC3339Nano))
	}
	for _, id := range union(before.Sources, v.m.Sources) {
		out, in := 0, 0 // no ledger: no work
		if l := before.Sources[id].Ledger; l != nil {
			out = l.CarriedOut
		}
		if l := v.m.Sources[id].Ledger; l != nil {
			in = l.CarriedIn
		}
		if in != out {
			v.say(key, BadLedger, "source %s carries %d items in, but the drop before carried %d out", id, in, out)
		}
	}
}

// between names the days without a drop between two that have one; empty when
// they follow each other.
func between(before, date string) string {
	a, _ := time.Parse(time.DateOnly, before)
	b, _ := time.Parse(time.DateOnly, date)
	from, to := a.AddDate(0, 0, 1).Format(time.DateOnly), b.AddDate(0, 0, -1).Format(time.DateOnly)
	switch {
	case from > to:
		return ""
	case from == to:
		return from
	}
	return fmt.Sprintf("%s to %s", from, to)
}
