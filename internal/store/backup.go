package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup copies the store at path to another file, also beside the process that
// works on it: the copy is one moment of it. When Backup returns, the copy is on the
// disk and was read through and found sound. What is there already is left alone.
func Backup(ctx context.Context, path, to string) error {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("no store is here; name the folder attache works in by --data: %w", err)
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is there already; name a file that is not: %w", to, errors.Join(fs.ErrExist, err))
	}
	if _, err := os.Stat(filepath.Dir(to)); err != nil {
		return fmt.Errorf("copy of the store: %w; name a file in a folder that is there", err)
	}
	return copyTo(ctx, path, to)
}

// copyTo is Backup over whatever is there: until the copy is whole, that stays.
func copyTo(ctx context.Context, path, to string) error {
	half := to + ".tmp"
	if err := os.Remove(half); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err := vacuumInto(ctx, path, half)
	if err == nil {
		err = flush(half)
	}
	if err == nil {
		err = sound(ctx, half)
	}
	if err == nil {
		err = os.Rename(half, to)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("copy of the store: %w", err), remove(half))
	}
	return flush(filepath.Dir(to))
}

func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// vacuumInto writes one moment of the store to a file that is not there. SQLite does
// not flush it (sqlite.org/lang_vacuum.html).
func vacuumInto(ctx context.Context, path, to string) error {
	to, err := filepath.Abs(to) // no name that SQLite would take for a URI
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", to)
	return errors.Join(foreign(err), db.Close())
}

// flush makes a file or a folder's names safe against a power cut.
func flush(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// sound reads a copy through. It leaves no files beside it.
func sound(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", dsn(path, "mode", "ro", "immutable", "1"))
	if err != nil {
		return err
	}
	defer db.Close()
	verdicts, err := column(ctx, db, `PRAGMA integrity_check(1)`)
	if err == nil && (len(verdicts) != 1 || verdicts[0] != "ok") {
		err = fmt.Errorf("it is damaged: %q", verdicts)
	}
	return err
}
