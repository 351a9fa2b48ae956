package sinks

import (
	"context"
	"errors"
	"io/fs"
)

// irregular gives what below v1/ is neither a file nor a folder: no service has such
// objects, and what a link leads to may change.
func (d *Dir) irregular(ctx context.Context) (findings []Finding, err error) {
	say := func(key string) {
		findings = append(findings, Finding{"", key, Stray, "it is neither a file nor a folder"})
	}
	if info, err := d.root.Lstat("v1"); err == nil && !info.IsDir() {
		say("v1")
	}
	err = fs.WalkDir(d.root.FS(), "v1", func(key string, e fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.Is(err, fs.ErrNotExist): // removed meanwhile
			return nil
		case err == nil && !e.IsDir() && !e.Type().IsRegular():
			say(key)
		}
		return err
	})
	return findings, err
}
