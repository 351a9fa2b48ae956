package sinks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// sound reads the object that is to be want, hashes it and gives it to copy. What is
// wrong with it is said; the error is for ctx and for a copy that cannot be kept.
func (v *verifier) sound(ctx context.Context, want ManifestFile, to io.Writer) (bool, error) {
	body, err := v.o.Get(ctx, want.Key)
	switch {
	case ctx.Err() != nil:
		return false, context.Cause(ctx)
	case errors.Is(err, ErrNotFound):
		v.say(want.Key, Missing, "the manifest names it")
		return false, nil
	case err != nil:
		v.say(want.Key, Unreadable, "%s", err)
		return false, nil
	}
	defer func() { _ = body.Close() }()

	h, disk := sha256.New(), &keeper{to: to}
	n, err := io.Copy(io.MultiWriter(h, disk), io.LimitReader(body, want.Bytes+1)) // a byte more settles it
	v.report.Objects, v.report.Bytes = v.report.Objects+1, v.report.Bytes+n
	switch {
	case ctx.Err() != nil:
		return false, context.Cause(ctx)
	case disk.err != nil:
		return false, fmt.Errorf("keep a copy of %s to read it: %w; make room there, or set TMPDIR", want.Key, disk.err)
	case err != nil:
		v.say(want.Key, Unreadable, "%s", err)
	case n > want.Bytes:
		v.say(want.Key, Differs, "it is longer than the %d bytes the manifest says", want.Bytes)
	case n < want.Bytes:
		v.say(want.Key, Differs, "it ends after %d bytes, the manifest says %d", n, want.Bytes)
	case hex.EncodeToString(h.Sum(nil)) != want.SHA256:
		v.say(want.Key, Differs, "it has sha256 %x, the manifest says %s", h.Sum(nil), want.SHA256)
	default:
		return true, nil
	}
	return false, nil
}

// keeper tells an error of writing from one of reading.
type keeper struct {
	to  io.Writer
	err error
}

func (k *keeper) Write(p []byte) (n int, err error) {
	n, k.err = k.to.Write(p)
	return n, k.err
}

// local is sound, and gives a file in which what was read can be read again: a
// folder's own, or a copy. nil when it is not sound. The caller ends with done.
func (v *verifier) local(ctx context.Context, want ManifestFile) (f *os.File, done func(), err error) {
	if dir, ok := v.o.(*Dir); ok {
		if ok, err := v.sound(ctx, want, io.Discard); !ok {
			return nil, nil, err
		}
		f, err = dir.root.Open(filepath.FromSlash(want.Key))
		return f, func() { _ = f.Close() }, err
	}
	if f, err = copyIn(v.o); err != nil {
		return nil, nil, err
	}
	done = func() { _, _ = f.Close(), os.Remove(f.Name()) }
	if ok, err := v.sound(ctx, want, f); !ok {
		done()
		return nil, nil, err
	}
	return f, done, nil
}

// copyIn makes the file a copy is kept in. Its name is one the spool is swept of.
func copyIn(o Objects) (f *os.File, err error) {
	const name = "attache-verify-*.tmp"
	if b, ok := o.(*Bucket); ok && b.copies != "" {
		if f, err = os.CreateTemp(b.copies, name); err == nil {
			return f, nil
		}
	}
	return os.CreateTemp("", name)
}
