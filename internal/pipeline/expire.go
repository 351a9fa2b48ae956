package pipeline

import (
	"context"
	"errors"
	"fmt"

	"attache/sinks"
)

// supersede removes what the revision before this one held: its rows, rejects and
// reports. Its manifest stays.
func (p *Pipeline) supersede(ctx context.Context, m sinks.Manifest) error {
	text, err := p.Store.Manifest(ctx, m.DropDate, m.Rev-1)
	if err != nil {
		return err
	}
	before, err := sinks.ParseManifest(text)
	if err != nil {
		return err
	}
	return p.discard(ctx, before, m.Named())
}

// tidy removes what is not needed any more and what must not be kept. A bucket where
// nothing may be deleted keeps its superseded parts, and is told of.
func (p *Pipeline) tidy(ctx context.Context) error {
	err := p.expire(ctx)
	if errors.Is(err, sinks.ErrDenied) {
		p.log(ctx).Error("what is superseded stays in S3 until it may be deleted; deploy/s3 has the policy", "error", err)
		err = nil
	}
	return errors.Join(err, p.Store.Wipe(ctx), p.erase(ctx))
}

// expire removes the live parts of days that were sealed and read back long enough
// ago, and what else is to go from S3. What fails is tried again by the next seal.
func (p *Pipeline) expire(ctx context.Context) error {
	if err := p.Store.Supersede(ctx, p.Now().Add(-p.KeepLive)); err != nil {
		return err
	}
	keys, err := p.Store.Removals(ctx)
	if err != nil {
		return err
	}
	var failed error
	for n, key := range keys {
		if failed = p.Bucket.Remove(ctx, key); failed != nil {
			failed = fmt.Errorf("remove what is superseded: %w", failed)
			keys = keys[:n]
			break
		}
	}
	if len(keys) == 0 {
		return failed
	}
	if err := p.settled(); err != nil { // a power cut would bring them back, and nobody would know of them
		return errors.Join(failed, err)
	}
	for _, key := range keys {
		if err := p.Store.Removed(ctx, key); err != nil {
			return errors.Join(failed, err)
		}
	}
	return failed
}
