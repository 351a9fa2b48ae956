package sinks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// parts says which live parts do not hold the bytes they are named for, or are of days
// before the oldest drop. How long those of a sealed day stay is the operator's affair.
// There may be very many, so a service that has gone away is an error, and not waited for
// at each.
func (p *past) parts(ctx context.Context, o Objects, keys []string) (findings []Finding, err error) {
	lost := 0 // in a row
	for _, key := range keys {
		if partOf(key) < p.oldest {
			findings = append(findings, Finding{"", key, Stray, "there is no drop of so long ago: the part was left over"})
			continue
		}
		kind, wrong, err := partDiffers(ctx, o, key)
		if lost++; !errors.Is(err, ErrUnreachable) {
			lost = 0
		}
		switch {
		case ctx.Err() != nil:
			return findings, context.Cause(ctx)
		case lost == mostLost:
			return findings, err
		case wrong != "":
			findings = append(findings, Finding{"", key, kind, wrong})
		}
	}
	return findings, nil
}

// mostLost is how many live parts in a row may be out of reach.
const mostLost = 5

// longSince is when the rules for a bucket in deploy/s3 let live parts expire.
const longSince = 30 * 24 * time.Hour

// leftOver notes live parts of days that were sealed long before the newest drop was:
// readers of v1/live see their rows twice.
func (p *past) leftOver(keys []string) (notes []string) {
	sealedAt, newest := map[string]time.Time{}, time.Time{}
	for _, m := range p.manifests {
		if m.Rev == 0 {
			sealedAt[m.DropDate] = m.at
		}
		if m.at.After(newest) {
			newest = m.at
		}
	}
	old := slices.DeleteFunc(slices.Clone(keys), func(key string) bool {
		at, ok := sealedAt[partOf(key)]
		return !ok || newest.Sub(at) <= longSince
	})
	if len(old) > 0 {
		notes = append(notes, oneLine(fmt.Sprintf("%d live parts are of days sealed more than %d days before the newest, such as %s: attache removes them when seal.keep_live is over", len(old), longSince/(24*time.Hour), old[0])))
	}
	return notes
}

// partDiffers holds a live part to the digest in its name; err is why it is unreadable. One that was removed since it
// was listed is none any more.
func partDiffers(ctx context.Context, o Objects, key string) (kind Kind, wrong string, err error) {
	body, err := o.Get(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return "", "", nil
	}
	if err != nil {
		return Unreadable, err.Error(), err
	}
	defer func() { _ = body.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, body); err != nil {
		return Unreadable, err.Error(), err
	}
	if have, want := sha12(hex.EncodeToString(h.Sum(nil))), liveName.FindStringSubmatch(key)[2]; have != want {
		return Differs, fmt.Sprintf("its sha256 begins with %s, its name says %s", have, want), nil
	}
	return "", "", nil
}
