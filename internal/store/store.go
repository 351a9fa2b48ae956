// Package store keeps what must survive a crash: which addresses were opened and
// how each ended, the revisions of articles, what is frozen for landing, and
// which day is open. It is SQLite in one file, written by one process.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"modernc.org/sqlite" // also the driver: SQLite without cgo, so that one static binary is enough
)

// Store is safe for concurrent use. Writes go through one connection and take the
// write lock at once (two deferred writers would collide); reads have a pool of
// their own and never wait.
type Store struct {
	w, r     *sql.DB
	path     string
	lock     *flock.Flock
	now      func() time.Time
	migrated Migration
}

// ErrLocked is returned by Open when another attache works on the same file.
var ErrLocked = errors.New("another attache is working on this data folder; stop it first, and start it again afterwards: it goes on where it was")

// Open opens the store, creating the file and its folder. An older one is brought up
// to date, of which [Store.Migrated] tells. Now is the clock; nil for the real one.
func Open(ctx context.Context, path string, now func() time.Time) (*Store, error) {
	if now == nil {
		now = time.Now
	}
	const elsewhere = "; name a folder that attache may write to by --data"
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("data folder: %w%s", err, elsewhere)
	}
	s := &Store{path: path, lock: flock.New(path + ".lock"), now: now}
	if ok, err := s.lock.TryLock(); err != nil {
		return nil, fmt.Errorf("data folder: %w%s", err, elsewhere)
	} else if !ok {
		return nil, ErrLocked
	}
	if err := s.open(ctx, path); err != nil {
		return nil, errors.Join(fmt.Errorf("store %s: %w", path, foreign(err)), s.Close())
	}
	return s, nil
}

// foreign says of a file that is no store of ours, or that this user may only read,
// what can be done.
func foreign(err error) error {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	switch e.Code() & 0xff {
	case notADB:
		return fmt.Errorf("%w: this file is not a store; put a copy back that attache store backup made, or name another folder by --data", err)
	case readOnly:
		return fmt.Errorf("%w: this user may not write there, and reading needs that too; run as the user that runs attache, or copy the folder and name the copy by --data", err)
	}
	return err
}

// Of sqlite.org/rescode.html: SQLITE_READONLY and SQLITE_NOTADB.
const (
	readOnly = 8
	notADB   = 26
)

// View opens the store for reading only, also beside the process that works on
// it. It is [fs.ErrNotExist] when there is none yet, and ErrNewer or ErrOlder when
// another version wrote it.
func View(path string) (*Store, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("no store is here; name the folder attache works in by --data: %w", err)
	}
	r, err := sql.Open("sqlite", dsn(path, "_pragma", "query_only(1)"))
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", path, err)
	}
	s := &Store{path: path, r: r, now: time.Now}
	if err := s.current(); err != nil {
		return nil, errors.Join(fmt.Errorf("store %s: %w", path, foreign(err)), s.Close())
	}
	return s, nil
}

// Held reports whether a process works on the store at path.
func Held(path string) (bool, error) {
	lock := path + ".lock"
	if _, err := os.Stat(lock); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	probe := flock.New(lock, flock.SetFlag(os.O_RDONLY))
	free, err := probe.TryRLock() // shared, and for a moment only
	return !free && err == nil, errors.Join(err, probe.Close())
}

func (s *Store) open(ctx context.Context, path string) (err error) {
	// synchronous(FULL): a commit that was reported has reached the disk.
	if s.w, err = sql.Open("sqlite", dsn(path, "_txlock", "immediate", "_pragma", "synchronous(FULL)")); err != nil {
		return err
	}
	s.w.SetMaxOpenConns(1)
	if err := s.migrate(ctx); err != nil {
		return err
	}
	s.r, err = sql.Open("sqlite", dsn(path, "_pragma", "query_only(1)"))
	return err
}

func dsn(path string, more ...string) string {
	q := url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "foreign_keys(1)"}}
	for i := 0; i < len(more); i += 2 {
		q.Add(more[i], more[i+1])
	}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
}

// Close lets the file go.
func (s *Store) Close() error {
	var err error
	for _, db := range []*sql.DB{s.r, s.w} {
		if db != nil {
			err = errors.Join(err, db.Close())
		}
	}
	if s.lock != nil {
		err = errors.Join(err, s.lock.Unlock())
	}
	return err
}

// Fork copies the store as it is now to another file, for a trial that must leave
// no trace. The copy is opened by the caller.
func (s *Store) Fork(ctx context.Context, path string) error { return vacuumInto(ctx, s.path, path) }

// write runs f in one transaction: all of it happens, or none.
func (s *Store) write(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := s.w.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit; a panic in f must not keep the only connection
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func micros(t time.Time) int64 { return t.UnixMicro() }

func fromMicros(n int64) time.Time { return time.UnixMicro(n).UTC() }
