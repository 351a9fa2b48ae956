package pipeline

import (
	"context"
	"errors"
	"fmt"

	"attache/sinks"
)

// landCaptures puts the segments of captures that are closed, oldest first, and
// lets each go once it is proved to be in S3. With all, those still open are
// closed first.
func (p *Pipeline) landCaptures(ctx context.Context, all bool) error {
	if p.Captures == nil || p.Bucket == nil {
		return nil
	}
	// What one source's captures are in trouble with does not hold up the others'.
	var trouble error
	if all {
		trouble = p.Captures.Rotate()
	}
	segments, err := p.Captures.Closed()
	trouble = errors.Join(trouble, err)
	for _, s := range segments {
		sum, err := digest(s.Path)
		if err != nil {
			return err
		}
		object := sinks.Object{Key: s.Key, Path: s.Path, SHA256: sum, Bytes: s.Bytes, ContentType: sinks.WARCType}
		if _, err := p.Bucket.Put(ctx, object); errors.Is(err, sinks.ErrConflict) {
			trouble = errors.Join(trouble, fmt.Errorf("%w (ours stays at %s)", err, s.Path))
			continue
		} else if err != nil {
			return errors.Join(trouble, fmt.Errorf("%w (captures wait in %s and land later)", err, s.Path))
		}
		if err := p.settled(); err != nil {
			return err
		}
		if err := p.Captures.Remove(s); err != nil {
			return err
		}
	}
	return trouble
}

// LandCaptures closes the segments of captures and puts them: the end of a program
// that will not put them later.
func (p *Pipeline) LandCaptures(ctx context.Context) error {
	landing := &p.turns().landing
	landing.Lock()
	defer landing.Unlock()
	return p.landCaptures(ctx, true)
}
